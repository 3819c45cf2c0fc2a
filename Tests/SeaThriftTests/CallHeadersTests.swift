import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Answers with a header of the request, and sends one with the reply.
private final class HeaderHandler: Other.Handler {
  /// What a task that a call left behind would have.
  let left = Lock<CallContext?>(nil)

  func echo(text: String) async throws -> String {
    guard let context = CallContext.current else { return "no context" }
    if text == "leave" { left.withLock { $0 = context } }
    if text == "after", let left = left.withLock(\.self) {
      try left.setReplyHeader("x-left", "behind")
      return "\(left === context) \(left.requestHeaders["x-tenant"] ?? "none")"
    }
    if text == "context" { return "\(context.framing) \(context.peer.port != nil)" }
    if text != "nothing" { try context.setReplyHeader("x-answer", text) }
    return context.requestHeaders["x-tenant"] ?? "none"
  }
}

@Suite("Key-value headers")
struct CallHeadersTests {
  private func withServer(
    _ framing: Framing, _ body: @escaping @Sendable (Other.Client, Endpoint) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      let host = world.host("server")
      host.start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Other.service(HeaderHandler()) }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await withClient(world, { $0.framing = framing }) { try await body(Other.Client($0), $0) }
    }
  }

  static let carrying = Framing.allCases.filter(\.carriesHeaders)

  @Test("travel with a call and with its reply, and with no other", arguments: carrying)
  func travel(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let (answer, headers) = try await withRequestHeaders(["x-tenant": "grün 1"]) {
        try await withReplyHeaders { try await client.echo(text: "first") }
      }
      #expect(answer == "grün 1")
      #expect(headers["x-answer"] == "first")
      let (none, noHeaders) = try await withReplyHeaders { try await client.echo(text: "nothing") }
      #expect(none == "none")
      #expect(noHeaders["x-answer"] == nil)
    }
  }

  @Test("of a reply are seen by all who ask, the one who asks around another too", arguments: carrying)
  func nestedReplies(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let (inner, outer) = try await withReplyHeaders {
        _ = try await client.echo(text: "before")
        return try await withReplyHeaders { try await client.echo(text: "within") }
      }
      #expect(inner.headers["x-answer"] == "within" && outer["x-answer"] == "within")
    }
  }

  @Test("of enclosing scopes are joined, the inner one wins", arguments: carrying)
  func nested(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let answer = try await withRequestHeaders(["x-tenant": "outer", "x-other": "1"]) {
        try await withRequestHeaders(["x-tenant": "inner"]) { try await client.echo(text: "t") }
      }
      #expect(answer == "inner")
    }
  }

  @Test("are an error where the framing carries none", arguments: [Framing.framed, .unframed])
  func notCarried(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let error = await failure { try await withRequestHeaders(["a": "b"]) { try await client.echo(text: "t") } }
      #expect(error?.code == .invalidRequest && error?.isUnsent == true)
      #expect(error?.description.contains("carries none") == true)
      // In the handler, too, where it is an undeclared error.
      let inside = await failure { try await client.echo(text: "t") }
      #expect((inside?.cause as? ApplicationException)?.kind == .internalError)
      let answer = try await client.echo(text: "nothing")
      #expect(answer == "none")
    }
  }

  @Test("that HTTP cannot express are an error of the call")
  func impossible() async throws {
    try await withServer(.http) { client, _ in
      for headers in [["a b": "c"], ["a": "x\r\ny: z"], ["Content-Length": "5"]] {
        let error = await failure { try await withRequestHeaders(headers) { try await client.echo(text: "t") } }
        #expect(error?.code == .invalidRequest)
      }
    }
  }

  @Test("a handler knows its client and what it speaks", arguments: Framing.allCases)
  func context(framing: Framing) async throws {
    #expect(CallContext.current == nil)
    try await withServer(framing) { client, _ in
      let answer = try await client.echo(text: "context")
      #expect(answer == "\(framing) true")
    }
  }
  @Test("of a call are what a task sees that was left behind by it, whatever calls come after it", arguments: carrying)
  func leftBehind(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      _ = try await withRequestHeaders(["x-tenant": "first"]) { try await client.echo(text: "leave") }
      let (answer, headers) = try await withRequestHeaders(["x-tenant": "second"]) {
        try await withReplyHeaders { try await client.echo(text: "after") }
      }
      #expect(answer == "false first")
      #expect(headers["x-left"] == nil)
    }
  }
}
