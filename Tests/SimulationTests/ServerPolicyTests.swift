import SeaThrift
import SeaThriftTesting
import Testing

@Suite("A server's policy, as it is written and reloaded")
struct ServerPolicyTests {
  @Test("the order of writing changes nothing, and JSON says the same")
  func order() throws {
    let first = try ServerPolicy {
      AdaptiveLimit(max: 500)
      Shadow { Bulkhead(3) }
      ServedMethod(Calculator.add) {
        RateLimit(10)
        Bulkhead(3)
      }
    }
    let second = try ServerPolicy {
      ServedMethod(Calculator.add) {
        Bulkhead(3)
        RateLimit(10)
      }
      Shadow { Bulkhead(3) }
      AdaptiveLimit(max: 500)
    }
    #expect(first == second)
    let json = """
      {"limits": {"adaptiveLimit": {"max": 500}, "shadow": {"bulkhead": {"concurrent": 3}}},
       "methods": {"Calculator.add": {"rateLimit": {"rate": 10}, "bulkhead": {"concurrent": 3}}}}
      """
    #expect(try ServerPolicy(json: json) == first)
    #expect(try ServerPolicy(json: first.json) == first)
    let changed = try ServerPolicy {
      ServedMethod(Calculator.add) { Bulkhead(4) }
      first
      RateLimit(100)
    }
    #expect(changed.limits.adaptiveLimit == first.limits.adaptiveLimit && changed.limits.rateLimit == RateLimit(100))
    #expect(changed.methods == ["Calculator.add": ServerLimits(bulkhead: Bulkhead(4), rateLimit: RateLimit(10))])
  }

