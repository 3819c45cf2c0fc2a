import SeaThriftWire
import Testing

@Suite("Responses of HTTP that are no success")
struct HTTPFailureTests {
  private struct Found {
    var failure: HTTPFailure?
    var keepsAlive = true
    /// What comes behind the response.
    var rest = 0
  }

  /// What a client takes from a response that arrives in pieces; nil when more is needed.
  private func response(_ text: String, cuts: [Int] = [], isEnd: Bool = false) throws -> Found? {
    var cutter = MessageCutter(framing: .http, format: .binary, limits: .default)
    let bytes = Array(text.replacing("|", with: "\r\n").utf8)
    var buffer = WireBuffer()
    var start = 0
    for cut in cuts + [bytes.count] {
      buffer.append(bytes[start..<max(cut, start)])
      start = max(cut, start)
      if case .message(let payload, let end) = try cutter.cut(&buffer, isEnd: isEnd && start == bytes.count) {
        #expect(payload.isEmpty == (cutter.failure != nil))
        buffer.consume(end)
        buffer.append(bytes[start...])
        return Found(failure: cutter.failure, keepsAlive: cutter.head.keepsAlive, rest: buffer.count)
      }
    }
    return nil
  }

  @Test("say their status and the first line of their body, however they arrive")
  func firstLine() throws {
    let text = "HTTP/1.1 503 Service Unavailable|Content-Length: 29||\nno healthy upstream\nmore....HTTP"
    for cuts in [[], Array(text.indices.indices).map { _ in 0 }, Array(1..<text.utf8.count)] {
      let found = try #require(try response(text, cuts: cuts))
      #expect(found.failure?.status == 503 && found.failure?.reason == "Service Unavailable")
      #expect(found.failure?.text == "no healthy upstream")
      #expect(found.keepsAlive && found.rest == 4)
    }
    let chunked = "HTTP/1.1 502 Bad Gateway|Transfer-Encoding: chunked||3|bad|8| gateway|0||"
    #expect(try response(chunked, cuts: Array(1..<chunked.count))?.failure?.text == "bad gateway")
    let endless = "HTTP/1.0 404 Not Found||no such path\n"
    #expect(try response(endless) == nil)
    let found = try #require(try response(endless, isEnd: true))
    #expect(found.failure?.text == "no such path" && !found.keepsAlive)
  }

  @Test("that are a success are none", arguments: [200, 201, 202, 204])
  func success(status: Int) throws {
    #expect(try response("HTTP/1.1 \(status) Fine|Content-Length: 1||x")?.failure == nil)
  }

  @Test(
    "show nothing that cannot be printed, nothing compressed, and not much",
    arguments: [
      ("aESC[31mb\u{7F}\u{85}c\u{200E}", "", "a[31mbc"), ("  spaces  ", "", "spaces"), ("grün ✓", "", "grün ✓"),
      ("", "", ""), ("\u{1F}\u{8B}garbage", "Content-Encoding: gzip|", ""),
    ])
  func printable(body: String, fields: String, text: String) throws {
    // The log of the tests would colour a terminal.
    let body = body.replacing("ESC", with: "\u{1B}")
    let found = try response("HTTP/1.1 500 Oops|\(fields)Content-Length: \(body.utf8.count)||\(body)")
    #expect(found?.failure?.text == text)
    for letter in ["x", "€"] {
      let long = String(repeating: letter, count: 5_000)
      let found = try response("HTTP/1.1 500 Oops|Content-Length: \(long.utf8.count)||\(long)")
      #expect(found?.failure?.text == String(repeating: letter, count: 200))
    }
  }

  @Test(
    "say when to come back, in seconds or as a date",
    arguments: [
      ("120", 120.0), ("0", 0), ("-1", nil), ("1.5", nil), ("soon", nil), ("", nil), ("99999999999999999999", 1e20),
      ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60), ("Sun Nov  6 08:50:37 1994", 60),
      ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("Tue, 06 Dec 1994 08:49:37 GMT", 30 * 86_400),
      ("Tue, 29 Feb 2000 08:49:37 GMT", 1_941 * 86_400.0), ("Sun, 06 Nov 1994 25:00:00 GMT", nil),
      ("Sun, 06 Nov 1994 08:50:37 CET", nil), ("Sun, 06 Nvo 1994 08:50:37 GMT", nil),
    ] as [(String, Double?)])
  func retryAfter(value: String, seconds: Double?) throws {
    let text = "HTTP/1.1 503 Busy|Date: Sun, 06 Nov 1994 08:49:37 GMT|Retry-After: \(value)|Content-Length: 0||"
    #expect(try response(text)?.failure?.retryAfter == seconds)
  }

  @Test("whose date has nothing to count from say nothing")
  func noDate() throws {
    let text = "HTTP/1.1 503 Busy|Retry-After: Sun, 06 Nov 1994 08:49:37 GMT|Content-Length: 0||"
    let found = try #require(try response(text))
    #expect(found.failure?.status == 503 && found.failure?.retryAfter == nil)
  }

  @Test("are not read to the end of a body that nobody wants, and end the connection then")
  func largeBody() throws {
    let body = "first\n" + String(repeating: "x", count: 70_000)
    for head in ["Content-Length: 10000000000||", "X: y||", "Transfer-Encoding: chunked||1117F|"] {
      let found = try #require(try response("HTTP/1.1 500 Oops|\(head)\(body)"))
      #expect(found.failure?.text == "first" && !found.keepsAlive)
    }
  }

  @Test("are known before their body has come to its end")
  func unfinished() throws {
    for (text, line) in [
      ("HTTP/1.1 503 Busy|Content-Length: 100||not y", "not y"), ("HTTP/1.1 503 Busy||", ""),
      ("HTTP/1.1 503 Busy|Transfer-Encoding: chunked||3|not|8| ye", "not ye"),
    ] {
      var cutter = MessageCutter(framing: .http, format: .binary, limits: .default)
      var buffer = WireBuffer()
      buffer.append(Array("HTTP/1.1 503".utf8))
      _ = try cutter.cut(&buffer)
      #expect(cutter.unfinishedFailure(in: buffer) == nil)
      buffer.append(text.replacing("|", with: "\r\n").utf8.dropFirst(12))
      _ = try cutter.cut(&buffer)
      #expect(cutter.unfinishedFailure(in: buffer)?.status == 503)
      #expect(cutter.unfinishedFailure(in: buffer)?.text == line)
    }
  }
}
