import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("Oneway calls over HTTP")
struct OnewayOverHTTPTests {
  // MARK: The server

  private static let agents: [(String?, Bool)] = [
    (nil, true), ("Python/THttpClient (x)", true), ("Java/THttpClient", true), ("curl/8.5", true),
    ("Thrift/0.9.3 (C++/THttpClient)", false), ("Thrift/0.17.0 (C++/THttpClient)", false),
    ("Thrift/0.23.1 (C++/THttpClient)", false), ("Thrift/0.24.0 (C++/THttpClient)", true),
    ("Thrift/0.25.0-dev (C++/THttpClient)", true), ("Thrift/0.100.0 (C++/THttpClient)", true),
    ("Thrift/1.0.0 (C++/THttpClient)", true), ("Thrift/x.y (C++/THttpClient)", true),
    ("Thrift/0.24.0 (D/TClientHttpTransport)", false), ("Thrift/0.24.0 (Lua/THttpClient)", false),
  ]

  @Test("are answered at once with nothing, save to clients that take it for their next answer", arguments: agents)
  func answered(agent: String?, isAnswered: Bool) async throws {
    let handler = EchoHandler()
    try await simulate(seed: 1) { world in
      try await startServer(world, handler)
      try await world.withStream { stream in
        let fields = agent.map { "User-Agent: \($0)\r\n" } ?? ""
        func post(_ body: [UInt8]) -> [UInt8] {
          Array("POST / HTTP/1.1\r\n\(fields)Content-Length: \(body.count)\r\n\r\n".utf8) + body
        }
        for name in ["notice", "unknown"] {
          try await stream.writeAll(post(message(name, .oneway, 1, body(1, "n"))))
          if isAnswered {
            let (head, content) = try await stream.readResponse()
            #expect(head.hasPrefix("HTTP/1.1 200 ") && content.isEmpty)
          }
        }
        // Sent as a call it is answered in any case.
        try await stream.writeAll(post(message("notice", .call, 2, body(1, "n"))))
        #expect(try await stream.readResponse().content.isEmpty)
        try await stream.writeAll(post(message("echo", .call, 3, body(1, "x"))))
        #expect(try await stream.readResponse().content == message("echo", .reply, 3, body(0, "x")))
      }
    }
    #expect(handler.seen.all.filter { $0 == "notice n" }.count == 2)
  }

  // MARK: The client

  /// How a server of HTTP treats its clients.
  private struct Manners: Sendable {
    /// When a oneway call is answered; nil for never.
    var answersAfter: Duration? = .zero
    var onewayStatus = "200 OK"
    var fields = ""
    /// Whether it closes after each answer, as one of HTTP 1.0 does.
    var closes = false

    /// Serves a connection.
    func serve(_ stream: ByteStream, _ world: World, _ seen: Seen) async throws {
      seen.note("connection")
      while true {
        let (_, content) = try await stream.readResponse()
        if content.isEmpty { return }
        let isOneway = content[3] == MessageType.oneway.rawValue
        let nameBytes = Int(content[7])
        let text = String(decoding: content[(19 + nameBytes)...].dropLast(), as: UTF8.self)
        seen.note("\(isOneway ? "notice" : "echo") \(text)")
        var reply: [UInt8] = []
        if isOneway {
          guard let answersAfter else { continue }
          if answersAfter > .zero { try await world.sleep(for: answersAfter) }
          seen.note("answer \(text)")
        } else {
          let sequenceID = content[(8 + nameBytes)..<(12 + nameBytes)].reduce(Int32(0)) { $0 << 8 | Int32($1) }
          reply = message("echo", .reply, sequenceID, body(0, text))
        }
        let status = "HTTP/\(closes ? "1.0" : "1.1") \(isOneway ? onewayStatus : "200 OK")\r\n"
        // The answer of Python's server to a oneway call does not say how long it is.
        let length = closes && isOneway ? "" : "Content-Length: \(reply.count)\r\n"
        try await stream.writeAll(Array("\(status)\(fields)\(length)\r\n".utf8) + reply)
        if closes { return }
      }
    }
  }

