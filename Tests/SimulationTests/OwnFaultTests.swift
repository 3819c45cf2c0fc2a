import SeaThriftTesting
import Testing

@Suite("Faults of the own side")
struct OwnFaultTests {
  /// A pool of one connection that a call holds.
  private func withFullPool(
    waiters: Int, countsAsFailure: Bool = false, _ body: @escaping @Sendable (Trial) async throws -> Void
  ) async throws {
    try await withTrial(
      ["a"],
      {
        $0.policy.retry = Retry(0)
        $0.policy.perEndpoint.pool = Pool(size: 1, waiters: waiters)
        $0.policy.perEndpoint.timeouts.read = .seconds(60)
        $0.errors.fullPoolIsFailure = countsAsFailure
      },
      handle: { world, _ in
        try await world.sleep(for: .seconds(10))
      }
    ) { trial in
      try await withThrowingTaskGroup { tasks in
        tasks.addTask { _ = try? await trial.group.add(1, 1) }
        try await trial.world.sleep(for: .milliseconds(10))
        try await body(trial)
        tasks.cancelAll()
      }
    }
  }

  @Test("a full pool opens no circuit, unless it is said to be a failure", arguments: [false, true])
  func fullPool(countsAsFailure: Bool) async throws {
    try await withFullPool(waiters: 0, countsAsFailure: countsAsFailure) { trial in
      let failures = try await trial.calls(10)
      #expect(failures.count == 10)
      #expect(trial.openings(of: "a") == (countsAsFailure ? 1 : 0))
    }
  }

  @Test(
    "a pool that has no connection in time opens no circuit, unless it is said to be a failure",
    arguments: [false, true])
  func poolTimeout(countsAsFailure: Bool) async throws {
    try await withFullPool(waiters: 100, countsAsFailure: countsAsFailure) { trial in
      let failures = try await trial.calls(10)
      #expect(failures.count == 10)
      #expect(trial.openings(of: "a") == (countsAsFailure ? 1 : 0))
    }
  }

  @Test("a deadline that ends while a call waits for a connection says nothing about the endpoint")
  func deadlineInPool() async throws {
    try await withFullPool(waiters: 100) { trial in
      let failures = try await trial.calls(10) { group in
        try await withDeadline(.milliseconds(50)) { try await group.add(1, 1) }
      }
      #expect(failures == Array(repeating: .deadlineExceeded, count: 10))
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("a process without descriptors blames no endpoint, and goes on when there are some again")
  func descriptors() async throws {
    try await withTrial(["a", "b"]) { (trial) async throws -> Void in
      trial.world.host("client").setDescriptorLimit(0)
      let failures = try await trial.calls(20)
      #expect(failures.count == 20)
      #expect(trial.openings(of: "a") == 0 && trial.openings(of: "b") == 0)
      let error = await #expect(throws: RPCError.self) { try await trial.group.add(1, 1) }
      #expect(error?.attempts.map { ($0.error as? RPCError)?.code } == [.outOfResources, .outOfResources])
      trial.world.host("client").setDescriptorLimit(100)
      #expect(try await trial.calls(1) == [])
    }
  }

  @Test("an attempt that never left the process takes nothing from the retry budget")
  func budget() async throws {
    try await withTrial(
      ["a", "b"],
      {
        // One retry in all of the time.
        $0.policy.retry = Retry(1, budget: .share(0, floor: 0.1, over: .seconds(10)))
      }
    ) { (trial) async throws -> Void in
      trial.world.host("client").setDescriptorLimit(0)
      _ = try await trial.calls(20)
      #expect(trial.client.attempts == 40)
      trial.world.host("client").setDescriptorLimit(100)
      trial.world.host("a").kill()
      #expect(try await trial.calls(1) == [], "the retry is still there")
    }
  }

  @Test("callers that give up at once blame no endpoint")
  func cancelledCallers() async throws {
    try await withTrial(
      ["a"],
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(50))
      }
    ) { trial in
      for _ in 0..<20 {
        await withTaskGroup { tasks in
          tasks.addTask { _ = try? await trial.group.add(1, 1) }
          try? await trial.world.sleep(for: .milliseconds(5))
          tasks.cancelAll()
        }
      }
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test(
    "load is no outage: 128 callers of three healthy servers open no circuit",
    arguments: [Policy.default, .recommended])
  func load(policy: Policy) async throws {
    try await withTrial(
      ["a", "b", "c"], { $0.policy = policy },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(20))
      }
    ) { trial in
      let (ok, failed) = (Counter(), Counter())
      let end = trial.world.now + .seconds(1)
      await withDiscardingTaskGroup { tasks in
        for _ in 0..<128 {
          tasks.addTask {
            while trial.world.now < end {
              if (try? await trial.group.add(1, 1)) != nil {
                ok.count += 1
              } else {
                failed.count += 1
                try? await trial.world.sleep(for: .milliseconds(5))
              }
            }
          }
        }
      }
      for name in ["a", "b", "c"] { #expect(trial.openings(of: name) == 0) }
      // Thirty connections, fifty calls a second each. In order, those who wait for the first endpoint leave the others idle.
      let least = policy == .default ? 900 : 1_200
      #expect(ok.count > least, "\(ok.count) of 1,500 that are possible; \(failed.count) failed")
    }
  }
}
