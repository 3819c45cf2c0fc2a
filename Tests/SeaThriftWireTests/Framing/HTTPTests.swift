import SeaThriftWire
import Testing

@Suite struct HTTPTests {
  /// A request with the given head and body.
  private func post(_ fields: String, _ body: String = "82210501610000", line: String = "POST / HTTP/1.1") -> [UInt8] {
    Array((line + "\r\n" + fields.split(separator: "|").map { $0 + "\r\n" }.joined() + "\r\n").utf8)
      + [UInt8](hex: body)
  }

  private static let message = "82210501610000"

  private func cut(
    _ bytes: [UInt8], cuts: [Int] = [], limits: WireLimits = .default
  ) throws -> [CutMessage] {
    var cutter = MessageCutter(accepting: .all, limits: limits)
    return try cutter.messages(in: bytes, cuts: cuts)
  }

  /// The status that answers a request.
  private func status(_ bytes: [UInt8], limits: WireLimits = .default) -> String {
    var cutter = MessageCutter(accepting: .all, limits: limits)
    do {
      _ = try cutter.messages(in: bytes)
      return "none"
    } catch let error as CodecError {
      var output = WireBuffer()
      cutter.appendRefusal(error, to: &output)
      let text = String(decoding: output.bytes, as: UTF8.self)
      #expect(text.contains("Connection: close\r\n") && text.contains(error.message))
      return String(text.dropFirst(9).prefix(3))
    } catch {
      return "\(error)"
    }
  }

  @Test("a body of known length is found however it arrives")
  func contentLength() throws {
    let bytes = post("Host: x|content-LENGTH:   7  |X-Trace: a|x-trace: b") + post("Content-Length: 7")
    for cuts in [[], Array(bytes.indices), [3, 17, 60]] {
      let messages = try cut(bytes, cuts: cuts)
      #expect(messages.map(\.bytes.hex) == [Self.message, Self.message])
      #expect(messages.first?.headers["x-trace"] == "a, b")
      #expect(messages.last?.headers["x-trace"] == nil)
    }
  }

  /// A request whose body comes in chunks of the given sizes.
  private func chunked(_ body: [UInt8], _ sizes: [Int], trailer: String = "") -> [UInt8] {
    var bytes = post("Transfer-Encoding: chunked", "")
    var start = 0
    for size in sizes {
      let end = min(start + size, body.count)
      if end == start { break }
      bytes += Array((String(end - start, radix: 16, uppercase: size % 2 == 0) + "\r\n").utf8)
      bytes += body[start..<end] + Array("\r\n".utf8)
      start = end
    }
    return bytes + Array("0\r\n\(trailer)\r\n".utf8)
  }

  @Test("chunks are put together however they arrive", arguments: [[1], [7], [3, 50], [1000, 1, 1]])
  func chunks(sizes: [Int]) throws {
    let body = try ThriftFormat.binary.message(Sample.full)
    let endless = (0..<body.count).map { sizes[$0 % sizes.count] }
    let one = chunked(body, endless, trailer: "X: y\r\n")
    for cuts in [[], Array((one + one).indices), [40, 55, 56, 90]] {
      #expect(try cut(one + one, cuts: cuts).map(\.bytes) == [body, body])
    }
  }

  @Test("chunks of single bytes cost linear time and are taken, save when their lines outweigh them by far")
  func smallChunks() throws {
    var sample = Sample.full
    sample.data = [UInt8](repeating: 1, count: 40_000)
    let body = try ThriftFormat.binary.message(sample)
    #expect(try cut(chunked(body, Array(repeating: 4, count: body.count))).map(\.bytes) == [body])
    var padded = post("Transfer-Encoding: chunked", "")
    for _ in 0..<10 { padded += Array("1;\(String(repeating: "x", count: 10_000))\r\na\r\n".utf8) }
    #expect(status(padded) == "431")
  }

