import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

/// What has a required field, which may be left out.
private struct Note: ThriftResult {
  static var thriftName: String { "Note" }
  var text: String?

  init(success: String) { text = success.isEmpty ? nil : success }
  init?(declared error: any Error) { return nil }
  func get() throws -> String? { text }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .string): text = try reader.readString()
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
    if text == nil { throw CodecError(.missingRequiredField, "Note.text is required and missing") }
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    guard let text else { throw CodecError(.missingRequiredField, "Note.text is required and missing") }
    try writer.writeStructBegin("Note")
    try writer.writeField("text", 1, text)
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}

@Suite("A required field that is missing")
struct MissingFieldTests {
  private static let keep = MethodDescriptor<Note, Note>(service: "Notes", name: "keep")

  /// The error of a call that a server like this one answers.
  private func failure(
    sending text: String, _ script: (@Sendable (ByteStream) async throws -> Void)? = nil
  ) async throws -> RPCError? {
    let seen = Lock<RPCError?>(nil)
    try await simulate(seed: 1) { world in
      if let script {
        try await startScript(world, [script])
      } else {
        world.host("server").start {
          var configuration = ServerConfiguration()
          configuration.log = nil
          try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
            ThriftService("Notes", [ServiceMethod(Self.keep) { _ in "" }])
          }.run()
        }
        try await world.sleep(for: .seconds(1))
      }
      try await withClient(world) { endpoint in
        let error = await SeaThriftTests.failure { try await endpoint.call(Self.keep, Note(success: text)) }
        seen.withLock { $0 = error }
      }
    }
    return seen.withLock { $0 }
  }

  private func check(_ error: RPCError?) {
    #expect(error?.code == .protocolError)
    #expect(error?.message.contains("Note.text is required and missing") == true)
  }

  @Test("in arguments that are sent is a protocol error, and nothing is sent")
  func sentArguments() async throws {
    let error = try await failure(sending: "")
    check(error)
    #expect(error?.isUnsent == true)
    let verdict = ErrorClassification().verdict(on: try #require(error))
    #expect(verdict == .ignorable)
  }

  @Test("in arguments that arrive is a protocol error of their sender")
  func arrivedArguments() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler())
      try await world.withStream { stream in
        try await stream.writeFrame(message("send", .call, 1, [12, 0, 1, 0, 0]))
        let reply = try await stream.readFrame()
        let text = Array("Parcel.id is required and missing".utf8)
        #expect(reply[3] == MessageType.exception.rawValue)
        #expect(reply[16...] == ([11, 0, 1] + frame(text) + [8, 0, 2, 0, 0, 0, 7, 0])[...])
      }
    }
    let error = try await failure(sending: "a") { stream in
      _ = try await stream.readFrame()
      let text = frame(Array("Note.text is required and missing".utf8))
      try await stream.writeFrame(message("keep", .exception, 1, [11, 0, 1] + text + [8, 0, 2, 0, 0, 0, 7, 0]))
      try await stream.drain()
    }
    check(error)
    #expect((error?.cause as? ApplicationException)?.kind == .protocolError)
  }

  @Test("in a result that is sent is a protocol error of the caller")
  func sentResult() async throws {
    let error = try await failure(sending: "a")
    check(error)
    #expect((error?.cause as? ApplicationException)?.kind == .protocolError)
  }

  @Test("in a result that arrives is a protocol error of the caller")
  func arrivedResult() async throws {
    let error = try await failure(sending: "a") { stream in
      _ = try await stream.readFrame()
      try await stream.writeFrame(message("keep", .reply, 1, [0]))
      try await stream.drain()
    }
    check(error)
    #expect((error?.cause as? CodecError)?.code == .missingRequiredField)
  }
}
