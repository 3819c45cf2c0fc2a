import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

/// What a chain of services has in common.
private struct Chain: Sendable {
  var framing = Framing.header
  var isSent = true
  var isHeeded = true

  var client: ClientConfiguration {
    var configuration = ClientConfiguration().retries { ($0 as? RPCError)?.code == .applicationException }
    configuration.framing = framing
    configuration.sendsCallInformation = isSent
    return configuration
  }

  var server: ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.heedsCallInformation = isHeeded
    configuration.log = nil
    return configuration
  }
}

extension World {
  /// A server that asks the one of the same name, and behaves as a service whose only dependency that is.
  fileprivate func relay(
    _ name: String, to next: String, _ chain: Chain, asking: @escaping @Sendable (ServiceGroup) async throws -> Int32
  ) {
    host(name).start {
      try await withServiceGroup(
        next, at: [.tcp(next, 9090), .tcp(next, 9090)], configuration: chain.client
      ) {
        Balance(.inOrder)
        Retry(1, backoff: .constant(.milliseconds(1)))
        PerEndpoint { CircuitBreaker(.consecutive(1_000)) }
      } body: { (group) async throws -> Void in
        try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: chain.server) {
          Calculator.service { _, _ in try await asking(group) }
        }.run()
      }
    }
  }

  /// How many calls reach the last of three services, which fails, when the first one is called once.
  fileprivate func callsAtTheEnd(
    _ chain: Chain, asking: @escaping @Sendable (ServiceGroup) async throws -> Int32 = { try await $0.add(1, 1) }
  ) async throws -> Int {
    let calls = Counter()
    relay("first", to: "second", chain, asking: asking)
    relay("second", to: "third", chain, asking: asking)
    server("third", configuration: chain.server) { _, _ in
      calls.count += 1
      throw ApplicationException(.internalError, "down")
    }
    try await sleep(for: .seconds(1))
    try await host("client").run {
      try await withServiceGroup("first", at: [.tcp("first", 9090)], configuration: chain.client) {
        Retry(1, backoff: .constant(.milliseconds(1)))
      } body: { (group) async throws -> Void in
        await #expect(throws: RPCError.self) { try await group.add(1, 1) }
      }
    }
    return calls.count
  }
}

@Suite("A retried call further down")
struct RetryChainTests {
  @Test("is not retried again, however long the chain", arguments: [Framing.header, .http, .httpHeader])
  func chain(framing: Framing) async throws {
    try await simulate(seed: 1) { world in
      // The first attempt of all is tried twice at the end, and each of the retries above it once.
      let calls = try await world.callsAtTheEnd(Chain(framing: framing))
      #expect(calls == 4)
    }
  }

  @Test(
    "is, where nobody says that it is one, or nobody heeds it",
    arguments: [Chain(framing: .framed), Chain(isSent: false), Chain(isHeeded: false)])
  fileprivate func multiplied(chain: Chain) async throws {
    try await simulate(seed: 1) { world in
      let calls = try await world.callsAtTheEnd(chain)
      #expect(calls == 8)
    }
  }

  @Test("a handler may have what it calls retried nevertheless, or not at all")
  func overridden() async throws {
    try await simulate(seed: 1) { world in
      let calls = try await world.callsAtTheEnd(Chain()) { group in
        try await withRetriesSuppressed(false) { try await group.add(1, 1) }
      }
      #expect(calls == 8)
    }
    try await simulate(seed: 1) { world in
      let calls = try await world.callsAtTheEnd(Chain(framing: .framed)) { group in
        try await withRetriesSuppressed { try await group.add(1, 1) }
      }
      #expect(calls == 2, "the client's own retry")
    }
  }

