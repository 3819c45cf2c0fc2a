import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

/// Refuses calls by their header.
private struct Guard: ServerInterceptor {
  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    switch call.requestHeaders["token"] {
    case nil: throw CallRefusal("no token", as: .unauthenticated)
    case "guest": throw CallRefusal("not for guests", as: .permissionDenied, retry: .never)
    default: return try await next()
    }
  }
}

@Suite("Refusals of authentication")
struct AuthenticationTests {
  private func withServer(
    _ framing: Framing, _ body: @escaping @Sendable (Echo.Client, World) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.interceptors = [Guard()]
      try await startServer(world, EchoHandler(), configuration: configuration)
      try await withClient(world, { $0.framing = framing }) { try await body(Echo.Client($0), world) }
    }
  }

  @Test("have codes of their own where headers travel", arguments: Framing.allCases.filter(\.carriesHeaders))
  func codes(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let unknown = await failure { try await client.echo(text: "a") }
      #expect(unknown?.code == .unauthenticated && unknown?.isUnexecuted == true)
      #expect(unknown?.message.contains("no token") == true)
      let denied = await failure {
        try await withRequestHeaders(["token": "guest"]) { try await client.once(text: "a") }
      }
      #expect(denied?.code == .permissionDenied && denied?.retryAdvice == .never)
      #expect((denied?.cause as? ApplicationException)?.message == "not for guests")
      let answer = try await withRequestHeaders(["token": "x"]) { try await client.echo(text: "a") }
      #expect(answer == "a")
    }
  }

  @Test("are an exception that everybody understands where none do", arguments: [Framing.framed, .unframed])
  func withoutHeaders(framing: Framing) async throws {
    try await withServer(framing) { client, _ in
      let error = await failure { try await client.echo(text: "a") }
      #expect(error?.code == .applicationException)
      #expect(error?.cause as? ApplicationException == ApplicationException(.unsupportedClientType, "no token"))
    }
  }

  @Test("reach a client of HTTP that is not ours as a reply with a header")
  func onTheWire() async throws {
    try await withServer(.http) { _, world in
      try await world.withStream { stream in
        let request = message("echo", .call, 7, body(1, "x"))
        try await stream.writeAll(
          Array("POST / HTTP/1.1\r\nContent-Length: \(request.count)\r\n\r\n".utf8) + request)
        let (head, content) = try await stream.readResponse()
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.contains("\r\nthrift-error-code: unauthenticated\r\n"))
        let text = frame(Array("no token".utf8))
        #expect(content == message("echo", .exception, 7, [11, 0, 1] + text + [8, 0, 2, 0, 0, 0, 10, 0]))
      }
    }
  }

  @Test("are believed only with an exception, and only those that there are", arguments: ["overloaded", "closed", ""])
  func otherCodes(code: String) async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            for type in [MessageType.reply, .exception] {
              let (_, content) = try await stream.readResponse()
              let body = type == .reply ? body(0, "fine") : [11, 0, 1] + frame([]) + [8, 0, 2, 0, 0, 0, 6, 0]
              let reply = message("echo", type, Int32(content[15]), body)
              let name = type == .reply ? "unauthenticated" : code
              let head = "HTTP/1.1 200 OK\r\nThrift-Error-Code: \(name)\r\nContent-Length: \(reply.count)\r\n\r\n"
              try await stream.writeAll(Array(head.utf8) + reply)
            }
          }
        ])
      try await withClient(world, { $0.framing = .http }) { endpoint in
        let answer = try await Echo.Client(endpoint).echo(text: "a")
        #expect(answer == "fine")
        let error = await failure { try await Echo.Client(endpoint).echo(text: "a") }
        #expect(error?.code == .applicationException)
      }
    }
  }

  @Test("say nothing about the endpoint and are not retried")
  func verdicts() {
    for code in [RPCError.Code.unauthenticated, .permissionDenied] {
      #expect(ErrorClassification().verdict(on: RPCError(code, "")) == .ignorable)
      #expect(!ErrorClassification().isRetryable(RPCError(code, "")))
    }
  }
}
