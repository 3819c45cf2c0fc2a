import SeaThrift
import SeaThriftTime
import SeaThriftWire
import Testing

/// Refuses a method, and gives handlers a task local.
private struct Fence: ServerInterceptor {
  @TaskLocal static var method = ""

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    if call.method.name == "nothing" { throw CallRefusal("not today", as: .permissionDenied) }
    return try await Self.$method.withValue(call.method.qualifiedName, operation: next)
  }
}

private struct FencedHandler: Other.Handler {
  func echo(text: String) async throws -> String {
    "\(Fence.method) \(CallContext.current.map { "\($0.peer) \($0.framing)" } ?? "no context")"
  }
}

@Suite("A service without a network")
struct ProcessorTests {
  /// A reply.
  private struct Reply<Value: ThriftStruct> {
    let header: MessageHeader
    let value: Value
  }

  private func request(
    _ name: String, _ arguments: some ThriftStruct, _ format: ThriftFormat, type: MessageType = .call
  ) throws -> [UInt8] {
    var buffer = WireBuffer()
    try buffer.appendMessage(name, type, -7, arguments, format: format, framing: .unframed, limits: .default)
    return buffer.bytes
  }

  private func read<Value: ThriftStruct>(
    _ bytes: [UInt8]?, _ format: ThriftFormat, as type: Value.Type
  ) throws -> Reply<Value> {
    try #require(bytes).withUnsafeBytes { bytes in
      #expect(format.refined(by: bytes) == format)
      let (header, offset) = try format.readEnvelope(bytes, limits: .default)
      let body = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      return Reply(header: header, value: try format.decode(type, from: body, limits: .default))
    }
  }

  private func processor(
    _ handler: EchoHandler = EchoHandler(), _ configure: (inout ServerConfiguration) -> Void = { _ in }
  ) throws -> ThriftProcessor {
    var configuration = ServerConfiguration()
    configuration.log = nil
    configure(&configuration)
    return try ThriftProcessor(configuration: configuration) {
      Echo.service(handler)
      Other.service(OtherHandler())
    }
  }

  @Test("answers a message in its protocol, as a server does", arguments: ThriftFormat.allCases)
  func answers(format: ThriftFormat) async throws {
    let handler = EchoHandler()
    let processor = try processor(handler)
    let echo = try request("echo", Echo.Arguments.echo(text: "héllo"), format)
    let reply = try read(try await processor.reply(to: echo), format, as: Echo.Results.echo.self)
    #expect(reply.header == MessageHeader(name: "echo", type: .reply, sequenceID: -7))
    #expect(try reply.value.get() == "héllo")
    let parcel = Parcel(id: 7, text: "x", data: [UInt8](repeating: 3, count: 2_000_000))
    let send = try request("Echo:send", Echo.Arguments.send(parcel: parcel), format)
    #expect(
      try read(try await processor.reply(to: send), format, as: Echo.Results.send.self).value.get() == parcel)
    let declared = try request("send", Echo.Arguments.send(parcel: Parcel(id: 1, text: "throw")), format)
    let thrown = try read(try await processor.reply(to: declared), format, as: Echo.Results.send.self)
    #expect(thrown.header.type == .reply)
    #expect(throws: Declared(why: "asked to")) { try thrown.value.get() }
    let other = try request("Other:echo", Other.Arguments.echo(text: "y"), format)
    #expect(
      try read(try await processor.reply(to: other), format, as: Other.Results.echo.self).value.get() == "other y")
    let notice = try request("notice", Echo.Arguments.notice(text: "n"), format, type: .oneway)
    #expect(try await processor.reply(to: notice) == nil)
    #expect(handler.seen.all.last == "notice n")
  }

  @Test("answers what goes wrong with an exception", arguments: ThriftFormat.allCases)
  func exceptions(format: ThriftFormat) async throws {
    let processor = try processor()
    let calls: [(String, any ThriftStruct, MessageType, ApplicationException.Kind)] = [
      ("nonsense", Echo.Arguments.echo(text: "?"), .call, .unknownMethod),
      ("echo", Echo.Arguments.echo(text: "fail"), .call, .internalError),
      ("echo", Echo.Arguments.echo(text: "x"), .reply, .invalidMessageType),
    ]
    for (name, arguments, type, kind) in calls {
      let bytes = try await processor.reply(to: request(name, arguments, format, type: type))
      let reply = try read(bytes, format, as: ApplicationException.self)
      #expect(reply.header.type == .exception && reply.header.sequenceID == -7)
      #expect(reply.value.kind == kind)
    }
    let cut = try request("echo", Echo.Arguments.echo(text: "hello"), format).dropLast(4)
    let reply = try read(try await processor.reply(to: Array(cut)), format, as: ApplicationException.self)
    #expect(reply.value.kind == .protocolError)
    for text in ["nonsense", "fail"] {
      let name = text == "fail" ? "notice" : text
      let oneway = try request(name, Echo.Arguments.notice(text: text), format, type: .oneway)
      #expect(try await processor.reply(to: oneway) == nil)
    }
  }

  @Test(
    "refuses what is no message",
    arguments: [[], [1, 2, 3, 4], Array("hello".utf8), [0x82, 0x23, 0, 0], [0x80, 2, 0, 1], [0, 0, 0, 9, 65]]
      as [[UInt8]])
  func noMessage(bytes: [UInt8]) async throws {
    let processor = try processor()
    await #expect(throws: CodecError.self) { try await processor.reply(to: bytes) }
  }

  @Test("keeps the limits of its configuration, of sizes and of protocols")
  func limits() async throws {
    let processor = try processor {
      $0.limits.maxMessageBytes = 100
      $0.formats = [.compact]
    }
    let long = try request("echo", Echo.Arguments.echo(text: String(repeating: "x", count: 100)), .compact)
    let error = await #expect(throws: CodecError.self) { try await processor.reply(to: long) }
    #expect(error?.code == .sizeLimitExceeded)
    for format in [ThriftFormat.binary, .oldBinary, .json, .compact2] {
      let echo = try request("echo", Echo.Arguments.echo(text: "x"), format)
      let error = await #expect(throws: CodecError.self) { try await processor.reply(to: echo) }
      #expect(error?.code == .unsupported)
    }
  }

  @Test("has interceptors, limits and a context around its handlers")
  func around() async throws {
    let log = ServerLog()
    var configuration = ServerConfiguration()
    configuration.interceptors = [Fence()]
    configuration.observers = [log]
    configuration.policy.methods["Echo.once"] = ServerLimits(rateLimit: RateLimit(1, per: .seconds(1_000)))
    let processor = try ThriftProcessor(configuration: configuration) {
      Other.service(FencedHandler())
      Echo.service(EchoHandler())
    }
    let echo = try request("echo", Other.Arguments.echo(text: ""), .binary)
    let peer = EndpointAddress.tcp("10.0.0.7", 53)
    let seen = try read(try await processor.reply(to: echo, from: peer), .binary, as: Other.Results.echo.self)
    #expect(try seen.value.get() == "Other.echo 10.0.0.7:53 unframed")
    let nothing = try request("Echo:nothing", Echo.Arguments.nothing(), .binary)
    let refused = try read(try await processor.reply(to: nothing), .binary, as: ApplicationException.self)
    #expect(refused.value == ApplicationException(.unsupportedClientType, "not today"))
    let once = try request("Echo:once", Echo.Arguments.once(text: "1"), .binary)
    #expect(try read(try await processor.reply(to: once), .binary, as: Echo.Results.once.self).value.get() == "1")
    let twice = try read(try await processor.reply(to: once), .binary, as: ApplicationException.self)
    #expect(twice.value.kind == .loadShedding)
  }

  @Test("answers many requests at the same time")
  func parallel() async throws {
    let processor = try processor()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask {
          let echo = try request("echo", Echo.Arguments.echo(text: "\(number)"), .compact)
          let reply = try read(try await processor.reply(to: echo), .compact, as: Echo.Results.echo.self)
          #expect(try reply.value.get() == "\(number)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("is there for one service and one message, too")
  func single() async throws {
    let echo = try request("echo", Other.Arguments.echo(text: "x"), .json)
    let reply = try await Other.service(OtherHandler()).reply(to: echo)
    #expect(try read(reply, .json, as: Other.Results.echo.self).value.get() == "other x")
  }

  @Test("does not begin with a configuration that cannot be")
  func badConfiguration() throws {
    var configuration = ServerConfiguration()
    configuration.policy.methods["No.such"] = ServerLimits()
    #expect(throws: ConfigurationError.self) {
      try ThriftProcessor(configuration: configuration) { Echo.service(EchoHandler()) }
    }
    #expect(throws: ConfigurationError.self) { try ThriftProcessor {} }
  }
}
