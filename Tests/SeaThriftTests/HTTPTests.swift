import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("HTTP")
struct HTTPTests {
  private func withStream(
    _ handler: EchoHandler = EchoHandler(), _ configuration: ServerConfiguration = ServerConfiguration(),
    _ body: @escaping @Sendable (ByteStream, World) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, handler, configuration: configuration)
      try await world.host("client").run {
        let loop = Network.current.nextLoop
        let stream = try await loop.connect(to: try await loop.resolve("server", port: 9090)[0])
        defer { stream.close() }
        try await body(stream, world)
      }
    }
  }

  private func post(_ body: [UInt8], _ fields: String = "", version: String = "1.1") -> [UInt8] {
    Array("POST /any HTTP/\(version)\r\n\(fields)Content-Length: \(body.count)\r\n\r\n".utf8) + body
  }

  @Test("connections go on, and requests sent together are answered in order")
  func keepAlive() async throws {
    try await withStream { stream, _ in
      let requests = (1...3).map { post(message("echo", .call, $0, body(1, "\($0)"))) }
      try await stream.writeAll(requests.flatMap { $0 })
      for number in 1...3 as ClosedRange<Int32> {
        let (head, content) = try await stream.readResponse()
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.contains("Content-Type: application/x-thrift\r\n"))
        #expect(content == message("echo", .reply, number, body(0, "\(number)")))
      }
    }
  }

  @Test("a client that says so, or is of HTTP 1.0, is answered and then left", arguments: ["1.0", "1.1"])
  func closes(version: String) async throws {
    try await withStream { stream, _ in
      let request = message("echo", .call, 1, body(1, "x"))
      try await stream.writeAll(post(request, version == "1.1" ? "Connection: close\r\n" : "", version: version))
      let (head, content) = try await stream.readResponse()
      #expect(head.contains("Connection: close") && content == message("echo", .reply, 1, body(0, "x")))
      #expect(try await stream.readExactly(1).isEmpty)
    }
  }

  @Test(
    "what is no POST of Thrift gets its status, and is then left",
    arguments: [
      ("GET / HTTP/1.1||", "405"), ("POST / HTTP/1.1||", "411"), ("POST / HTTP/1.1|Content-Length: -1||", "400"),
      ("POST / HTTP/1.1|Content-Length: 5||hello", "415"), ("NONSENSE|", "400"),
    ])
  func refused(text: String, status: String) async throws {
    try await withStream { stream, _ in
      try await stream.writeAll(Array(text.replacing("|", with: "\r\n").utf8))
      let (head, _) = try await stream.readResponse()
      #expect(head.hasPrefix("HTTP/1.1 \(status) "))
      #expect(try await stream.readExactly(1).isEmpty)
    }
  }

  @Test("a client that waits to be told gets its body taken")
  func goOn() async throws {
    try await withStream { stream, world in
      let request = post(message("echo", .call, 1, body(1, "x")), "Expect: 100-continue\r\n")
      let headEnd = request.count - message("echo", .call, 1, body(1, "x")).count
      try await stream.writeAll(Array(request[..<headEnd]))
      let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      #expect(try await stream.readExactly(interim.count) == interim)
      try await stream.writeAll(Array(request[headEnd...]))
      #expect(try await stream.readResponse().content == message("echo", .reply, 1, body(0, "x")))
    }
  }

  /// A server that answers each request with what `responses` says and closes after it where it says so.
  private func script(_ response: String, closes: Bool) -> @Sendable (ByteStream) async throws -> Void {
    { stream in
      var number: Int32 = 0
      while true {
        let (head, content) = try await stream.readResponse()
        if content.isEmpty { return }
        #expect(head.hasPrefix("POST /path HTTP/1.1\r\nHost: server:9090\r\n"))
        if content[3] == MessageType.oneway.rawValue {
          if closes { return }
          continue
        }
        number = Int32(content[15])
        let reply = message("echo", .reply, number, body(0, "ok"))
        let text = response.replacing("LENGTH", with: "\(reply.count)").replacing("|", with: "\r\n")
        try await stream.writeAll(Array(text.utf8) + reply)
        if closes { return }
      }
    }
  }

  @Test(
    "a client takes whole answers of servers that close, or do not say how long they are",
    arguments: [
      ("HTTP/1.0 200 OK|Content-Length: LENGTH||", true), ("HTTP/1.0 200 OK|Content-Type: x||", true),
      ("HTTP/1.1 200 OK|Content-Length: LENGTH||", false),
      ("HTTP/1.1 200 OK|Connection: close|Content-Length: LENGTH||", true),
      ("HTTP/1.1 100 Continue||HTTP/1.1 200 OK|content-length:LENGTH||", false),
    ])
  func client(response: String, closes: Bool) async throws {
    try await simulate(seed: 1) { world in
      try await startScript(world, [script(response, closes: closes)])
      let configure: @Sendable (inout ClientConfiguration) -> Void = {
        $0.framing = .http
        $0.httpPath = "/path"
        $0.policy.retry = Retry(0)
      }
      try await withClient(world, configure) { endpoint in
        for _ in 0..<3 {
          let answer = try await Echo.Client(endpoint).echo(text: "x")
          #expect(answer == "ok")
          try await Echo.Client(endpoint).notice(text: "x")
        }
      }
    }
  }
}

extension ByteStream {
  /// Reads a message of HTTP whose length is given.
  func readResponse() async throws -> (head: String, content: [UInt8]) {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let byte = try await readExactly(1)
      if byte.isEmpty { return (String(decoding: head, as: UTF8.self), []) }
      head += byte
    }
    let text = String(decoding: head, as: UTF8.self)
    let line = text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length:") }
    let length = line.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
    return (text, try await readExactly(length))
  }
}
