import SeaThriftTesting
import Testing

@Suite("Names and connections that take longer than a call has")
struct SlowNameTests {
  static let sources = [EndpointSource.list([.tcp("a", 9090)]), .dns("a", port: 9090)]

  @Test("a name service that takes longer than connecting may take is slow, not down", arguments: [0, 1])
  func slowNames(source: Int) async throws {
    try await withTrial(["a"], source: Self.sources[source]) { trial in
      trial.world.setName("a", delay: .milliseconds(150))
      let failures = try await trial.calls(20, every: .seconds(1))
      #expect(failures.count <= 2, "\(failures)")
      #expect(trial.openings(of: "a") == 0)
      // What a look-up in the background has found out is used; nothing of it is left behind.
    }
  }

  @Test("a name that nobody answers keeps nothing of the calls that left", arguments: [0, 1])
  func silentNames(source: Int) async throws {
    try await withTrial(["a"], source: Self.sources[source]) { trial in
      trial.world.setName("a", delay: .seconds(600))
      for _ in 0..<5 { _ = await trial.world.codes(50) { try await trial.group.add(1, 1) } }
      #expect(await trial.group.heldByCalls == [])
      trial.world.setName("a", delay: .zero)
    }
  }

  @Test("a name that nobody answers within a second is down, and found out by probes")
  func deadName() async throws {
    try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { (trial) async throws -> Void in
      trial.world.setName("a", delay: .seconds(30))
      #expect(try await trial.calls(8) == Array(repeating: .connectTimeout, count: 8))
      #expect(trial.openings(of: "a") == 0)
      _ = try await trial.calls(10)
      #expect(trial.openings(of: "a") == 1)
      try await trial.world.sleep(for: .seconds(10))
      #expect(try await trial.calls(1).count == 1)
      #expect(trial.openings(of: "a") == 2)
      trial.world.setName("a", delay: .zero)
      try await trial.world.sleep(for: .seconds(30))
      #expect(try await trial.calls(3) == [])
    }
  }

  @Test("a connection that comes after its call is there for the next one")
  func lateConnection() async throws {
    try await withTrial(
      ["a"],
      {
        $0.policy.retry = Retry(0)
        $0.policy.perEndpoint.timeouts.connect = nil
      }
    ) { trial in
      trial.world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(60))))
      let failures = try await trial.calls(10, every: .milliseconds(500)) { group in
        try await withDeadline(.milliseconds(100)) { try await group.add(1, 1) }
      }
      #expect(failures.count == 10 && trial.client.connections >= 1)
      let more = try await trial.calls(10, every: .milliseconds(500)) { group in
        try await withDeadline(.milliseconds(130)) { try await group.add(1, 1) }
      }
      #expect(more.count <= 1, "a round trip takes 120 ms, and only the first call may find no connection")
    }
  }

  @Test("a connection that a cancelled call has had made serves others, and more than the pool's size are never made")
  func sharedConnecting() async throws {
    try await withTrial(["a"], { $0.policy.perEndpoint.pool = Pool(size: 2) }) { (trial) async throws -> Void in
      trial.world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(20))))
      await withTaskGroup { tasks in
        for _ in 0..<20 { tasks.addTask { _ = try? await trial.group.add(1, 1) } }
        try? await trial.world.sleep(for: .milliseconds(10))
        tasks.cancelAll()
      }
      try await trial.world.sleep(for: .milliseconds(100))
      #expect(trial.client.connections == 2 && trial.client.mostConnections == 2)
      let start = trial.world.now
      #expect(try await trial.calls(1) == [])
      #expect(trial.world.now - start == .milliseconds(40), "nothing had to be connected")
    }
  }

  @Test("a connection that cannot be made is the endpoint's failure, also when its callers have left")
  func failedBehindTheirBacks() async throws {
    try await withTrial(["a"], { $0.policy.retry = Retry(0) }) { trial in
      trial.world.host("a").ignoreConnections()
      let failures = try await trial.calls(6, every: .milliseconds(200)) { group in
        try await withDeadline(.milliseconds(20)) { try await group.add(1, 1) }
      }
      #expect(failures.count == 6)
      #expect(trial.openings(of: "a") == 1)
    }
  }

  @Test("a dead name takes nothing from a live one")
  func deadNames() async throws {
    let names = (0..<20).map { "dead\($0)" }
    let list = (names + ["a"]).map { EndpointAddress.tcp($0, 9090) }
    try await withTrial(
      ["a"], source: .list(list),
      {
        $0.policy.balance = Balance(.roundRobin)
        $0.policy.retry = Retry(2)
      }
    ) { (trial) async throws -> Void in
      for name in names { trial.world.setName(name, delay: .seconds(30)) }
      _ = try await trial.calls(100, every: .milliseconds(50))
      #expect(try await trial.calls(50, every: .milliseconds(50)) == [])
    }
  }
}
