import SeaThrift
import SeaThriftSockets
import Testing

@Suite("Requests of HTTP that are refused before they are read, on the kernel's sockets")
struct UnreadRequestTests {
  /// What a client reads that sends all of its request first.
  private func answer(to head: String, bytes: Int) async throws -> String {
    let (network, clients) = (try Network(loopCount: 1), try Network(loopCount: 1))
    var configuration = ServerConfiguration()
    configuration.limits.maxMessageBytes = 100_000
    let answer = try await withThriftServer(
      on: .tcp("127.0.0.1", 0), configuration: configuration, network: network
    ) {
      Echo.service(EchoHandler())
    } body: { address in
      let (loop, port) = (clients.loops[0], UInt16(try #require(address.port)))
      return try await loop.run {
        let stream = try await loop.connect(to: SocketAddress(.ipv4(0x7F00_0001, port: port)))
        defer { stream.close() }
        try await stream.writeAll(Array(head.utf8) + [UInt8](repeating: 0x78, count: bytes))
        return String(decoding: try await stream.readExactly(12), as: UTF8.self)
      }
    }
    network.shutDown()
    clients.shutDown()
    return answer
  }

  // More than the buffers of both sides hold.
  private static let bytes = 8_000_000

  @Test("as they are too large: the client gets the answer, however much it sends first", .timeLimit(.minutes(5)))
  func tooLarge() async throws {
    let head =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-thrift\r\nContent-Length: \(Self.bytes)\r\n\r\n"
    #expect(try await answer(to: head, bytes: Self.bytes) == "HTTP/1.1 413")
  }

  @Test("as their method is none", .timeLimit(.minutes(5)))
  func otherMethod() async throws {
    let head = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(Self.bytes)\r\n\r\n"
    #expect(try await answer(to: head, bytes: Self.bytes) == "HTTP/1.1 405")
  }
}
