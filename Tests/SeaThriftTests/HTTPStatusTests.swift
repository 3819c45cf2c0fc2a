import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("Statuses of HTTP")
struct HTTPStatusTests {
  /// Answers each request with the next of these responses, and what is beyond them with a reply. `|` is the end of a line.
  private static func script(
    _ responses: [String], _ requests: Seen = Seen()
  ) -> @Sendable (ByteStream) async throws -> Void {
    { stream in
      requests.note("connection")
      var left = responses[...]
      while true {
        let (_, content) = try await stream.readResponse()
        if content.isEmpty { return }
        requests.note("request")
        if let response = left.popFirst() {
          try await stream.writeAll(Array(response.replacing("|", with: "\r\n").utf8))
          if response.contains("close") { return }
          continue
        }
        let nameBytes = Int(content[7])
        let name = String(decoding: content[8..<(8 + nameBytes)], as: UTF8.self)
        let reply = message(name, .reply, Int32(content[11 + nameBytes]), body(0, "fine"))
        try await stream.writeAll(Array("HTTP/1.1 200 OK\r\nContent-Length: \(reply.count)\r\n\r\n".utf8) + reply)
      }
    }
  }

  private static func response(_ status: Int, _ fields: String = "", _ body: String = "why\nand more") -> String {
    "HTTP/1.1 \(status) Some Reason|\(fields)Content-Length: \(body.utf8.count)||\(body)"
  }

  private static let http: @Sendable (inout ClientConfiguration) -> Void = {
    $0.framing = .http
    $0.policy.retry = Retry(0)
  }

