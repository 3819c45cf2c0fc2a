import SeaThriftTesting
import Testing

@Suite("A client and a server in a simulated world")
struct ClientServerTests {
  @Test("a call takes three ways on a new connection and two on an old one")
  func latency() async throws {
    try await simulate(seed: 1) { world in
      world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(10))))
      let server = world.host("server")
      server.start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Calculator.service { $0 + $1 } }.run()
      }
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
}
