import SeaThriftTesting
import Testing

@Suite("Retries and circuit breakers in virtual time")
struct RetryAndBreakerTests {
  @Test("a retry goes to the next endpoint")
  func retry() async throws {
    try await simulate(seed: 1) { world in
      world.server("a") { _, _ in
        try await world.sleep(for: .seconds(10))
        return 0
      }
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) { group in
          let call = await world.timed { try await group.add(2, 3) }
          #expect(call.result.value == 5)
          #expect(call.took == .microseconds(200) + .milliseconds(250) + .microseconds(400))
        }
      }
    }
  }

  @Test("a method that is not idempotent is not tried again once it was sent")
  func notIdempotent() async throws {
    try await simulate(seed: 1) { world in
      let executed = Counter()
      for name in ["a", "b"] {
        world.server(name) { _, _ in
          executed.count += 1
          try await world.sleep(for: .seconds(10))
          return 0
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) { group in
          let call = await world.timed { try await group.spend(2, 3) }
          #expect(call.result.code == .readTimeout)
          #expect(call.result.attempts == [.readTimeout])
          #expect(executed.count == 1)
          world.host("a").kill()
          try await world.sleep(for: .seconds(1))
          let second = await world.timed { try await group.spend(2, 3) }
          #expect(second.result.attempts == [.connectionRefused, .readTimeout], "nothing was sent the first time")
          #expect(executed.count == 2)
        }
      }
    }
  }

  @Test("a breaker opens after four failures and probes after exactly ten seconds, with one call")
  func breaker() async throws {
    try await simulate(seed: 1) { world in
      world.server("server").refuseConnections()
      let client = ObservedClient(world)
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        for _ in 0..<4 {
          let call = await world.timed { try await endpoint.add(1, 1) }
          #expect(call.result.code == .connectionRefused)
        }
        let opened = world.now
        #expect(await endpoint.breakerState == .open)
        let refused = await world.timed { try await endpoint.add(1, 1) }
        #expect(refused.result.code == .circuitOpen)
        #expect(refused.took == .zero)
        try await world.sleep(for: .seconds(10) - .nanoseconds(1))
        let early = await world.timed { try await endpoint.add(1, 1) }
        #expect(early.result.code == .circuitOpen)
        world.host("server").admitConnections()
        try await world.sleep(for: .nanoseconds(1))
        #expect(world.now == opened + .seconds(10))
        let codes = await withTaskGroup(of: RPCError.Code?.self) { group in
          for _ in 0..<5 { group.addTask { await world.timed { try await endpoint.add(1, 1) }.result.code } }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.filter { $0 == .circuitOpen }.count == 4)
        #expect(codes.filter { $0 == nil }.count == 1)
        #expect(await endpoint.breakerState == .closed)
        #expect(client.openConnections == 1)
        await endpoint.close()
      }
      #expect(
        client.log == [
          "0.8 ms: breaker closed to open", "10000.8 ms: breaker open to halfOpen", "10001.0 ms: opened",
          "10001.2 ms: breaker halfOpen to closed", "10001.2 ms: closed",
        ])
    }
  }

  @Test("an endpoint that comes back is found by the probe after its restart")
  func restart() async throws {
    try await simulate(seed: 1) { world in
      let server = world.server("server")
      try await world.sleep(for: .seconds(1))
      world.schedule(at: .seconds(5)) { server.crash() }
      world.schedule(at: .seconds(20)) { server.restart() }
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        var results: [String] = []
        for second in 2..<40 {
          try await world.sleep(for: .seconds(second) - world.now)
          let call = await world.timed { try await endpoint.add(1, 1) }
          let text = call.result.code?.description ?? "ok"
          if results.last != text { results.append(text) }
        }
        #expect(
          results == ["ok", "readTimeout", "connectTimeout", "circuitOpen", "connectTimeout", "circuitOpen", "ok"])
        await endpoint.close()
      }
    }
  }
}

/// A number that grows.
final class Counter: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var count = 0
}