  @Test(
    "what HTTP cannot be is refused with its status",
    arguments: [
      ("GET / HTTP/1.1", "Content-Length: 7", "405"), ("PUT / HTTP/1.1", "", "405"),
      ("POST / HTTP/2.0", "", "505"), ("POST /", "", "400"), ("POST  / HTTP/1.1", "", "400"),
      ("POST / HTTP/1.1 x", "", "400"), ("POST / FTP/1.1", "", "400"), ("HELLO", "", "400"),
      ("POST / HTTP/1.1", "", "411"), ("POST / HTTP/1.1", "Content-Length: -1", "400"),
      ("POST / HTTP/1.1", "Content-Length: +7", "400"), ("POST / HTTP/1.1", "Content-Length: 0x7", "400"),
      ("POST / HTTP/1.1", "Content-Length: seven", "400"), ("POST / HTTP/1.1", "Content-Length:", "400"),
      ("POST / HTTP/1.1", "Content-Length: 99999999999999999999", "413"),
      ("POST / HTTP/1.1", "Content-Length: 104857601", "413"),
      ("POST / HTTP/1.1", "Content-Length: 7|Content-Length: 8", "400"),
      ("POST / HTTP/1.1", "Content-Length: 7|Transfer-Encoding: chunked", "400"),
      ("POST / HTTP/1.1", "Transfer-Encoding: gzip", "501"), ("POST / HTTP/1.1", ": x", "400"),
      ("POST / HTTP/1.1", "X Y: z", "400"), ("POST / HTTP/1.1", "A: b| folded", "400"),
      ("POST / HTTP/1.1", "nothing", "400"), ("POST / HTTP/1.1", "Content-Length: 0", "400"),
    ])
  func refused(line: String, fields: String, expected: String) {
    #expect(status(post(fields, line: line)) == expected)
  }

  @Test("a body that is no message of Thrift is refused as such", arguments: ["68656c6c6f2121", "ffffffffffffff"])
  func media(body: String) { #expect(status(post("Content-Length: 7", body)) == "415") }

  @Test("a browser must say that it sends Thrift, so that no page of another site can make it call a service")
  func browser() {
    for origin in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site"] {
      #expect(status(post("\(origin)|Content-Length: 7")) == "415")
      #expect(status(post("\(origin)|Content-Type: text/plain|Content-Length: 7")) == "415")
      #expect(status(post("\(origin)|Content-Type: application/x-thrift|Content-Length: 7")) == "none")
      #expect(status(post("\(origin)|Content-Type: application/vnd.apache.thrift.json|Content-Length: 7")) == "none")
    }
    #expect(status(post("", line: "OPTIONS / HTTP/1.1")) == "405")
  }

  @Test(
    "chunks that are wrong are refused",
    arguments: [
      ("-1|", "400"), ("g|", "400"), ("|", "400"), ("1|ab|", "400"), ("ffffffff|", "413"), ("fffffffff|", "413"),
      ("6400001|", "413"),
    ])
  func chunkErrors(text: String, expected: String) {
    #expect(status(post("Transfer-Encoding: chunked", "") + Array(text.replacing("|", with: "\r\n").utf8)) == expected)
  }

  @Test("a head is as long, and has as many fields, as the limits say")
  func headLimits() {
    let limits = WireLimits(maxHeaderBytes: 200, maxHeaders: 3)
    #expect(status(post("Content-Length: 7|A: b|C: d"), limits: limits) == "none")
    #expect(status(post("Content-Length: 7|A: b|C: d|E: f"), limits: limits) == "431")
    #expect(status(post("Content-Length: 7|A: \(String(repeating: "x", count: 180))"), limits: limits) == "431")
    #expect(status(Array(String(repeating: "P", count: 300).utf8), limits: limits) == "431")
    // A client that never ends its head.
    #expect(status(Array("POST / HTTP/1.1\r\n".utf8) + [UInt8](repeating: 0x61, count: 70_000)) == "431")
  }

  @Test("whether a connection goes on is what the request says, and its version")
  func keepAlive() throws {
    for (line, fields, expected) in [
      ("POST / HTTP/1.1", "", true), ("POST / HTTP/1.1", "Connection: close|", false),
      ("POST / HTTP/1.1", "Connection: TE, Close|", false), ("POST / HTTP/1.0", "", false),
      ("POST / HTTP/1.0", "Connection: Keep-Alive|", true),
    ] {
      var cutter = MessageCutter(accepting: .all, limits: .default)
      _ = try cutter.messages(in: post(fields + "Content-Length: 7", line: line))
      #expect(cutter.head.keepsAlive == expected, "\(line) \(fields)")
      var output = WireBuffer()
      try output.appendMessage(
        "a", .reply, 5, Tree(), format: .compact, framing: .http, head: cutter.head.ofReply, limits: .default)
      let text = String(decoding: output.bytes, as: UTF8.self)
      #expect(text.contains("Connection: close") == !expected)
      #expect(text.contains("Connection: keep-alive") == (expected && line.hasSuffix("0")))
    }
  }

  @Test("a client that waits for it is told to go on, once")
  func goOn() throws {
    var cutter = MessageCutter(accepting: .all, limits: .default)
    var buffer = WireBuffer()
    buffer.append(post("Content-Length: 7|Expect: 100-continue", ""))
    _ = try cutter.cut(&buffer)
    #expect(cutter.awaitsContinue)
    buffer.append([0x82])
    _ = try cutter.cut(&buffer)
    #expect(!cutter.awaitsContinue)
  }

