import SeaThriftTesting
import Testing

@Suite("A pooled connection that is dead")
struct StaleConnectionTests {
  /// Opens so many connections, and leaves them idle.
  private func fill(_ trial: Trial, _ count: Int = 10) async throws {
    try await withThrowingDiscardingTaskGroup { tasks in
      for _ in 0..<count { tasks.addTask { _ = try await trial.peek() } }
    }
    #expect(trial.client.openConnections == count)
  }

  /// A server that takes a little time, so that calls at once need connections of their own.
  private func withServer(
    _ server: ServerConfiguration = ServerConfiguration(),
    _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void = { $0.policy.retry = Retry(0) },
    _ body: @escaping @Sendable (Trial) async throws -> Void
  ) async throws {
    try await withTrial(
      ["a"], server: server, policy,
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(5))
      }
    ) {
      try await body($0)
    }
  }

  @Test("because the server closed it for its idleness costs no call, however close to it", arguments: -3...3)
  func closedForIdleness(offset: Int) async throws {
    var server = ServerConfiguration()
    server.idleTimeout = .seconds(10)
    try await withServer(server) { trial in
      trial.world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(1))))
      let failures = try await trial.calls(10, every: .seconds(10) + .milliseconds(offset)) {
        try await $0.call(Calculator.peek, .init(1, 1))
      }
      #expect(failures == [])
      #expect(trial.client.attempts == 10, "no retry was used up")
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("is no failure of the endpoint either when the method must not run twice", arguments: -3...3)
  func notRepeated(offset: Int) async throws {
    var server = ServerConfiguration()
    server.idleTimeout = .seconds(10)
    try await withServer(server) { trial in
      trial.world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(1))))
      let failures = try await trial.calls(10, every: .seconds(10) + .milliseconds(offset)) { try await $0.spend(1, 1) }
      #expect(failures.allSatisfy { $0 == .connectionLost || $0 == .unavailable })
      #expect(trial.openings(of: "a") == 0)
      #expect(trial.served.lines.count + failures.count >= 10 && trial.served.lines.count <= 10, "none ran twice")
    }
  }

  @Test("since its host came back costs no call, and its idle sisters are not tried")
  func restartedHost() async throws {
    try await withServer { trial in
      try await fill(trial)
      trial.world.host("a").crash()
      trial.world.host("a").restart()
      try await trial.world.sleep(for: .seconds(1))
      let failures = try await trial.calls(30) { try await $0.call(Calculator.peek, .init(1, 1)) }
      #expect(failures == [])
      #expect(trial.client.attempts == 40)
      #expect(trial.client.connections == 11, "one new connection for all of them")
      #expect(trial.client.openConnections == 1)
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("since its host came back costs no call when ten find out at once")
  func restartedHostAtOnce() async throws {
    try await withServer { trial in
      try await fill(trial)
      trial.world.host("a").crash()
      trial.world.host("a").restart()
      try await trial.world.sleep(for: .seconds(1))
      let codes = await trial.world.codes(30) { try await trial.peek() }
      #expect(codes.allSatisfy { $0 == nil }, "\(codes)")
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("says nothing about the endpoint, time and again, when the call was sent and must not run twice")
  func restartedHostAgain() async throws {
    try await withServer { (trial) async throws -> Void in
      for _ in 0..<6 {
        try await fill(trial, 1)
        trial.world.host("a").crash()
        trial.world.host("a").restart()
        try await trial.world.sleep(for: .seconds(1))
        #expect(try await trial.calls(1) { try await $0.spend(1, 1) } == [.connectionLost])
      }
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("gives a call one more try and no third: a new connection that fails is the endpoint's failure")
  func bounded() async throws {
    try await withServer { trial in
      try await fill(trial)
      trial.world.host("a").crash()
      trial.world.host("a").restart()
      trial.world.host("a").refuseConnections()
      try await trial.world.sleep(for: .seconds(1))
      let failures = try await trial.calls(5) { try await $0.call(Calculator.peek, .init(1, 1)) }
      #expect(trial.client.attempts == 14, "\(failures)")
      #expect(trial.openings(of: "a") == 1, "four failures in a row")
    }
  }
}
