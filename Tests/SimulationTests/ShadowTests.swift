import SeaThrift
import SeaThriftTesting
import Testing

@Suite("Policies that only watch")
struct ShadowTests {
  @Test("a bulkhead notes the calls for which it would have had no place, and all are made")
  func bulkhead() async throws {
    try await withWatchedGroup(["a"]) {
      Shadow { Bulkhead(2, waiters: 1) }
    } _: { (world, group, observer) async throws -> Void in
      let codes = await world.codes(4) { try await group.add(1, 1) }
      #expect(codes.allSatisfy { $0 == nil })
      #expect(observer.lines == ["Bulkhead: delayed Calculator.add", "Bulkhead: refused Calculator.add"])
      _ = await world.codes(2) { try await group.add(1, 1) }
      #expect(observer.lines.count == 2, "all places are free again")
    }
  }

  @Test("a rate limit notes what it would have refused, beside one that is in force")
  func rateLimit() async throws {
    try await withWatchedGroup(["a"]) {
      RateLimit(10, burst: 3)
      Shadow { RateLimit(10, burst: 1) }
    } _: { (world, group, observer) async throws -> Void in
      let codes = await world.codes(4) { try await group.add(1, 1) }
      #expect(codes.filter { $0 == .rateLimited }.count == 1)
      #expect(observer.lines == Array(repeating: "RateLimit: refused Calculator.add", count: 3))
    }
  }

  @Test("an adaptive limit learns, and notes what it would have refused")
  func adaptiveLimit() async throws {
    try await withWatchedGroup(["a"]) {
      Shadow { AdaptiveLimit(initial: 1, min: 1, max: 10, smoothing: 1) }
    } _: { (world, group, observer) async throws -> Void in
      #expect(await world.codes(3) { try await group.add(1, 1) } == [nil, nil, nil])
      #expect(observer.lines == Array(repeating: "AdaptiveLimit: refused Calculator.add", count: 2))
      for _ in 0..<30 { _ = try await group.add(1, 1) }
      let before = observer.lines.count
      #expect(await world.codes(2) { try await group.add(1, 1) } == [nil, nil])
      #expect(observer.lines.count == before, "the limit has grown")
    }
  }

