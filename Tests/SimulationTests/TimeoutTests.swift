import SeaThriftTesting
import Testing

@Suite("Timeouts of a client in virtual time")
struct TimeoutTests {
  @Test("a call takes three ways on a new connection and two on an old one")
  func latency() async throws {
    try await simulate(seed: 1) { world in
      world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(10))))
      world.server("server")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        #expect(try await endpoint.add(2, 3) == 5)
        #expect(world.now == .milliseconds(1040))
        #expect(try await endpoint.add(3, 4) == 7)
        #expect(world.now == .milliseconds(1060))
        await endpoint.close()
      }
    }
  }

  @Test("a reply that does not come ends the call after exactly 250 ms, and the server's handler")
  func readTimeout() async throws {
    try await simulate(seed: 1) { world in
      let ended = Moment()
      world.server("server") { a, b in
        defer { ended.time = world.now }
        try await world.sleep(for: .seconds(10))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        let call = await world.timed { try await endpoint.add(2, 3) }
        #expect(call.result.code == .readTimeout)
        #expect(call.took == .milliseconds(250) + .microseconds(200), "and the handshake")
        await endpoint.close()
      }
      try await world.sleep(for: .seconds(1))
      #expect(ended.time == .milliseconds(1250) + .microseconds(300), "one way later")
    }
  }

  @Test("a connection that is not made ends the call after exactly 100 ms")
  func connectTimeout() async throws {
    try await simulate(seed: 1) { world in
      world.server("server").ignoreConnections()
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        let call = await world.timed { try await endpoint.add(2, 3) }
        #expect(call.result.code == .connectTimeout)
        #expect(call.took == .milliseconds(100))
        await endpoint.close()
      }
    }
  }

  @Test("a name service that does not answer counts as connecting")
  func slowName() async throws {
    try await simulate(seed: 1) { world in
      world.server("server")
      world.setName("server", delay: .seconds(5))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        let call = await world.timed { try await endpoint.add(2, 3) }
        #expect(call.result.code == .connectTimeout)
        #expect(call.took == .milliseconds(100))
        await endpoint.close()
      }
    }
  }

  @Test("a connection of the pool that does not become free ends the call after exactly 100 ms")
  func poolTimeout() async throws {
    try await simulate(seed: 1) { world in
      world.server("server") { a, b in
        try await world.sleep(for: .seconds(1))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.pool.size = 1
        configuration.policy.perEndpoint.timeouts.read = .seconds(5)
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        async let first = endpoint.add(2, 3)
        try await world.sleep(for: .milliseconds(10))
        let second = await world.timed { try await endpoint.add(3, 4) }
        #expect(second.result.code == .poolTimeout)
        #expect(second.took == .milliseconds(100))
        let sum = try await first
        #expect(sum == 5)
        await endpoint.close()
      }
    }
  }

  @Test("a request that is not taken ends the call after its write timeout")
  func writeTimeout() async throws {
    try await simulate(seed: 1) { world in
      world.host("client").setBuffers(sendBytes: 10, receiveBytes: 1000)
      world.server("server")
      try await world.sleep(for: .seconds(1))
      world.schedule(at: .seconds(2)) { world.isolate(world.host("server")) }
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.timeouts.write = .milliseconds(123)
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        let first = await world.timed { try await endpoint.add(2, 3) }
        #expect(first.result.value == 5)
        try await world.sleep(for: .seconds(2))
        let call = await world.timed { try await endpoint.add(2, 3) }
        #expect(call.result.code == .writeTimeout)
        #expect(call.took == .milliseconds(123))
        await endpoint.close()
      }
    }
  }
}

/// A time that is noted.
final class Moment: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var time: Duration?
}