  static let expected: [(Int, RPCError.Code)] = [
    (401, .unauthenticated), (407, .unauthenticated), (403, .permissionDenied), (408, .unavailable),
    (429, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (301, .httpStatus),
    (304, .httpStatus), (400, .httpStatus), (404, .httpStatus), (413, .httpStatus), (414, .httpStatus),
    (431, .httpStatus), (418, .httpStatus),
    (500, .httpStatus), (501, .httpStatus), (599, .httpStatus), (999, .httpStatus),
  ]

  @Test("are errors that say their number and the first line of the body, and keep the connection", arguments: expected)
  func codes(status: Int, code: RPCError.Code) async throws {
    try await simulate(seed: 1) { world in
      let requests = Seen()
      let text = status == 304 ? "HTTP/1.1 304 Some Reason||" : Self.response(status)
      try await startScript(world, [Self.script([text], requests)])
      try await withClient(world, Self.http) { endpoint in
        let client = Echo.Client(endpoint)
        let error = await failure { try await client.echo(text: "a") }
        #expect(error?.code == code)
        #expect(error?.message == "HTTP status \(status) Some Reason" + (status == 304 ? "" : ": why"))
        #expect((error?.cause as? HTTPStatusError)?.status == status)
        #expect(error?.isUnexecuted == [401, 403, 407].contains(status))
        let answer = try await client.echo(text: "b")
        #expect(answer == "fine")
      }
      #expect(requests.all == ["connection", "request", "request"])
    }
  }

  @Test("that end the connection are errors all the same", arguments: ["Connection: close|", "close"])
  func closing(fields: String) async throws {
    try await simulate(seed: 1) { world in
      let response = fields == "close" ? "HTTP/1.0 503 Busy||close" : Self.response(503, fields)
      let requests = Seen()
      try await startScript(world, [Self.script([response], requests), Self.script([], requests)])
      try await withClient(world, Self.http) { endpoint in
        let client = Echo.Client(endpoint)
        let error = await failure { try await client.echo(text: "a") }
        #expect(error?.code == .unavailable && error?.message.contains("503") == true)
        let answer = try await client.echo(text: "b")
        #expect(answer == "fine")
      }
      #expect(requests.all == ["connection", "request", "connection", "request"])
    }
  }

  @Test("whose body does not come, or breaks off, are known by then")
  func unfinished() async throws {
    for isBroken in [false, true] {
      try await simulate(seed: 1) { world in
        try await startScript(
          world,
          [
            { stream in
              _ = try await stream.readResponse()
              try await stream.writeAll(Array("HTTP/1.1 502 Bad\r\nContent-Length: 100\r\n\r\nbroken".utf8))
              if !isBroken { try await stream.drain() }
            }, Self.script([]),
          ])
        try await withClient(world, Self.http) { endpoint in
          let error = await failure { try await Echo.Client(endpoint).echo(text: "a") }
          #expect(error?.code == .unavailable && error?.message == "HTTP status 502 Bad: broken")
          let answer = try await Echo.Client(endpoint).echo(text: "b")
          #expect(answer == "fine")
        }
      }
    }
  }

  @Test("that come before the request was taken are not lost when the connection ends then", arguments: [413, 401])
  func early(status: Int) async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            _ = try await stream.readExactly(100)
            let text = Self.response(status, "Connection: close|").replacing("|", with: "\r\n")
            try await stream.writeAll(Array(text.utf8))
            try await world.sleep(for: .milliseconds(10))
          }
        ])
      try await withClient(world, Self.http) { endpoint in
        let error = await failure {
          try await Echo.Client(endpoint).echo(text: String(repeating: "x", count: 8_000_000))
        }
        #expect((error?.cause as? HTTPStatusError)?.status == status)
      }
    }
  }

  @Test("a redirection says where to, and is not followed")
  func redirection() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(world, [Self.script([Self.response(301, "Location: https://example.org/new|", "")])])
      try await withClient(world, Self.http) { endpoint in
        let error = await failure { try await Echo.Client(endpoint).echo(text: "a") }
        #expect(error?.message == "HTTP status 301 Some Reason, at https://example.org/new")
      }
    }
  }

  /// How the calls of a group end whose first endpoint answers with a status, and the second as it should.
  private func group(
    _ response: String, functionSource: Bool = false, breaker: CircuitBreaker? = nil,
    _ body: @escaping @Sendable (Echo.Client, ServiceGroup, World) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      try await startScript(world, on: "bad", [Self.script(Array(repeating: response, count: 100))])
      try await startScript(world, on: "good", [Self.script([])])
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .http
        let list = [EndpointAddress.tcp("bad", 9090), .tcp("good", 9090)]
        let source = functionSource ? EndpointSource { list } : .list(list)
        if let breaker { configuration.policy.perEndpoint.circuitBreaker = breaker }
        try await withServiceGroup("echo", at: source, configuration: configuration) {
          (group) async throws -> Void in
          try await body(Echo.Client(group), group, world)
        }
      }
    }
  }

  @Test(
    "of unavailability are retried elsewhere, unless the method must not run twice", arguments: [429, 502, 503, 504])
  func elsewhere(status: Int) async throws {
    try await group(Self.response(status)) { client, _, _ in
      let answer = try await client.echo(text: "a")
      #expect(answer == "fine")
      let error = await failure { try await client.once(text: "a") }
      #expect(error?.code == .unavailable && error?.isUnexecuted == false && error?.attempts.count == 1)
    }
  }

  @Test("of other kinds are not retried", arguments: [301, 401, 403, 404, 500])
  func final(status: Int) async throws {
    try await group(Self.response(status)) { client, _, _ in
      let error = await failure { try await client.echo(text: "a") }
      #expect(error?.attempts.count == 1 && error?.message.contains("HTTP status \(status)") == true)
    }
  }

  @Test("what an endpoint says about coming back keeps no call from another one", arguments: [false, true])
  func elsewhereAtOnce(functionSource: Bool) async throws {
    try await group(Self.response(503, "Retry-After: 3600|"), functionSource: functionSource) { client, _, world in
      let start = world.now
      let answer = try await client.echo(text: "a")
      #expect(answer == "fine" && world.now - start < .milliseconds(10))
    }
  }

  /// What the calls of a group of one endpoint see, and how long the first one takes.
  private func alone(_ fields: String) async throws -> (result: String, took: Duration) {
    let end = Lock(("", Duration.zero))
    try await simulate(seed: 1) { world in
      try await startScript(world, [Self.script([Self.response(503, fields)])])
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .http
        try await withServiceGroup("echo", at: [.tcp("server", 9090)], configuration: configuration) {
          Retry(1, backoff: .constant(.milliseconds(1)))
        } body: { (group) async throws -> Void in
          let start = world.now
          var result = ""
          do { result = try await Echo.Client(group).echo(text: "a") } catch let error as RPCError {
            result = "\(error.code) \(error.retryAdvice.map { "\($0)" } ?? "nil")"
          }
          let took = world.now - start
          end.withLock { [result] in $0 = (result, took) }
        }
      }
    }
    return end.withLock { $0 }
  }

  @Test(
    "a call comes back when it is told to",
    arguments: [
      "Retry-After: 2|", "Date: Sun, 06 Nov 1994 08:49:37 GMT|Retry-After: Sun, 06 Nov 1994 08:49:39 GMT|",
    ])
  func retryAfter(fields: String) async throws {
    let end = try await alone(fields)
    #expect(end.result == "fine" && end.took >= .seconds(2) && end.took < .milliseconds(2_010))
  }

  @Test("a wait that is longer than the policy allows ends the call at once")
  func tooLong() async throws {
    let end = try await alone("Retry-After: 60|")
    #expect(end.result == "unavailable after(60.0 seconds)" && end.took < .milliseconds(10))
    let soon = try await alone("Retry-After: soon|")
    #expect(soon.result == "fine" && soon.took < .milliseconds(10))
  }

  @Test(
    "of unavailability open the circuit, those about the caller or its request do not",
    arguments: [
      (502, true), (503, true), (504, true), (500, true), (404, true), (429, false), (401, false), (413, false),
      (414, false), (431, false),
    ])
  func breaker(status: Int, opens: Bool) async throws {
    try await group(Self.response(status), breaker: CircuitBreaker(.consecutive(3))) { client, group, _ in
      for _ in 0..<5 { _ = try? await client.echo(text: "a") }
      let state = await group.breakerStates[.tcp("bad", 9090)]
      #expect(state == (opens ? .open : .closed))
    }
  }
}
