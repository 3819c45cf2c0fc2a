import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

/// What a hostile or broken server does on its first connection; on the second one it answers as it should.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let expected: RPCError.Code
  let kind: ApplicationException.Kind?
  let act: @Sendable (ByteStream) async throws -> Void

  init(
    _ description: String, _ expected: RPCError.Code, _ kind: ApplicationException.Kind? = nil,
    _ act: @escaping @Sendable (ByteStream) async throws -> Void
  ) {
    testDescription = description
    self.expected = expected
    self.kind = kind
    self.act = act
  }

  /// Reads the request, sends these bytes, and waits for the client to go away.
  init(
    _ description: String, _ expected: RPCError.Code, _ kind: ApplicationException.Kind? = nil, sends bytes: [UInt8]
  ) {
    self.init(description, expected, kind) { stream in
      _ = try await stream.readFrame()
      try await stream.writeAll(bytes)
      try await stream.drain()
    }
  }

  static let all: [Self] = [
    Self(
      "a wrong sequence id", .protocolError, .badSequenceID, sends: frame(message("echo", .reply, 99, body(0, "x")))),
    Self(
      "a wrong method name", .protocolError, .wrongMethodName, sends: frame(message("ohce", .reply, 1, body(0, "x")))),
    Self(
      "a message that is no reply", .protocolError, .invalidMessageType,
      sends: frame(message("echo", .call, 1, body(0, "x")))),
    Self(
      "an unknown message type", .protocolError, .invalidMessageType,
      sends: frame(message("echo", MessageType(rawValue: 9), 1, body(0, "x")))),
    Self(
      "neither a result nor an exception", .protocolError, .missingResult, sends: frame(message("echo", .reply, 1, [0]))
    ),
    Self(
      "a result of another type", .protocolError, .missingResult,
      sends: frame(message("echo", .reply, 1, [8, 0, 0, 0, 0, 0, 1, 0]))),
    Self("garbage in a frame", .protocolError, sends: frame([1, 2, 3])),
    Self("garbage without a frame", .protocolError, sends: [0xFF, 0xFE, 0xFD, 0xFC, 0xFB]),
    Self("an HTTP error page", .protocolError, sends: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
    Self("a frame larger than the limit", .protocolError, sends: [0x7F, 0xFF, 0xFF, 0xFF, 0]),
    Self("a frame of negative size", .protocolError, sends: [0x80, 0, 0, 1]),
    Self(
      "a message that ends before its frame says", .protocolError,
      sends: frame(Array(message("echo", .reply, 1, body(0, "x")).dropLast(4)))),
    Self(
      "a string longer than its message", .protocolError,
      sends: frame(message("echo", .reply, 1, [11, 0, 0, 0, 1, 0, 0, 65, 0]))),
    Self(
      "text that is not UTF-8", .protocolError,
      sends: frame(message("echo", .reply, 1, [11, 0, 0, 0, 0, 0, 1, 0xFF, 0]))),
    Self("a frame that never ends", .readTimeout, sends: [0, 0, 0, 100, 0x80]),
    Self("silence", .readTimeout, sends: []),
    Self("the end of the stream instead of a reply", .connectionLost) { _ = try await $0.readFrame() },
    Self("the end of the stream within a reply", .connectionLost) { stream in
      _ = try await stream.readFrame()
      try await stream.writeAll([0, 0, 0, 100, 0x80, 1])
    },
    Self("a reset in the middle of the request", .connectionLost) { _ = try await $0.readExactly(3) },
  ]
}

@Suite("A server that misbehaves towards the client")
struct MisbehavingServerTests {
  static let honest: @Sendable (ByteStream) async throws -> Void = { stream in
    while true {
      let request = try await stream.readFrame()
      if request.isEmpty { return }
      let sequenceID = request[12..<16].reduce(Int32(0)) { $0 << 8 | Int32($1) }
      try await stream.writeFrame(message("echo", .reply, sequenceID, body(0, "fine")))
    }
  }

