import SeaThrift
import SeaThriftSockets
import Testing

@Suite("What is dropped without being closed, on the kernel's sockets")
struct DroppedEndpointTests {
  /// Says when a connection of a server ended.
  private struct Closings: ServerObserver {
    let continuation: AsyncStream<Void>.Continuation

    func connectionClosed(peer: EndpointAddress, error: (any Error)?) { continuation.yield() }
  }

  @Test("an endpoint that is dropped closes its connections", .timeLimit(.minutes(20)))
  func endpoint() async throws {
    let (closings, continuation) = AsyncStream.makeStream(of: Void.self)
    var configuration = ServerConfiguration()
    configuration.observers = [Closings(continuation: continuation)]
    try await withThriftServer(
      on: .tcp("127.0.0.1", 0), configuration: configuration, network: try Network(loopCount: 1)
    ) {
      Echo.service(EchoHandler())
    } body: { address in
      try await Self.callOnce(address)
      // Ends only when the server has seen the end of the connection.
      for await _ in closings { break }
    }
  }

  private static func callOnce(_ address: EndpointAddress) async throws {
    let endpoint = try Endpoint(address, configuration: .patient)
    #expect(try await Echo.Client(endpoint).echo(text: "once") == "once")
  }
}
