import SeaThriftTesting
import Testing

@Suite("A client that stood still")
struct OwnStallTests {
  /// Has the client stand still from 5 ms into a call until a second later.
  private func stall(_ trial: Trial) {
    let client = trial.world.host("client")
    trial.world.schedule(after: .milliseconds(5)) { client.freeze() }
    trial.world.schedule(after: .milliseconds(1_005)) { client.thaw() }
  }

  @Test("finds the reply, and the next call too has its connection", arguments: 1...10 as ClosedRange<UInt64>)
  func reply(seed: UInt64) async throws {
    try await withTrial(
      ["a"], seed: seed, { $0.policy.retry = Retry(0) },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(20))
      }
    ) { (trial) async throws -> Void in
      _ = try await trial.calls(1)
      stall(trial)
      #expect(try await trial.calls(3) == [])
      #expect(trial.client.connections == 1)
    }
  }

  @Test("finds a hundred replies", arguments: 1...3 as ClosedRange<UInt64>)
  func replies(seed: UInt64) async throws {
    try await withTrial(
      ["a"], seed: seed,
      {
        $0.policy.retry = Retry(0)
        $0.policy.perEndpoint.pool = Pool(size: 100)
      },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(20))
      }
    ) { trial in
      stall(trial)
      let codes = await trial.world.codes(100) { try await trial.group.add(1, 1) }
      #expect(codes.allSatisfy { $0 == nil }, "\(codes)")
      #expect(trial.client.connections == 100)
    }
  }

  @Test("blames nobody for the reply that did not come meanwhile")
  func silentServer() async throws {
    try await withTrial(
      ["a"], { $0.policy.retry = Retry(0) },
      handle: { world, _ in
        try await world.sleep(for: .seconds(2))
      }
    ) { (trial) async throws -> Void in
      for _ in 0..<6 {
        stall(trial)
        #expect(try await trial.calls(1) == [.readTimeout])
      }
      #expect(trial.openings(of: "a") == 0)
      #expect(try await trial.calls(4).count == 4)
      #expect(trial.openings(of: "a") == 1, "while the client works, it is the server's fault")
    }
  }

  @Test("blames nobody for the connection that was not made meanwhile")
  func connecting() async throws {
    try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { (trial) async throws -> Void in
      trial.world.host("a").ignoreConnections()
      for _ in 0..<6 {
        stall(trial)
        #expect(try await trial.calls(1) == [.connectTimeout])
      }
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("blames nobody for the request that was not taken meanwhile")
  func sending() async throws {
    try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { (trial) async throws -> Void in
      trial.world.host("client").setBuffers(sendBytes: 10, receiveBytes: 1_000)
      for _ in 0..<6 {
        trial.world.host("a").admitConnections()
        _ = try await trial.calls(1)
        trial.world.isolate(trial.world.host("a"))
        stall(trial)
        #expect(try await trial.calls(1) == [.writeTimeout])
        trial.world.heal()
        try await trial.world.sleep(for: .seconds(5))
      }
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("blames nobody when the deadline has ended meanwhile, or the caller has given up")
  func deadline() async throws {
    try await withTrial(
      ["a"], { $0.policy.retry = Retry(0) },
      handle: { world, _ in
        try await world.sleep(for: .seconds(2))
      }
    ) { trial in
      for _ in 0..<6 {
        stall(trial)
        let failures = try await trial.calls(1) { group in
          try await withDeadline(.milliseconds(200)) { try await group.add(1, 1) }
        }
        #expect(failures == [.deadlineExceeded])
        stall(trial)
        await withTaskGroup { tasks in
          tasks.addTask { _ = try? await trial.group.add(1, 1) }
          try? await trial.world.sleep(for: .milliseconds(200))
          tasks.cancelAll()
        }
      }
      #expect(trial.openings(of: "a") == 0)
    }
  }
}
