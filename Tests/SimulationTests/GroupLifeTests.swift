import SeaThriftTesting
import Testing

@Suite("A group that runs")
struct GroupLifeTests {
  private func keep(_ minimum: Int) -> @Sendable (inout ClientConfiguration) -> Void {
    { $0.policy.perEndpoint.pool = Pool(minimum: minimum) }
  }

  @Test("keeps connections open before and between calls, also for longer than idle ones live")
  func minimum() async throws {
    try await withTrial(["a", "b"], keep(3)) { trial in
      try await trial.world.sleep(for: .seconds(1))
      #expect(trial.client.openConnections == 6)
      try await trial.world.sleep(for: .seconds(600))
      #expect(trial.client.openConnections == 6 && trial.client.connections == 6)
      #expect(try await trial.calls(10) == [])
      #expect(trial.client.connections == 6, "calls use those that are there")
    }
  }

  @Test("replaces those that the server closes")
  func replaced() async throws {
    var server = ServerConfiguration()
    server.idleTimeout = .seconds(20)
    try await withTrial(["a"], server: server, keep(2)) { trial in
      try await trial.world.sleep(for: .seconds(100))
      #expect(trial.client.openConnections == 2)
      #expect((8...12).contains(trial.client.connections), "\(trial.client.connections) connections in 100 s")
    }
  }

  @Test("does not make connections without end to one that closes each at once")
  func closedAtOnce() async throws {
    var server = ServerConfiguration()
    server.idleTimeout = .milliseconds(1)
    try await withTrial(["a"], server: server, keep(2)) { trial in
      try await trial.world.sleep(for: .seconds(600))
      #expect(trial.client.connections <= 120, "\(trial.client.connections) connections in 10 minutes")
    }
  }

  @Test("finds out that an endpoint is dead before a call does, and comes back to it")
  func deadEndpoint() async throws {
    try await withTrial(["a", "b"], keep(1)) { trial in
      try await trial.world.sleep(for: .seconds(1))
      trial.world.host("a").kill()
      try await trial.world.sleep(for: .seconds(120))
      #expect(trial.openings(of: "a") >= 1 && trial.client.attempts == 0)
      let states = await trial.group.breakerStates
      #expect(states[.tcp("a", 9090)] != .closed && states[.tcp("b", 9090)] == .closed)
    }
  }

  @Test("an endpoint that is not listed any more is not kept")
  func delisted() async throws {
    let book = AddressBook([.tcp("a", 9090), .tcp("b", 9090)])
    try await withTrial(
      ["a", "b"], source: EndpointSource { book.addresses },
      {
        $0.policy.balance = Balance(.roundRobin)
        $0.policy.perEndpoint.pool = Pool(minimum: 2)
      }
    ) { trial in
      #expect(try await trial.calls(2) == [])
      try await trial.world.sleep(for: .seconds(1))
      #expect(trial.client.openConnections == 4)
      book.addresses = [.tcp("a", 9090)]
      #expect(try await trial.calls(1) == [])
      try await trial.world.sleep(for: .seconds(200))
      #expect(trial.client.openConnections == 2)
    }
  }

  @Test("looks its name up again without being called")
  func name() async throws {
    try await withTrial(["a", "b"], source: .dns("servers", port: 9090)) { trial in
      trial.world.setName("servers", to: [trial.world.host("a")])
      try await trial.world.sleep(for: .seconds(5))
      #expect(try await trial.calls(1) == [])
      trial.world.setName("servers", to: [trial.world.host("b")])
      try await trial.world.sleep(for: .seconds(31))
      #expect(try await trial.calls(1) == [])
      #expect(trial.served.lines == ["a", "b"], "the first call after the change goes to the new address")
    }
  }

  @Test("one that does not run makes calls, and says what it does not do")
  func lifeless() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let group = try ServiceGroup("sums", at: [.tcp("a", 9090)]) { PerEndpoint { Pool(minimum: 2) } }
        _ = try await group.add(1, 1)
        _ = try await group.add(1, 1)
        try await world.sleep(for: .seconds(5))
        #expect(await group.explain(Calculator.add).contains("Pool(minimum:) has no effect"))
        #expect(world.trace.count { $0.contains("Pool(minimum:) has no effect") } == 1)
        await group.close()
      }
    }
  }

  @Test("runs once at a time, may be run again, and ends when it is closed")
  func running() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let group = try ServiceGroup("sums", at: [.tcp("a", 9090)]) { PerEndpoint { Pool(minimum: 2) } }
        try await withThrowingTaskGroup { tasks in
          tasks.addTask { try await group.run() }
          try await world.sleep(for: .seconds(1))
          #expect(await !group.explain(Calculator.add).contains("has no effect"))
          await #expect(throws: ConfigurationError.self) { try await group.run() }
          tasks.cancelAll()
          try await tasks.waitForAll()
        }
        #expect(try await group.add(1, 1) == 2)
        async let second: Void = group.run()
        try await world.sleep(for: .seconds(1))
        await group.close()
        try await second
      }
    }
  }
}
