import SeaThriftTesting
import Testing

@Suite("A deadline that is shorter than the timeouts")
struct ShortDeadlineTests {
  static let sources: [@Sendable ([EndpointAddress]) -> EndpointSource] = [
    { .list($0) }, { list in EndpointSource { list } },
  ]

  /// Two servers, the first of which stands still after its first call.
  private func withFrozenFirst(
    _ source: @Sendable ([EndpointAddress]) -> EndpointSource = { .list($0) },
    _ body: @escaping @Sendable (Trial) async throws -> Void
  ) async throws {
    try await withTrial(["a", "b"], source: source([.tcp("a", 9090), .tcp("b", 9090)])) { trial in
      _ = try await trial.group.add(1, 1)
      trial.world.host("a").freeze()
      try await body(trial)
      trial.world.host("a").thaw()
      try await trial.world.sleep(for: .seconds(1))
    }
  }

  @Test("leaves time for the second endpoint when the first is silent", arguments: [150, 200, 300], [0, 1])
  func failover(milliseconds: Int, source: Int) async throws {
    try await withFrozenFirst(Self.sources[source]) { trial in
      let failures = try await trial.calls(20, every: .milliseconds(100)) { group in
        try await withDeadline(.milliseconds(milliseconds)) { try await group.add(1, 1) }
      }
      #expect(failures.count <= 1, "\(failures)")
      #expect(trial.openings(of: "a") == 1)
    }
  }

  @Test("leaves time for the other endpoint when the attempt finds out whether one works again")
  func probing() async throws {
    try await withFrozenFirst { trial in
      let deadline = Duration.milliseconds(200)
      _ = try await trial.calls(20, every: .milliseconds(100)) { group in
        try await withDeadline(deadline) { try await group.add(1, 1) }
      }
      let learnt = trial.attempts(at: "a")
      let failures = try await trial.calls(100, every: .seconds(1)) { group in
        try await withDeadline(deadline) { try await group.add(1, 1) }
      }
      #expect(failures == [])
      #expect(trial.attempts(at: "a") > learnt, "it was asked again")
    }
  }

  @Test("is what the caller sees of a silent endpoint, whose failure it is")
  func callerSees() async throws {
    try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { trial in
      _ = try await trial.group.add(1, 1)
      trial.world.host("a").freeze()
      let failures = try await trial.calls(5) { group in
        try await withDeadline(.milliseconds(200)) { try await group.add(1, 1) }
      }
      #expect(failures.prefix(4).allSatisfy { $0 == .deadlineExceeded })
      #expect(trial.openings(of: "a") == 1)
      trial.world.host("a").thaw()
      try await trial.world.sleep(for: .seconds(1))
    }
  }

  @Test("says nothing about the endpoint when it left the attempt less than its fair share")
  func tooShort() async throws {
    try await withTrial(
      ["a"],
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(150))
      }
    ) { trial in
      let failures = try await trial.calls(20, every: .milliseconds(10)) { group in
        try await withDeadline(.milliseconds(100)) { try await group.add(1, 1) }
      }
      #expect(failures.count == 20)
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("says nothing about an endpoint that usually takes longer than that")
  func usuallySlower() async throws {
    try await withTrial(
      ["a"],
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(200))
      }
    ) { trial in
      for _ in 0..<5 { _ = try await trial.group.add(1, 1) }
      let failures = try await trial.calls(20, every: .milliseconds(100)) { group in
        try await withDeadline(.milliseconds(150)) { try await group.add(1, 1) }
      }
      #expect(failures.count == 20)
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("may be a caller that gives up: after its fair share the endpoint has failed, before it has not")
  func cancellation() async throws {
    for (patience, opens) in [(100, 0), (200, 1)] {
      try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { trial in
        _ = try await trial.group.add(1, 1)
        trial.world.host("a").freeze()
        for _ in 0..<5 {
          await withTaskGroup { tasks in
            tasks.addTask { _ = try? await trial.group.add(1, 1) }
            try? await trial.world.sleep(for: .milliseconds(patience))
            tasks.cancelAll()
          }
        }
        #expect(trial.openings(of: "a") == opens, "after \(patience) ms of 250")
        trial.world.host("a").thaw()
        try await trial.world.sleep(for: .seconds(1))
      }
    }
  }

  @Test("is whole for a service that has become slow: its calls are not cut into shares that are too short")
  func slowService() async throws {
    let delay = Moment()
    delay.time = .milliseconds(5)
    try await withTrial(
      ["a", "b"],
      handle: { world, _ in
        try await world.sleep(for: delay.time ?? .zero)
      }
    ) { trial in
      for _ in 0..<20 { _ = try await trial.group.add(1, 1) }
      delay.time = .milliseconds(150)
      let failures = try await trial.calls(20) { group in
        try await withDeadline(.milliseconds(200)) { try await group.add(1, 1) }
      }
      #expect(failures.count <= 2, "\(failures)")
      #expect(trial.openings(of: "a") == 0 && trial.openings(of: "b") == 0)
    }
  }
}