  @Test("a breaker notes its changes and what it would have refused, a retry the one more attempt")
  func breakerAndRetry() async throws {
    try await withWatchedGroup(["a"]) {
      Retry(0)
      PerEndpoint { CircuitBreaker(.consecutive(1000)) }
      Shadow {
        CircuitBreaker(.consecutive(2), reopen: .constant(.seconds(5)))
        Retry(1, backoff: .constant(.milliseconds(20)))
      }
    } _: { (world, group, observer) async throws -> Void in
      world.host("a").refuseConnections()
      for _ in 0..<3 { await #expect(throws: RPCError.self) { try await group.add(1, 1) } }
      let retried = "Retry: retried after 20ms Calculator.add"
      #expect(
        observer.lines == [
          retried, "CircuitBreaker: closed to open Calculator.add a:9090", retried,
          "CircuitBreaker: refused Calculator.add a:9090", retried,
        ])
      world.host("a").admitConnections()
      try await world.sleep(for: .seconds(5))
      #expect(try await group.add(1, 1) == 2)
      #expect(
        observer.lines.suffix(2) == [
          "CircuitBreaker: open to halfOpen Calculator.add a:9090",
          "CircuitBreaker: halfOpen to closed Calculator.add a:9090",
        ])
      #expect(await group.breakerStates.values.allSatisfy { $0 == .closed })
    }
  }

  @Test("times, second attempts, kept results and shared attempts are noted")
  func repetition() async throws {
    try await withWatchedGroup(["a"]) {
      Method(Calculator.peek) {
        Shadow {
          Deadline(.milliseconds(10))
          AttemptTimeout(.milliseconds(30))
          Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1)
          Cache(ttl: .seconds(10))
          SingleFlight()
        }
      }
    } _: { (world, group, observer) async throws -> Void in
      let codes = await world.codes(2) { try await group.call(Calculator.peek, .init(2, 3)) }
      #expect(codes == [nil, nil])
      let times = [
        "Deadline: ended after 10ms", "AttemptTimeout: ended after 30ms",
      ]
      #expect(
        Set(observer.lines.map { $0.replacing(" Calculator.peek", with: "").replacing(" a:9090", with: "") }) == [
          "SingleFlight: shared", times[0], times[1], "Hedge: hedged after 20ms",
        ])
      #expect(observer.lines.filter { $0.hasPrefix("Hedge") }.count == 1, "the other call shares its attempt")
      let before = observer.lines.count
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      #expect(observer.lines.dropFirst(before).contains("Cache: served Calculator.peek"))
      _ = try await group.add(1, 1)
      #expect(!observer.lines.contains { $0.contains("Calculator.add") }, "it is another method's")
    }
  }

  @Test("what only watches is part of the JSON form and of the explanation, and is checked")
  func declaration() async throws {
    let policy = try Policy(
      json: """
        {"shadow": {"rateLimit": {"rate": 10}, "circuitBreaker": {}, "fallback": true, "pool": {"size": 3},
                    "balance": {"algorithm": "shuffled"}, "timeouts": {"read": "10ms"}},
         "methods": {"Calculator.add": {"shadow": {"deadline": "10ms"}}}}
        """)
    #expect(policy.shadow?.rateLimit == RateLimit(10))
    #expect(policy.shadow?.circuitBreaker == CircuitBreaker())
    #expect(policy.shadow?.fallback == true && policy.shadow?.pool == Pool(size: 3))
    #expect(
      policy.shadow?.balance == Balance(.shuffled) && policy.shadow?.timeouts == Timeouts(read: .milliseconds(10)))
    #expect(try Policy(json: policy.json) == policy)
    let group = try ServiceGroup("sums", at: [.tcp("a", 9090)]) { policy }
    let lines = await [group.explain(Calculator.add), group.explain(Calculator.spend)]
    #expect(lines[0].contains("  Shadow          {deadline: 10ms}                          method\n"), "\(lines[0])")
    #expect(lines[1].contains("  Shadow          {rateLimit: {rate: 10, "))
    await group.close()
    #expect(message { try Policy { Shadow { Pool(size: 0) } } } == "Shadow.pool.size is 0, allowed is 1...65536")
    func message(_ body: () throws -> some Any) -> String {
      do {
        _ = try body()
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(message { try Policy { Shadow { RateLimit(0) } } } == "Shadow.rateLimit.rate is 0, allowed is 1...1000000")
    #expect(
      message {
        try Policy {
          Shadow {
            Retry(1)
            Retry(2)
          }
        }
      } == "Shadow.Retry is given twice, allowed is one")
    #expect(message { try Policy(json: "{\"shadow\": {\"hashKey\": {}}}") }.contains("unknown field 'hashKey'"))
  }

  @Test("around any async call")
  func pipeline() async throws {
    struct Broken: Error {}
    try await simulate(seed: 1) { world in
      let log = Log()
      let pipeline = try Pipeline(shadowed: { log.add("\($0)") }) {
        Retry(1)
        Shadow {
          CircuitBreaker(.consecutive(1))
          Retry(2)
          AttemptTimeout(.milliseconds(5))
          Bulkhead(1)
        }
      }
      await #expect(throws: Broken.self) {
        try await pipeline.run {
          try await world.sleep(for: .milliseconds(10))
          throw Broken()
        }
      }
      let late = "AttemptTimeout: ended after 5ms"
      #expect(
        log.lines == [
          "CircuitBreaker: closed to open", late, "CircuitBreaker: refused", late,
          "Retry: retried after 0s",
        ])
      #expect(try await pipeline.run { 3 } == 3)
      let watching = try ShadowPolicy.Runner(Shadow { RateLimit(1, burst: 1) }.policy()) { log.add("\($0)") }
      for _ in 0..<2 { try await watching.run {} }
      #expect(log.lines.last == "RateLimit: refused")
    }
  }
}