  @Test("within a process it needs no header: what a retry of any pipeline calls is called once")
  func pipeline() async throws {
    try await simulate(seed: 1) { world in
      let calls = Counter()
      world.server("a", configuration: Chain().server) { _, _ in
        calls.count += 1
        throw ApplicationException(.internalError, "down")
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let outer = try Retry(3, backoff: .constant(.milliseconds(1))).runner()
        try await withServiceGroup("a", at: [.tcp("a", 9090)], configuration: Chain(framing: .framed).client) {
          Retry(2, backoff: .constant(.milliseconds(1)))
          PerEndpoint { CircuitBreaker(.consecutive(1_000)) }
        } body: { (group) async throws -> Void in
          let error = await #expect(throws: RPCError.self) {
            try await outer.run { try await group.add(1, 1) }
          }
          #expect(calls.count == 3 + 3)
          #expect(error?.message.contains("a call that it is part of is being tried again") == true)
        }
      }
    }
  }

  @Test("is not hedged either")
  func hedge() async throws {
    try await simulate(seed: 1) { world in
      let calls = Counter()
      for name in ["a", "b"] {
        world.server(name) { a, b in
          calls.count += 1
          try await world.sleep(for: .milliseconds(100))
          return a + b
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) {
          Method(Calculator.peek) { Hedge(after: .fixed(.milliseconds(10)), extraLoad: 1) }
        } body: { (group) async throws -> Void in
          let arguments = Calculator.Arguments(1, 1)
          _ = try await withRetriesSuppressed { try await group.call(Calculator.peek, arguments) }
          #expect(calls.count == 1)
          _ = try await group.call(Calculator.peek, arguments)
          #expect(calls.count == 3)
        }
      }
    }
  }

  @Test("says how many attempts came before, of those that may have been executed")
  func counted() async throws {
    try await simulate(seed: 1) { world in
      let seen = Log()
      world.server("refusing").refuseConnections()
      world.server("slow") { _, _ in
        seen.add("slow: \(CallContext.current?.requestHeaders["thrift-previous-attempts"] ?? "none")")
        try await world.sleep(for: .seconds(10))
        return 0
      }
      world.server("well") { a, b in
        seen.add("well: \(CallContext.current?.requestHeaders["thrift-previous-attempts"] ?? "none")")
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoints: EndpointSource = [.tcp("refusing", 9090), .tcp("slow", 9090), .tcp("well", 9090)]
        var configuration = ClientConfiguration()
        configuration.framing = .header
        try await withServiceGroup("sums", at: endpoints, configuration: configuration) {
          Retry(2)
        } body: { (group) async throws -> Void in
          #expect(try await group.add(1, 1) == 2)
        }
      }
      #expect(seen.lines == ["slow: none", "well: 1"])
    }
  }
}

@Suite("A deadline across the wire")
struct DeadlineAcrossTests {
  /// What a handler knows to be left of its deadline.
  private func left(
    _ chain: Chain, header: String? = nil, deadline: Duration? = nil, attempt: Duration? = nil
  ) async throws -> Duration? {
    let seen = Lock<Duration?>(nil)
    try await simulate(seed: 1) { world in
      world.server("a", configuration: chain.server) { a, b in
        seen.withLock { $0 = Deadline.remaining }
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("a", at: [.tcp("a", 9090)], configuration: chain.client) {
          PerEndpoint { Timeouts(attempt: attempt) }
        } body: { (group) async throws -> Void in
          let call: @Sendable () async throws -> Void = {
            if let header {
              _ = try await withRequestHeaders(["thrift-timeout-ms": header]) { try await group.add(1, 1) }
            } else {
              _ = try await group.add(1, 1)
            }
          }
          if let deadline { try await withDeadline(deadline) { try await call() } } else { try await call() }
        }
      }
    }
    return seen.withLock { $0 }
  }

  @Test("a handler inherits what is left of the call's, or of the attempt's time", arguments: [Framing.header, .http])
  func inherited(framing: Framing) async throws {
    let all = try #require(try await left(Chain(framing: framing), deadline: .milliseconds(300)))
    #expect(all <= .milliseconds(300) && all > .milliseconds(298))
    let some = try #require(
      try await left(Chain(framing: framing), deadline: .milliseconds(300), attempt: .milliseconds(80)))
    #expect(some <= .milliseconds(80) && some > .milliseconds(78))
  }

  @Test("there is none without one, without headers, and where it is switched off")
  func absent() async throws {
    #expect(try await left(Chain()) == nil)
    for chain in [Chain(framing: .framed), Chain(isSent: false), Chain(isHeeded: false)] {
      #expect(try await left(chain, deadline: .milliseconds(300)) == nil)
    }
  }

  @Test("what is no number of milliseconds says nothing", arguments: ["", "-1", "NaN", "1e3", "+5", "5.0", " 5", "∞"])
  func garbage(header: String) async throws {
    #expect(try await left(Chain(), header: header) == nil)
  }

  @Test(
    "the longest is 366 days, and the shortest is over",
    arguments: [
      ("0", .zero), ("31622400000", .seconds(31_622_400)), ("9223372036854775807", .seconds(31_622_400)),
      ("999999999999999999999999", .seconds(31_622_400)),
    ] as [(String, Duration)])
  func extremes(header: String, expected: Duration) async throws {
    #expect(try await left(Chain(), header: header) == expected)
  }
}