  @Test("requests and responses that are written can be read", arguments: ThriftFormat.allCases)
  func roundTrip(format: ThriftFormat) throws {
    var head = FrameHead(.request(host: "example.org:80", path: "/a?b=c"))
    head.headers = ["X-Trace": "1 2"]
    let request = try format.message(Sample.full(in: format), in: .http, head: head)
    let text = String(decoding: request, as: UTF8.self)
    #expect(text.hasPrefix("POST /a?b=c HTTP/1.1\r\nHost: example.org:80\r\n"))
    #expect(
      text.contains("Content-Type: application/x-thrift\r\n") && text.contains("Accept: application/x-thrift\r\n"))
    var cutter = MessageCutter(accepting: .all, limits: .default)
    let message = try #require(try cutter.messages(in: request).first)
    #expect(message.bytes == (try format.message(Sample.full(in: format))) && message.headers["x-trace"] == "1 2")

    var reply = WireBuffer()
    try reply.appendMessage(
      "add", .call, 7, Sample.full(in: format), format: format, framing: .http, head: cutter.head.ofReply,
      limits: .default)
    var client = MessageCutter(framing: .http, format: format, limits: .default)
    #expect(try client.messages(in: reply.bytes).map(\.bytes) == [message.bytes])
  }

  @Test("headers that HTTP cannot express, or that are its own, are not sent")
  func impossibleHeaders() {
    for (name, value) in [
      ("", "x"), ("a b", "x"), ("a:", "x"), ("é", "x"), ("a", "x\r\ny: z"), ("a", "\u{0}"), ("Content-Length", "5"),
      ("host", "x"), ("Transfer-Encoding", "chunked"),
    ] {
      #expect(throws: CodecError.self) { try Framing.http.checkHeader(name, value) }
    }
    #expect(throws: Never.self) { try Framing.http.checkHeader("X-Ok", "a\tb é") }
    #expect(throws: Never.self) { try Framing.header.checkHeader("any thing", "\r\n") }
    #expect(throws: CodecError.self) { try Framing.framed.checkHeader("a", "b") }
  }

  private func response(_ text: String, _ body: String = message) -> [UInt8] {
    Array(text.replacing("|", with: "\r\n").utf8) + [UInt8](hex: body)
  }

  @Test("responses have a length, or chunks, or the end of the connection; interim ones are stepped over")
  func responses() throws {
    for bytes in [
      response("HTTP/1.1 200 OK|Content-Length: 7||"), response("HTTP/1.0 200|Content-Length: 7||"),
      response("HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Content-Length: 7||"),
      response("HTTP/1.1 200 OK|Transfer-Encoding: chunked||7|") + Array("\r\n0\r\n\r\n".utf8),
    ] {
      var cutter = MessageCutter(framing: .http, format: .compact, limits: .default)
      #expect(try cutter.messages(in: bytes, cuts: Array(bytes.indices)).map(\.bytes.hex) == [Self.message])
    }
    var cutter = MessageCutter(framing: .http, format: .compact, limits: .default)
    var buffer = WireBuffer()
    buffer.append(response("HTTP/1.0 200 OK|Content-Type: x||"))
    guard case .needMore = try cutter.cut(&buffer) else { throw CodecError(.invalidData, "complete") }
    guard case .message(let payload, _) = try cutter.cut(&buffer, isEnd: true) else {
      throw CodecError(.invalidData, "incomplete")
    }
    #expect([UInt8](buffer.readableBytes[payload]).hex == Self.message)
    #expect(!cutter.head.keepsAlive)
  }

  @Test(
    "garbage instead of a response is refused", arguments: ["HTTP/1.1||", "XTTP/1.1 200 OK||", "HTTP/1.1 2000 OK||"])
  func garbage(text: String) {
    var cutter = MessageCutter(framing: .http, format: .compact, limits: .default)
    #expect(throws: CodecError.self) { _ = try cutter.messages(in: response(text)) }
  }

  @Test("an answer to a oneway call has no body, and Apache's C++ clients wanted none up to 0.23")
  func oneway() throws {
    var output = WireBuffer()
    output.appendHTTPAnswerToOneway(FrameHead())
    var cutter = MessageCutter(framing: .http, format: .compact, limits: .default)
    let answers = try cutter.messages(in: output.bytes)
    #expect(answers.map(\.bytes) == [[]])
    var server = MessageCutter(accepting: .all, limits: .default)
    _ = try server.messages(in: post("User-Agent: Thrift/0.17.0 (C++/THttpClient)|Content-Length: 7"))
    #expect(!server.head.awaitsAnswerToOneway)
    _ = try server.messages(in: post("User-Agent: Python/THttpClient|Content-Length: 7"))
    #expect(server.head.awaitsAnswerToOneway)
  }
}