  /// Runs `body` with a client of such a server, which serves connections one after the other if it `isSerial`.
  private func withServer(
    _ manners: Manners, _ seen: Seen, isSerial: Bool = false, backlog: Int = 16,
    _ configure: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Echo.Client, World) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      world.host("server").start {
        let loop = Network.current.nextLoop
        let listener = try loop.listen(on: SocketAddress(.ipv4(0, port: 9090)), backlog: backlog)
        defer { listener.close() }
        try await withTaskCancellationHandler {
          try await withThrowingDiscardingTaskGroup { group in
            while let stream = try? await listener.accept(onto: loop) {
              try await stream.open()
              let serving: @Sendable () async -> Void = {
                try? await stream.abortingOnCancel { try await manners.serve(stream, world, seen) }
                stream.close()
              }
              if isSerial { await serving() } else { group.addTask { await serving() } }
            }
          }
        } onCancel: {
          listener.abort(SocketError(.closed, "the test ends"))
        }
      }
      try await world.sleep(for: .seconds(1))
      try await withClient(
        world,
        {
          $0.framing = .http
          $0.policy.retry = Retry(0)
          configure(&$0)
        }
      ) { try await body(Echo.Client($0), world) }
    }
  }

  @Test("are not waited for, but what comes after them on their connection waits for their answer")
  func waits() async throws {
    let seen = Seen()
    try await withServer(Manners(answersAfter: .milliseconds(100)), seen) { client, world in
      let start = world.now
      try await client.notice(text: "1")
      #expect(world.now - start < .milliseconds(5))
      try await client.notice(text: "2")
      #expect(world.now - start > .milliseconds(100) && world.now - start < .milliseconds(105))
      let answer = try await client.echo(text: "3")
      #expect(answer == "3")
      #expect(world.now - start > .milliseconds(200) && world.now - start < .milliseconds(205))
    }
    #expect(seen.all == ["connection", "notice 1", "answer 1", "notice 2", "answer 2", "echo 3"])
  }

  @Test("to a server that closes after each answer go one after the other, however short its backlog is")
  func closing() async throws {
    let seen = Seen()
    let manners = Manners(answersAfter: .milliseconds(1), closes: true)
    try await withServer(manners, seen, isSerial: true, backlog: 1) { client, world in
      for number in 0..<50 { try await client.notice(text: "\(number)") }
      let answer = try await client.echo(text: "last")
      #expect(answer == "last")
    }
    #expect(seen.all.filter { $0.hasPrefix("notice") } == (0..<50).map { "notice \($0)" })
    #expect(seen.all.count { $0 == "connection" } == 51)
  }

  @Test("in a burst of as many as may wait all arrive at a small server that closes after each answer")
  func burst() async throws {
    let seen = Seen()
    let manners = Manners(answersAfter: .milliseconds(2), closes: true)
    try await withServer(manners, seen, isSerial: true, backlog: 5) { client, world in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 { group.addTask { try await client.notice(text: "\(number)") } }
        try await group.waitForAll()
      }
      _ = try await client.echo(text: "last")
    }
    #expect(Set(seen.all.filter { $0.hasPrefix("notice") }) == Set((0..<100).map { "notice \($0)" }))
  }

  @Test("to a server that is known by its name to give no answer cost no wait")
  func silentByName() async throws {
    let seen = Seen()
    let manners = Manners(answersAfter: nil, fields: "Server: Thrift/0.17.0\r\n")
    try await withServer(manners, seen) { client, world in
      _ = try await client.echo(text: "first")
      let start = world.now
      for number in 0..<20 {
        try await client.notice(text: "\(number)")
        let answer = try await client.echo(text: "\(number)")
        #expect(answer == "\(number)")
      }
      #expect(world.now - start < .milliseconds(100))
    }
    #expect(seen.all.count { $0 == "connection" } == 1)
  }

  @Test("that are never answered by an unknown server fail no call, and are soon not waited for")
  func silent() async throws {
    let seen = Seen()
    try await withServer(Manners(answersAfter: nil), seen) { client, world in
      let start = world.now
      for number in 0..<20 { try await client.notice(text: "\(number)") }
      let answer = try await client.echo(text: "last")
      #expect(answer == "last")
      #expect(world.now - start < .milliseconds(600))
      let later = world.now
      for number in 20..<40 {
        try await client.notice(text: "\(number)")
        _ = try await client.echo(text: "\(number)")
      }
      #expect(world.now - later < .milliseconds(50))
    }
    #expect(seen.all.filter { $0.hasPrefix("notice") } == (0..<40).map { "notice \($0)" })
  }

  @Test("that are not answered use up no more than a half of the next call's time")
  func deadline() async throws {
    try await withServer(Manners(answersAfter: nil), Seen()) { client, world in
      try await client.notice(text: "1")
      let start = world.now
      let answer = try await withDeadline(.milliseconds(60)) { try await client.echo(text: "2") }
      #expect(answer == "2" && world.now - start < .milliseconds(40))
    }
  }

  @Test("that are answered with a status that is no success do not fail the next call", arguments: [false, true])
  func refused(closes: Bool) async throws {
    let seen = Seen()
    try await withServer(Manners(onewayStatus: "503 Busy", closes: closes), seen) { client, world in
      for number in 0..<5 {
        try await client.notice(text: "\(number)")
        let answer = try await client.echo(text: "\(number)")
        #expect(answer == "\(number)")
      }
    }
    #expect(seen.all.count { $0 == "connection" } == (closes ? 10 : 1))
  }

  @Test("that are answered late, by a server that answers, cost a connection and no call")
  func late() async throws {
    let seen = Seen()
    try await withServer(Manners(answersAfter: .milliseconds(400)), seen) { client, world in
      for number in 0..<3 {
        try await client.notice(text: "\(number)")
        let answer = try await client.echo(text: "\(number)")
        #expect(answer == "\(number)")
      }
    }
    #expect(seen.all.filter { $0.hasPrefix("notice") } == (0..<3).map { "notice \($0)" })
  }

  @Test("leave the next call its cancellation")
  func cancelled() async throws {
    try await withServer(Manners(answersAfter: .seconds(100)), Seen()) {
      $0.policy.perEndpoint.timeouts.read = .seconds(50)
    } _: { client, world in
      try await client.notice(text: "1")
      await withTaskGroup(of: RPCError?.self) { group in
        group.addTask { await failure { try await client.echo(text: "2") } }
        try? await world.sleep(for: .milliseconds(10))
        group.cancelAll()
        let start = world.now
        let error = await group.next() ?? nil
        #expect(error?.code == .cancelled && error?.isUnsent == true && world.now - start < .milliseconds(1))
      }
    }
  }
}
