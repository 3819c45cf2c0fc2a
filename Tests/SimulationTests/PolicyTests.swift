import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

private let silent: ServerConfiguration = {
  var configuration = ServerConfiguration()
  configuration.log = nil
  return configuration
}()

private let both: EndpointSource = [.tcp("a", 9090), .tcp("b", 9090)]

@Suite("A group's policies in virtual time")
struct PolicyTests {
  @Test("a deadline ends the call, whatever its attempts are allowed")
  func deadline() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.slowServer(name, .seconds(10)) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) {
          Deadline(.milliseconds(400))
          Retry(5)
        } body: { (group) async throws -> Void in
          let call = await world.timed { try await group.add(1, 1) }
          #expect(call.took == .milliseconds(400))
          #expect(call.result.attempts == [.readTimeout, .deadlineExceeded])
          let inherited = await world.timed {
            try await withDeadline(.milliseconds(100)) { try await group.add(1, 1) }
          }
          #expect(inherited.result.code == .deadlineExceeded)
          #expect(inherited.took == .milliseconds(100))
          let longer = await world.timed { try await withDeadline(.seconds(100)) { try await group.add(1, 1) } }
          #expect(longer.took == .milliseconds(400))
        }
      }
    }
  }

  @Test("a deadline that is over says nothing about an endpoint")
  func deadlineIsIgnorable() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .milliseconds(100))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Deadline(.milliseconds(50))
        } body: { (group) async throws -> Void in
          for _ in 0..<10 { _ = try? await group.add(1, 1) }
          #expect(await group.breakerStates.values.allSatisfy { $0 == .closed })
        }
      }
    }
  }

  @Test("an attempt as a whole has a timeout, and another one follows")
  func attemptTimeout() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .seconds(10))
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) {
          PerEndpoint { Timeouts(read: .seconds(5), attempt: .milliseconds(30)) }
        } body: { (group) async throws -> Void in
          let call = await world.timed { try await group.add(1, 1) }
          #expect(call.result.value == 2)
          #expect(call.took == .milliseconds(30) + .microseconds(400))
        }
      }
    }
  }

  @Test("retries back off, keep to the budget, and begin with the first endpoint again")
  func retries() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.server(name).refuseConnections() }
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) {
          Retry(3, backoff: .constant(.milliseconds(10)), budget: .share(0, floor: 0.5, over: .seconds(10)))
          PerEndpoint { CircuitBreaker(.consecutive(1000)) }
        } body: { (group) async throws -> Void in
          let call = await world.timed { try await group.add(1, 1) }
          #expect(call.result.attempts.count == 4)
          #expect(call.took > .milliseconds(30) && call.took < .milliseconds(32))
          let second = await world.timed { try await group.add(1, 1) }
          #expect(second.result.attempts.count == 3, "the budget had five, and two were left")
          let third = await world.timed { try await group.add(1, 1) }
          #expect(third.result.attempts.count == 1)
        }
      }
    }
  }

  @Test("round-robin spreads calls, and leaves out an endpoint whose circuit is open")
  func balance() async throws {
    try await simulate(seed: 1) { world in
      let counts = Log()
      for name in ["a", "b", "c"] {
        world.server(name) { a, b in
          counts.add(name)
          return a + b
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090), .tcp("c", 9090)]) {
          Balance(.roundRobin)
          PerEndpoint { CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(100))) }
        } body: { (group) async throws -> Void in
          for _ in 0..<6 { _ = try await group.add(1, 1) }
          #expect(counts.lines == ["a", "b", "c", "a", "b", "c"])
          world.host("b").refuseConnections()
          world.host("b").kill()
          for _ in 0..<7 { _ = try await group.add(1, 1) }
          #expect(await group.breakerStates[.tcp("b", 9090)] == .open)
          #expect(Set(counts.lines.suffix(6)) == ["a", "c"])
        }
      }
    }
  }

  @Test("when too few endpoints are healthy, all are used")
  func panic() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.server(name).refuseConnections() }
      let client = ObservedClient(world)
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        try await withServiceGroup("sums", at: both, configuration: configuration) {
          Balance(.roundRobin, panicBelow: 0.6)
          Retry(0)
          PerEndpoint { CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(100))) }
        } body: { (group) async throws -> Void in
          for _ in 0..<2 { _ = try? await group.add(1, 1) }
          for name in ["a", "b"] { world.host(name).admitConnections() }
          #expect(try await group.add(1, 1) == 2, "the circuits are open, and the call is made")
        }
      }
    }
  }

  @Test("a bulkhead and a rate limit refuse what is too much, with codes of their own")
  func limits() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .milliseconds(50))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Bulkhead(2)
        } body: { (group) async throws -> Void in
          let codes = await world.codes(4) { try await group.add(1, 1) }
          #expect(codes.filter { $0 == .bulkheadFull }.count == 2)
        }
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          RateLimit(10, burst: 3)
        } body: { (group) async throws -> Void in
          let codes = await world.codes(5) { try await group.add(1, 1) }
          #expect(codes.filter { $0 == .rateLimited }.count == 2)
        }
      }
    }
  }

  @Test("a slow attempt is hedged at the next endpoint, and the slow one is cancelled on the wire")
  func hedge() async throws {
    try await simulate(seed: 1) { world in
      let cancelled = Counter()
      world.server("a") { _, _ in
        do { try await world.sleep(for: .seconds(10)) } catch {
          cancelled.count += 1
          throw error
        }
        return 0
      }
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) {
          Method(Calculator.peek) { Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1) }
          PerEndpoint { Timeouts(read: .seconds(5)) }
        } body: { (group) async throws -> Void in
          let call = await world.timed { try await group.call(Calculator.peek, .init(2, 3)) }
          #expect(call.result.value == 5)
          #expect(call.took == .milliseconds(20) + .microseconds(400))
          try await world.sleep(for: .milliseconds(10))
          #expect(cancelled.count == 1)
        }
      }
    }
  }

  @Test("a fallback replaces an error: by a closure, or by another group")
  func fallback() async throws {
    try await simulate(seed: 1) { world in
      world.server("a").refuseConnections()
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let other = try ServiceGroup("other", at: [.tcp("b", 9090)])
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Method(Calculator.peek) { Fallback { _ in -1 } }
          Fallback(to: other)
        } body: { (group) async throws -> Void in
          #expect(try await group.call(Calculator.peek, .init(2, 3)) == -1)
          #expect(try await group.add(2, 3) == 5)
        }
        await other.close()
      }
    }
  }

  @Test("identical calls share one attempt, and replies are kept as long as they are fresh")
  func cache() async throws {
    try await simulate(seed: 1) { world in
      let served = Counter()
      world.server("a") { a, b in
        served.count += 1
        try await world.sleep(for: .milliseconds(10))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Method(Calculator.peek) {
            Cache(ttl: .seconds(1), staleIfError: .seconds(60))
            SingleFlight()
          }
        } body: { (group) async throws -> Void in
          let codes = await world.codes(5) { _ = try await group.call(Calculator.peek, .init(2, 3)) }
          #expect(codes.allSatisfy { $0 == nil })
          #expect(served.count == 1)
          #expect(try await group.call(Calculator.peek, .init(2, 4)) == 6)
          #expect(served.count == 2)
          try await world.sleep(for: .seconds(2))
          world.host("a").kill()
          #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5, "stale, in place of an error")
          await #expect(throws: RPCError.self) { try await group.call(Calculator.peek, .init(7, 7)) }
        }
      }
    }
  }

  @Test("a method may have a breaker of its own")
  func methodBreaker() async throws {
    try await simulate(seed: 1) { world in
      world.server("a") { a, b in
        if a == 7 { try await world.sleep(for: .seconds(10)) }
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Retry(0)
          Method(Calculator.spend) { CircuitBreaker(.consecutive(1)) }
        } body: { (group) async throws -> Void in
          _ = try? await group.spend(7, 7)
          let refused = await world.timed { try await group.spend(1, 1) }
          #expect(refused.result.attempts == [.circuitOpen])
          #expect(try await group.add(1, 1) == 2)
        }
      }
    }
  }

  @Test("new policies are in force for the next call, and no call that runs is lost")
  func update() async throws {
    try await simulate(seeds: 4) { world in
      for name in ["a", "b"] { world.slowServer(name, .milliseconds(20)) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) { (group) async throws -> Void in
          try await withThrowingTaskGroup { tasks in
            for _ in 0..<30 {
              tasks.addTask {
                for _ in 0..<20 {
                  let sum = try await group.add(1, 1)
                  #expect(sum == 2)
                }
              }
            }
            var generator = world.randomNumbers()
            for _ in 0..<20 {
              try await world.sleep(for: .milliseconds(10))
              let size = Int.random(in: 10...40, using: &generator)
              let balance = ["inOrder", "roundRobin", "peakEWMA", "leastLoaded"].randomElement(using: &generator) ?? ""
              let policy = try Policy(
                json: """
                  {"balance": {"algorithm": "\(balance)"}, "deadline": "30s",
                   "perEndpoint": {"pool": {"size": \(size)}, "timeouts": {"pool": "9s"}}}
                  """)
              try await group.update(policy)
              #expect(await group.policy == policy)
            }
            try await tasks.waitForAll()
          }
        }
      }
    }
  }

  @Test("an explanation names every value and where it comes from")
  func explain() async throws {
    let group = try ServiceGroup("sums", at: both) {
      Deadline(.milliseconds(800))
      Method(Calculator.peek) {
        Deadline(.seconds(2))
        Hedge(after: .fixed(.milliseconds(20)))
        Fallback { _ in 0 }
      }
    }
    try await group.update(
      Policy(
        json: "{\"deadline\": \"800ms\", \"methods\": {\"Calculator.add\": {\"hedge\": {}, \"deadline\": \"300ms\"}}}"))
    let text = await group.explain(Calculator.add)
    #expect(text.hasPrefix("Calculator.add, of which the IDL does not say whether it is idempotent\n"))
    #expect(text.contains("  Fallback        none\n"))
    #expect(text.contains("  Deadline        300ms                                     method; group: 800ms\n"))
    #expect(text.contains("left out, because the IDL does not call it idempotent\n"))
    #expect(text.contains("  Pool            {size: 10, waiters: 100, idle: 1m"))
    #expect(text.contains("default\n"))
    #expect(
      await group.explain(Calculator.peek).contains(
        "  Fallback        set                                       method"))
    await group.close()
  }

  @Test("an error tells the story of its attempts")
  func trace() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .seconds(10))
      world.server("b").refuseConnections()
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) { (group) async throws -> Void in
          let error = await #expect(throws: RPCError.self) { try await group.add(1, 1) }
          let lines = error?.trace.split(separator: "\n") ?? []
          #expect(lines.count == 3)
          #expect(lines.first == "Calculator.add failed: unavailable: sums: all 2 attempts failed")
          #expect(lines.last?.hasPrefix("  after 250200us, b:9090 took 200us: ") == true, "\(lines)")
          #expect(lines.last?.hasSuffix("(connectionRefused)") == true)
        }
      }
    }
  }

  @Test("interceptors stand around calls, attempts and connections, the first outermost")
  func interceptors() async throws {
    struct Note: ClientInterceptor {
      let name: String
      let log: Log
      nonisolated(nonsending) func intercept<Value>(
        _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
      ) async throws -> Value {
        log.add("\(name) \(step.method?.qualifiedName ?? "-") \(step.endpoint.map { "\($0)" } ?? "-")")
        defer { log.add("\(name) ends") }
        return try await next()
      }
    }
    struct Refusing: ClientInterceptor {
      nonisolated(nonsending) func intercept<Value>(
        _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
      ) async throws -> Value {
        throw CancellationError()
      }
    }
    try await simulate(seed: 1) { world in
      world.server("a").refuseConnections()
      world.server("b")
      try await world.sleep(for: .seconds(1))
      let log = Log()
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.interceptors.call = [Note(name: "outer", log: log), Note(name: "inner", log: log)]
        configuration.interceptors.attempt = [Note(name: "attempt", log: log)]
        configuration.interceptors.connection = [Note(name: "connection", log: log)]
        try await withServiceGroup("sums", at: both, configuration: configuration) { (group) async throws -> Void in
          #expect(try await group.add(1, 1) == 2)
        }
        #expect(
          log.lines == [
            "outer Calculator.add -", "inner Calculator.add -", "attempt Calculator.add a:9090", "connection - a:9090",
            "connection ends", "attempt ends", "attempt Calculator.add b:9090", "connection - b:9090",
            "connection ends", "attempt ends", "inner ends", "outer ends",
          ])
        configuration.interceptors.attempt = [Refusing()]
        try await withServiceGroup("sums", at: both, configuration: configuration) { (group) async throws -> Void in
          let error = await #expect(throws: RPCError.self) { try await group.add(1, 1) }
          #expect(error?.code == .invalidRequest)
          #expect(error?.attempts.count == 1)
        }
      }
    }
  }

  @Test(
    "with a budget, a dependency that is down does not multiply the calls to those that need it",
    arguments: [true, false])
  func storm(hasBudget: Bool) async throws {
    try await simulate(seed: 1) { world in
      let arrivals = Counter()
      for name in ["a", "b", "c", "d"] {
        world.server(name, configuration: silent) { _, _ in
          arrivals.count += 1
          throw ApplicationException(.internalError, "the dependency is down")
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let configuration = ClientConfiguration().retries { ($0 as? RPCError)?.code == .applicationException }
        let endpoints = EndpointSource.list(["a", "b", "c", "d"].map { .tcp($0, 9090) })
        try await withServiceGroup("sums", at: endpoints, configuration: configuration) {
          Retry(3, budget: hasBudget ? .share(0.1, floor: 1) : nil)
          PerEndpoint { CircuitBreaker(.consecutive(1_000_000)) }
        } body: { (group) async throws -> Void in
          for _ in 0..<300 {
            _ = try? await group.add(1, 1)
            try await world.sleep(for: .milliseconds(10))
          }
        }
      }
      #expect(hasBudget ? arrivals.count < 360 : arrivals.count == 1_200, "\(arrivals.count)")
    }
  }

  @Test("a name's addresses are endpoints of their own")
  func name() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: .dns("a", port: 9090)) { (group) async throws -> Void in
          #expect(try await group.add(1, 1) == 2)
          #expect(await group.breakerStates.keys.map { "\($0)" } == ["\(world.host("a").address):9090"])
        }
        try await withServiceGroup("sums", at: .dns("nowhere", port: 9090)) { (group) async throws -> Void in
          let call = await world.timed { try await group.add(1, 1) }
          #expect(call.result.code == .unavailable)
        }
      }
    }
  }
}

extension World {
  /// A server that takes its time.
  func slowServer(_ name: String, _ delay: Duration) {
    server(name) { a, b in
      try await sleep(for: delay)
      return a + b
    }
  }

  /// How so many calls at once ended: the codes of their errors, or of their last attempts' when there is no other.
  func codes(_ count: Int, _ body: @escaping @Sendable () async throws -> some Sendable) async -> [RPCError.Code?] {
    await withTaskGroup(of: RPCError.Code?.self) { group in
      for _ in 0..<count {
        group.addTask {
          do {
            _ = try await body()
            return nil
          } catch {
            return (error as? RPCError)?.code
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}