  @Test("a slot that is given twice, and a value out of its range, are errors that name it")
  func mistakes() throws {
    func message(@ServerPolicyBuilder _ limits: () -> [ServerPolicyElement]) -> String {
      do {
        _ = try ServerPolicy(limits)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message {
        Bulkhead(1)
        RateLimit(1)
        Bulkhead(2)
      } == "ServerPolicy.Bulkhead is given twice, allowed is one")
    #expect(
      message {
        ServedMethod(Calculator.add) {
          RateLimit(1)
          RateLimit(2)
        }
      } == "ServedMethod(Calculator.add).RateLimit is given twice, allowed is one")
    #expect(
      message {
        ServedMethod(Calculator.add) { RateLimit(1) }
        ServedMethod(Calculator.add) { Bulkhead(1) }
      } == "ServerPolicy.ServedMethod(Calculator.add) is given twice, allowed is one")
    #expect(
      message {
        ServerPolicy()
        ServerPolicy()
      } == "ServerPolicy.ServerPolicy is given twice, allowed is one")
    #expect(message { Bulkhead(0) } == "Bulkhead.concurrent is 0, allowed is 1...1000000")
    #expect(message { ServedMethod(Calculator.add) { Bulkhead(0) } }.contains("methods.Calculator.add.concurrent is 0"))
    #expect(
      message { Shadow { Retry(1) } }
        == "Shadow.Retry is given, allowed is Bulkhead, RateLimit and AdaptiveLimit in a server")
  }

  /// Runs a server of two loops whose handlers take 50 ms, and `client` against it.
  private func withServer(
    _ policy: ServerPolicy = ServerPolicy(), observer: (any ServerObserver)? = nil,
    _ client: @escaping @Sendable (World, ThriftServer, Endpoint) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.policy = policy
      if let observer { configuration.observers = [observer] }
      let host = world.host("a", loops: 2)
      let server = try await host.run { [configuration] in
        try ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
          Calculator.service { a, b in
            try await world.sleep(for: .milliseconds(50))
            return a + b
          }
        }
      }
      host.start { try await server.run() }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        try await client(world, server, endpoint)
        await endpoint.close()
      }
    }
  }

  @Test("new limits hold for the calls that come after them, and no call or connection is lost")
  func reload() async throws {
    let connections = Log()
    struct Watch: ServerObserver {
      let log: Log
      func connectionOpened(peer: EndpointAddress) { log.add("opened") }
      func connectionClosed(peer: EndpointAddress, error: (any Error)?) { log.add("closed") }
    }
    try await withServer(observer: Watch(log: connections)) { (world, server, endpoint) async throws -> Void in
      async let running = world.codes(4) { try await endpoint.add(1, 1) }
      try await world.sleep(for: .milliseconds(10))
      try await server.update(ServerPolicy { Bulkhead(1, waiters: 1, wait: .seconds(1)) })
      #expect(server.policy.limits.bulkhead == Bulkhead(1, waiters: 1, wait: .seconds(1)))
      #expect(await running == [nil, nil, nil, nil], "they began without a limit")
      async let limited = world.codes(4) { try await endpoint.add(1, 1) }
      try await world.sleep(for: .milliseconds(10))
      try await server.update(ServerPolicy { ServedMethod(Calculator.add) { Bulkhead(2) } })
      #expect(await limited.filter { $0 == nil }.count == 2, "one runs, one waits, also after the change")
      #expect(await world.codes(3) { try await endpoint.add(1, 1) }.filter { $0 == nil }.count == 2)
      #expect(await world.codes(3) { try await endpoint.spend(1, 1) } == [nil, nil, nil], "another method")
      try await server.update(ServerPolicy())
      #expect(await world.codes(4) { try await endpoint.add(1, 1) } == [nil, nil, nil, nil])
      #expect(connections.lines == Array(repeating: "opened", count: 4))
    }
  }

  @Test("a limit that is the same as before keeps what it knows; one that is different begins anew")
  func keeping() async throws {
    let policy = try ServerPolicy {
      RateLimit(1, per: .seconds(60), burst: 2)
      ServedMethod(Calculator.spend) { RateLimit(1, per: .seconds(60)) }
    }
    try await withServer(policy) { (world, server, endpoint) async throws -> Void in
      #expect(try await endpoint.spend(1, 1) == 2)
      var changed = policy
      changed.limits.bulkhead = Bulkhead(10)
      try await server.update(changed)
      #expect(await world.codes(1) { try await endpoint.spend(1, 1) } == [.overloaded], "its token is used up")
      #expect(await world.codes(2) { try await endpoint.add(1, 1) } == [.overloaded, nil], "one token was left")
      changed.methods["Calculator.spend"] = nil
      changed.limits.rateLimit = RateLimit(1, per: .seconds(60), burst: 3)
      try await server.update(changed)
      #expect(await world.codes(4) { try await endpoint.spend(1, 1) }.filter { $0 == nil }.count == 3)
    }
  }

  @Test("a policy that is no good changes nothing, and the error names what is wrong")
  func badUpdate() async throws {
    try await withServer(ServerPolicy { Bulkhead(1) }) { (world, server, endpoint) async throws -> Void in
      let range = await #expect(throws: PolicyError.self) {
        var policy = ServerPolicy()
        policy.limits.rateLimit = RateLimit(0)
        try await server.update(policy)
      }
      #expect(range?.field == "rate")
      let unknown = await #expect(throws: ConfigurationError.self) {
        var policy = ServerPolicy()
        policy.methods["Calculator.sub"] = ServerLimits()
        try await server.update(policy)
      }
      #expect(unknown.map { "\($0)" }?.contains("Calculator.sub") == true)
      #expect(server.policy == (try ServerPolicy { Bulkhead(1) }))
      #expect(await world.codes(2) { try await endpoint.add(1, 1) } == [.overloaded, nil])
    }
  }

  @Test("limits that only watch refuse nothing and are told of, those of a method beside those of the server")
  func shadow() async throws {
    struct Watch: ServerObserver {
      let log: Log
      func shadowed(_ event: ShadowEvent, method: String, peer: EndpointAddress) { log.add("\(event) \(method)") }
    }
    let log = Log()
    let policy = try ServerPolicy {
      Shadow { Bulkhead(1, waiters: 1) }
      ServedMethod(Calculator.spend) { Shadow { RateLimit(1, per: .seconds(60)) } }
    }
    try await withServer(policy, observer: Watch(log: log)) { (world, server, endpoint) async throws -> Void in
      #expect(await world.codes(3) { try await endpoint.add(1, 1) } == [nil, nil, nil])
      #expect(log.lines == ["Bulkhead: delayed Calculator.add", "Bulkhead: refused Calculator.add"])
      #expect(await world.codes(2) { try await endpoint.spend(1, 1) } == [nil, nil])
      #expect(log.lines.dropFirst(2) == ["RateLimit: refused Calculator.spend", "Bulkhead: delayed Calculator.spend"])
      try await server.update(ServerPolicy())
      #expect(await world.codes(3) { try await endpoint.add(1, 1) } == [nil, nil, nil])
      #expect(log.lines.count == 4)
    }
  }
}
