import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

/// Notes which clients were not recognised.
private final class Strangers: ServerObserver {
  let seen = Seen()

  func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient) {
    seen.note("\(peer.port != nil) \(client)")
  }
}

@Suite("Clients of something else")
struct UnrecognisedClientTests {
  /// What a server notes of a client that sends this and waits to be left.
  private func strangers(sending bytes: [UInt8], ends: Bool = false) async throws -> [String] {
    let strangers = Strangers()
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.log = strangers
      configuration.requestTimeout = .seconds(1)
      try await startServer(world, EchoHandler(), configuration: configuration)
      try await world.withStream { stream in
        try await stream.writeAll(bytes)
        if ends { stream.finishWriting() }
        try await stream.drain()
      }
      try await world.sleep(for: .seconds(1))
    }
    return strangers.seen.all
  }

  /// What a text stands for, in which `|` ends a line and `~` is a zero byte: neither could stand in the log of the tests.
  private func bytes(_ text: String) -> [UInt8] {
    Array(text.replacing("|", with: "\r\n").replacing("~", with: "\0").utf8)
  }

  @Test(
    "are told of once, with what they look like",
    arguments: [
      ("\u{16}\u{3}\u{1}\u{2}~\u{1}~\u{1}", "TLS"), ("PRI * HTTP/2.0||SM||", "HTTP/2"),
      ("SSH-2.0-OpenSSH_9.6|", "SSH"), ("\u{1}~~~\u{5}PLAIN", "SASL"),
      ("hello|", "text that begins with \"hello\""), ("HELO x|", "text that begins with \"HELO x\""),
      ("HELO", "text that begins with \"HELO\""),
    ])
  func strangers(text: String, looks: String) async throws {
    #expect(try await strangers(sending: bytes(text)) == ["true \(looks)"])
  }

  @Test(
    "are none that send nothing, a request of HTTP, or a message that breaks off",
    arguments: [
      "", "GET /health HTTP/1.1|Host: x||", "GET /health", "OPTIONS * HTTP/1.1||",
      "POST / HTTP/1.1|Content-Length: 5||hello", "~~~ ~~",
    ])
  func others(text: String) async throws {
    #expect(try await strangers(sending: bytes(text), ends: true).isEmpty)
  }

  @Test("are none once they have sent a message")
  func later() async throws {
    let strangers = Strangers()
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.observers = [strangers]
      try await startServer(world, EchoHandler(), configuration: configuration)
      try await world.withStream { stream in
        try await stream.writeFrame(message("echo", .call, 1, body(1, "x")))
        _ = try await stream.readFrame()
        try await stream.writeAll(Array("SSH-2.0-OpenSSH\r\n".utf8))
        try await stream.drain()
      }
    }
    #expect(strangers.seen.all.isEmpty)
  }
}
