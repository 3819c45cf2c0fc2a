import SeaThriftTesting
import Testing

@Suite("What is known about an endpoint")
struct BreakerMemoryTests {
  static let lists: [@Sendable ([EndpointAddress]) -> EndpointSource] = [
    { .list($0) }, { list in EndpointSource { list } },
  ]

  @Test(
    "outlives its connections while its circuit is open: the probes of a dead endpoint become fewer",
    arguments: [Policy.default.balance, Policy.recommended.balance], [0, 1])
  func reaper(balance: Balance, list: Int) async throws {
    try await withTrial(
      ["a", "b"], source: Self.lists[list]([.tcp("a", 9090), .tcp("b", 9090)]),
      {
        $0.policy = .recommended
        $0.policy.balance = balance
      }
    ) { (trial) async throws -> Void in
      _ = try await trial.calls(5)
      trial.world.host("a").kill()
      var attempts: [Int] = []
      for _ in 0..<3 {
        let before = trial.attempts(at: "a")
        #expect(try await trial.calls(120, every: .seconds(5)) == [])
        attempts.append(trial.attempts(at: "a") - before)
        #expect(await trial.group.breakerStates[.tcp("a", 9090)] != .closed)
      }
      #expect(attempts[2] < attempts[0] && attempts[2] <= 4, "\(attempts) in ten minutes each")
      #expect(trial.client.log.count { $0.hasSuffix("breaker closed to open") } == 1)
    }
  }

  @Test("outlives a list that does not name it for a minute, but is forgotten in the end")
  func delisted() async throws {
    let both: [EndpointAddress] = [.tcp("a", 9090), .tcp("b", 9090)]
    let book = AddressBook(both)
    try await withTrial(
      ["a", "b"], source: EndpointSource { book.addresses },
      {
        $0.policy.balance = Balance(.roundRobin)
        $0.policy.perEndpoint.circuitBreaker = CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(100)))
      }
    ) { trial in
      trial.world.host("a").kill()
      _ = try await trial.calls(2)
      #expect(trial.openings(of: "a") == 1)
      book.addresses = [.tcp("b", 9090)]
      _ = try await trial.calls(7, every: .seconds(10))
      book.addresses = both
      _ = try await trial.calls(4)
      #expect(trial.attempts(at: "a") == 1, "it is known to be down")
      book.addresses = [.tcp("b", 9090)]
      _ = try await trial.calls(100, every: .seconds(10))
      #expect(await trial.group.breakerStates.count == 1)
    }
  }

  @Test("goes with it when a list names others in its place: their load and failures are their own")
  func slots() async throws {
    let book = AddressBook([])
    try await withTrial(
      ["a", "b", "c"], source: EndpointSource { book.addresses },
      {
        $0.policy.balance = Balance(.roundRobin)
        $0.policy.perEndpoint.circuitBreaker = CircuitBreaker(.consecutive(2), reopen: .constant(.seconds(100)))
      }
    ) { (trial) async throws -> Void in
      for list in [["a", "b"], ["b"], ["c", "b"], ["c", "b", "a"]] {
        book.addresses = list.map { .tcp($0, 9090) }
        #expect(try await trial.calls(12, every: .milliseconds(100)) == [])
      }
      #expect(trial.served.lines.suffix(12).count { $0 == "a" } == 4)
      trial.world.host("a").kill()
      let before = (trial.attempts(at: "b"), trial.attempts(at: "c"))
      #expect(try await trial.calls(60, every: .milliseconds(100)) == [])
      #expect(trial.openings(of: "a") == 1 && trial.openings(of: "b") == 0 && trial.openings(of: "c") == 0)
      let (b, c) = (trial.attempts(at: "b") - before.0, trial.attempts(at: "c") - before.1)
      #expect(b >= 28 && c >= 28, "\(b) and \(c)")
    }
  }

  @Test(
    "is booked on it after the policies change", arguments: [Balance.Algorithm.roundRobin, .leastLoaded])
  func update(algorithm: Balance.Algorithm) async throws {
    try await withTrial(["a", "b"]) { (trial) async throws -> Void in
      _ = try await trial.calls(4)
      var policy = Policy.recommended
      policy.balance.algorithm = algorithm
      policy.perEndpoint.circuitBreaker = CircuitBreaker(.consecutive(2), reopen: .constant(.seconds(100)))
      try await trial.group.update(policy)
      _ = try await trial.calls(4)
      trial.world.host("a").kill()
      _ = try await trial.calls(40)
      #expect(trial.openings(of: "a") == 1)
      let before = trial.attempts(at: "a")
      #expect(try await trial.calls(100) == [])
      #expect(trial.attempts(at: "a") == before, "it is left out")
    }
  }

  @Test("is forgotten when its breaker is taken away while it is open: it is chosen again")
  func breakerRemoved() async throws {
    try await withTrial(["a", "b"], { $0.policy.balance = Balance(.roundRobin) }) { trial in
      trial.world.host("a").kill()
      _ = try await trial.calls(20)
      #expect(trial.openings(of: "a") == 1)
      trial.world.host("a").restart()
      try await trial.world.sleep(for: .seconds(1))
      var policy = await trial.group.policy
      policy.perEndpoint.circuitBreaker = nil
      try await trial.group.update(policy)
      _ = try await trial.calls(10)
      #expect(trial.served.lines.suffix(10).count { $0 == "a" } == 5)
    }
  }

  @Test("idle connections are closed at their own time, not at the next look")
  func idleTimes() async throws {
    try await withTrial(
      ["a"],
      {
        $0.endpointIdle = nil
        $0.policy.perEndpoint.timeouts.read = .seconds(10)
      },
      handle: { world, _ in
        if world.now < .milliseconds(1_005) { try await world.sleep(for: .seconds(1)) }
      }
    ) { trial in
      await withDiscardingTaskGroup { tasks in
        tasks.addTask { _ = try? await trial.group.add(1, 1) }
        tasks.addTask {
          try? await trial.world.sleep(for: .milliseconds(10))
          _ = try? await trial.group.add(1, 1)
        }
      }
      try await trial.world.sleep(for: .seconds(70))
      let closed = trial.client.log.filter { $0.hasSuffix("closed") }
      #expect(closed == ["61010.4 ms: closed", "62000.4 ms: closed"], "60 s after each was parked")
    }
  }
}
