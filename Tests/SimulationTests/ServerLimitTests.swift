import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

private func limited(_ limits: ServerLimits, methods: [String: ServerLimits] = [:]) -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.policy.limits = limits
  configuration.policy.methods = methods
  return configuration
}

extension World {
  /// Starts `count` calls at once; how each of them ended, in their order.
  fileprivate func all(
    _ count: Int, _ call: @escaping @Sendable (Int32) async throws -> Int32
  ) async -> [Result<Int32, any Error>] {
    await withTaskGroup { tasks in
      for index in 0..<count {
        tasks.addTask { (index, await self.timed { try await call(Int32(index)) }.result) }
      }
      var results: [Int: Result<Int32, any Error>] = [:]
      for await (index, result) in tasks { results[index] = result }
      return results.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}

@Suite("Limits of a server")
struct ServerLimitTests {
  @Test("what is over the bulkhead is refused at once, and nothing of it is executed")
  func bulkhead() async throws {
    try await simulate(seed: 1) { world in
      let served = Log()
      world.server("a", configuration: limited(ServerLimits(bulkhead: Bulkhead(2)))) { a, b in
        served.add("\(a)")
        try await world.sleep(for: .milliseconds(50))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      let client = ObservedClient(world)
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        let results = await world.all(5) { index in try await endpoint.spend(index, 1) }
        #expect(results.filter { $0.value != nil }.count == 2)
        for case .failure(let error as RPCError) in results {
          #expect(error.code == .overloaded && error.isUnexecuted && !error.isUnsent)
        }
        #expect(served.lines.count == 2)
        #expect(await endpoint.breakerState == .closed)
        #expect(!client.log.contains { $0.hasSuffix("closed") }, "no connection is broken: \(client.log)")
        #expect(try await endpoint.spend(1, 1) == 2, "there is room again")
        await endpoint.close()
      }
    }
  }

  @Test("a refused call goes to the next endpoint, also one that must not run twice, and trips no breaker")
  func elsewhere() async throws {
    try await simulate(seed: 1) { world in
      let served = Log()
      for (name, places) in [("a", 1), ("b", 100)] {
        world.server(name, configuration: limited(ServerLimits(bulkhead: Bulkhead(places)))) { a, b in
          served.add(name)
          try await world.sleep(for: .milliseconds(50))
          return a + b
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) {
          PerEndpoint { CircuitBreaker(.consecutive(1)) }
        } body: { (group) async throws -> Void in
          let results = await world.all(6) { index in try await group.spend(index, 1) }
          #expect(results.compactMap(\.value) == [1, 2, 3, 4, 5, 6])
          #expect(await group.breakerStates.values.allSatisfy { $0 == .closed })
        }
      }
      #expect(served.lines.filter { $0 == "a" }.count == 1)
      #expect(served.lines.filter { $0 == "b" }.count == 5)
    }
  }

  @Test("when every endpoint refuses, the error says that nothing was executed")
  func nowhere() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] {
        world.server(name, configuration: limited(ServerLimits(rateLimit: RateLimit(1, per: .seconds(60)))))
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) { (group) async throws -> Void in
          #expect(try await group.spend(1, 1) == 2)
          #expect(try await group.spend(1, 1) == 2)
          let error = await #expect(throws: RPCError.self) { try await group.spend(1, 1) }
          #expect(error?.code == .unavailable && error?.isUnexecuted == true)
          #expect(error?.attempts.map { ($0.error as? RPCError)?.code } == [.overloaded, .overloaded])
        }
      }
    }
  }

  @Test("a rate limit lets its burst through, and more as time goes by")
  func rate() async throws {
    try await simulate(seed: 1) { world in
      world.server("a", configuration: limited(ServerLimits(rateLimit: RateLimit(10, burst: 3))))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        let burst = await world.all(5) { _ in try await endpoint.add(1, 1) }
        #expect(burst.filter { $0.code == .overloaded }.count == 2)
        try await world.sleep(for: .milliseconds(100))
        let later = await world.all(2) { _ in try await endpoint.add(1, 1) }
        #expect(later.filter { $0.value == 2 }.count == 1)
        await endpoint.close()
      }
    }
  }

  @Test("a method's limit is its own, by whichever name it is called; the server's is for all together")
  func methods() async throws {
    try await simulate(seed: 1) { world in
      let configuration = limited(
        ServerLimits(rateLimit: RateLimit(1, per: .seconds(60), burst: 4)),
        methods: ["Calculator.spend": ServerLimits(rateLimit: RateLimit(1, per: .seconds(60)))])
      world.server("a", configuration: configuration)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let plain = try Endpoint(.tcp("a", 9090))
        var multiplexing = ClientConfiguration()
        multiplexing.multiplexedService = "Calculator"
        let multiplexed = try Endpoint(.tcp("a", 9090), configuration: multiplexing)
        #expect(try await plain.spend(1, 1) == 2)
        for endpoint in [plain, multiplexed] {
          #expect(await world.timed { try await endpoint.spend(1, 1) }.result.code == .overloaded)
        }
        for _ in 0..<3 { #expect(try await multiplexed.add(1, 1) == 2) }
        #expect(await world.timed { try await plain.add(1, 1) }.result.code == .overloaded)
        await plain.close()
        await multiplexed.close()
      }
    }
  }

  @Test("calls may wait for a place, as long as the limit and the client let them")
  func waiting() async throws {
    try await simulate(seed: 1) { world in
      let policy = Bulkhead(1, waiters: 1, wait: .milliseconds(100))
      world.server("a", configuration: limited(ServerLimits(bulkhead: policy))) { a, b in
        try await world.sleep(for: .milliseconds(50))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        let results = await world.all(3) { index in try await endpoint.add(index, 1) }
        #expect(results.filter { $0.value != nil }.count == 2)
        #expect(results.filter { $0.code == .overloaded }.count == 1)
        await endpoint.close()
      }
    }
  }

  @Test("a client that goes while its call waits leaves its place to others")
  func leaving() async throws {
    try await simulate(seed: 1) { world in
      let served = Log()
      world.server("a", configuration: limited(ServerLimits(bulkhead: Bulkhead(1, waiters: 2)))) { a, b in
        served.add("\(a)")
        try await world.sleep(for: .milliseconds(100))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        await withTaskGroup { tasks in
          tasks.addTask { _ = try? await endpoint.add(1, 1) }
          tasks.addTask {
            try? await world.sleep(for: .milliseconds(10))
            for _ in 0..<3 { _ = try? await withDeadline(.milliseconds(20)) { try await endpoint.add(2, 2) } }
            _ = try? await endpoint.add(3, 3)
          }
        }
        #expect(served.lines == ["1", "3"])
        await endpoint.close()
      }
    }
  }

  @Test("an adaptive limit falls while handlers fail, and refuses what is over it")
  func adaptive() async throws {
    try await simulate(seed: 1) { world in
      struct Down: Error {}
      var configuration = limited(
        ServerLimits(adaptiveLimit: AdaptiveLimit(initial: 8, min: 2, max: 8, window: .milliseconds(10))))
      configuration.log = nil
      world.server("a", configuration: configuration) { a, b in
        try await world.sleep(for: .milliseconds(20))
        if a < 0 { throw Down() }
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.circuitBreaker = nil
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        let before = await world.all(9) { _ in try await endpoint.add(1, 1) }
        #expect(before.filter { $0.code == .overloaded }.count == 1)
        for _ in 0..<60 { _ = await world.all(4) { _ in try await endpoint.add(-1, 1) } }
        let after = await world.all(9) { _ in try await endpoint.add(1, 1) }
        #expect(after.filter { $0.code == .overloaded }.count == 7)
        await endpoint.close()
      }
    }
  }

  @Test("a value out of its range, and a method that there is not, are errors that name it")
  func validation() throws {
    #expect("\(error(of: limited(ServerLimits(bulkhead: Bulkhead(0)))))".contains("concurrent"))
    let misspelt = limited(ServerLimits(), methods: ["Calculator.sub": ServerLimits(bulkhead: Bulkhead(1))])
    #expect("\(error(of: misspelt))".contains("\"Calculator.sub\""))
    let nested = limited(ServerLimits(), methods: ["Calculator.add": ServerLimits(rateLimit: RateLimit(0))])
    #expect("\(error(of: nested))".contains("methods.Calculator.add"))
  }

  private func error(of configuration: ServerConfiguration) -> String {
    do {
      _ = try ThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration) {
        Calculator.service { $0 + $1 }
      }
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test("limits are read from JSON and written as JSON")
  func json() throws {
    let policy = try ServerPolicy(
      json: """
        {"limits": {"adaptiveLimit": {"max": 500}, "bulkhead": null},
         "methods": {"Calculator.add": {"rateLimit": {"rate": 10, "per": "1s"}, "bulkhead": {"concurrent": 3}}}}
        """)
    #expect(policy.limits == ServerLimits(adaptiveLimit: AdaptiveLimit(max: 500)))
    #expect(
      policy.methods == ["Calculator.add": ServerLimits(bulkhead: Bulkhead(3), rateLimit: RateLimit(10))])
    #expect(try ServerPolicy(json: policy.json) == policy)
    #expect(throws: DecodingError.self) { try ServerPolicy(json: "{\"limit\": {}}") }
    #expect(throws: PolicyError.self) { try ServerPolicy(json: "{\"limits\": {\"bulkhead\": {\"concurrent\": 0}}}") }
  }
}