  @Test("is a clear error that costs one connection, and the next call works", arguments: Misbehaviour.all)
  func misbehaves(_ misbehaviour: Misbehaviour) async throws {
    try await simulate(seed: 1) { world in
      try await startScript(world, [misbehaviour.act, Self.honest])
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let error = await failure { try await client.echo(text: "hello") }
        #expect(error?.code == misbehaviour.expected, "\(String(describing: error))")
        #expect(error?.endpoint == .tcp("server", 9090))
        #expect(error?.method == "Echo.echo")
        #expect(error?.isUnsent == false)
        #expect(error?.message.isEmpty == false)
        #expect((error?.cause as? ApplicationException)?.kind == misbehaviour.kind)
        let answer1 = try await client.echo(text: "again")
        #expect(answer1 == "fine")
        let answer2 = try await client.echo(text: "again")
        #expect(answer2 == "fine")
      }
    }
  }

  @Test("by answering twice cannot give its second answer to another call")
  func twoReplies() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            _ = try await stream.readFrame()
            try await stream.writeFrame(message("echo", .reply, 1, body(0, "first")))
            try await stream.writeFrame(message("echo", .reply, 2, body(0, "not yours")))
            try await stream.drain()
          }, Self.honest,
        ])
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let answer3 = try await client.echo(text: "a")
        #expect(answer3 == "first")
        let answer4 = try await client.echo(text: "b")
        #expect(answer4 == "fine")
      }
    }
  }

  @Test("by answering late cannot give the late answer to another call")
  func lateReply() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            _ = try await stream.readFrame()
            try await world.sleep(for: .milliseconds(300))
            try await stream.writeFrame(message("echo", .reply, 1, body(0, "late")))
            try await stream.drain()
          }, Self.honest,
        ])
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let start = world.now
        let error = await failure { try await client.echo(text: "a") }
        #expect(error?.code == .readTimeout)
        #expect(world.now - start >= .milliseconds(250))
        #expect(world.now - start < .milliseconds(260))
        try await world.sleep(for: .milliseconds(100))
        let answer5 = try await client.echo(text: "b")
        #expect(answer5 == "fine")
      }
    }
  }

  @Test("by answering a oneway call cannot spoil the reply to the next call")
  func answersOneway() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            for _ in 1...2 { _ = try await stream.readFrame() }
            try await stream.writeFrame(message("notice", .exception, 1, body(1, "unknown method")))
            try await stream.writeFrame(message("notice", .exception, 2, body(1, "unknown method")))
            _ = try await stream.readFrame()
            try await stream.writeFrame(message("echo", .reply, 3, body(0, "fine")))
            _ = try await stream.readFrame()
            try await stream.writeFrame(message("echo", .exception, 3, body(1, "too late for that one")))
            try await stream.drain()
          }, Self.honest,
        ])
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        try await client.notice(text: "a")
        try await client.notice(text: "b")
        let answer = try await client.echo(text: "c")
        #expect(answer == "fine")
        let error = await failure { try await client.echo(text: "d") }
        #expect(error?.code == .protocolError, "an answer to a call that was answered already is no reply")
      }
    }
  }

  @Test("by sending a reply a byte at a time still answers")
  func slowly() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            _ = try await stream.readFrame()
            for byte in frame(message("echo", .reply, 1, body(0, "bit by bit"))) {
              try await stream.writeAll([byte])
              try await world.sleep(for: .milliseconds(1))
            }
            try await stream.drain()
          }
        ])
      try await withClient(world) { endpoint in
        let answer6 = try await Echo.Client(endpoint).echo(text: "a")
        #expect(answer6 == "bit by bit")
      }
    }
  }

  @Test("by not reading makes a large request time out, in time")
  func neverReads() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(world, [{ _ in try await world.sleep(for: .seconds(60)) }])
      try await withClient(world) { endpoint in
        let error = await failure {
          try await Echo.Client(endpoint).echo(text: String(repeating: "x", count: 8_000_000))
        }
        #expect(error?.code == .writeTimeout)
      }
    }
  }

  @Test("by closing an idle connection costs the next call nothing")
  func closesIdle() async throws {
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            _ = try await stream.readFrame()
            try await stream.writeFrame(message("echo", .reply, 1, body(0, "once")))
          }, Self.honest,
        ])
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let answer7 = try await client.echo(text: "a")
        #expect(answer7 == "once")
        try await world.sleep(for: .seconds(1))
        let answer8 = try await client.echo(text: "b")
        #expect(answer8 == "fine")
      }
    }
  }
}
