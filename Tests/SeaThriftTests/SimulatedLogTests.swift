import SeaThrift
import SeaThriftTesting
import Testing

@Suite("The default log of a server in a simulation")
struct SimulatedLogTests {
  private struct Stop: Error {}

  @Test("is among the events that a failed run shows")
  func events() async throws {
    var trace: [String] = []
    do {
      try await simulate(seed: 1) { (world: World) -> Void in
        try await startServer(world, EchoHandler())
        let error = try await withClient(world) { (endpoint: Endpoint) -> RPCError? in
          await failure { try await Echo.Client(endpoint).echo(text: "fail") }
        }
        try world.check(error?.code == .applicationException, "the handler fails")
        throw Stop()
      }
    } catch let error as SimulationError {
      #expect(error.cause is Stop)
      trace = error.trace
    }
    let lines = trace.filter { $0.contains(" server log ") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("echo failed for ") == true, "\(lines)")
  }
}
