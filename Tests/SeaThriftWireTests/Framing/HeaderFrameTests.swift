import SeaThriftWire
import Testing

@Suite struct HeaderFrameTests {
  private func cut(_ hex: String, limits: WireLimits = .default) throws -> [CutMessage] {
    var cutter = MessageCutter(accepting: .all, limits: limits)
    return try cutter.messages(in: [UInt8](hex: hex))
  }

  private func head(_ headers: [String: String]) -> FrameHead {
    var head = FrameHead(.request(host: "localhost", path: "/"))
    head.headers = headers
    return head
  }

  @Test("headers and the message come through, in both protocols", arguments: [ThriftFormat.binary, .compact])
  func roundTrip(format: ThriftFormat) throws {
    let headers = ["trace": "1", "": "", "ключ": String(repeating: "v", count: 300)]
    for framing in [Framing.header, .framedHeader, .httpHeader] {
      let bytes = try format.message(Sample.full, in: framing, head: head(headers))
      var cutter = MessageCutter(accepting: .all, limits: .default)
      let messages = try cutter.messages(in: bytes + bytes, cuts: [5, 9, 30])
      #expect(messages.count == 2)
      for message in messages {
        #expect(message.format == format)
        #expect(message.headers.merging(headers) { $1 } == message.headers)
        #expect(message.bytes == (try format.message(Sample.full)))
      }
    }
  }

  @Test("a reply is the bytes that Apache's servers send")
  func reply() throws {
    struct Result: ThriftStruct {
      static var thriftName: String { "Result" }
      init() {}

      init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {}
      func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
        try writer.writeStructBegin("Result")
        try writer.writeField("success", 0, 7 as Int32)
        try writer.writeFieldStop()
        try writer.writeStructEnd()
      }
    }
    var buffer = WireBuffer()
    try buffer.appendMessage(
      "testI32", .reply, 5, Result(), format: .compact, framing: .header, limits: .default)
    #expect(buffer.bytes.hex == "0000001d0fff000000000005000102000000824105077465737449333205000e00")
  }

  @Test("the sequence id is the message's, or the client's own where the message has none")
  func sequenceID() throws {
    var head = FrameHead()
    head.sequenceID = 9
    for (id, expected) in [(5, 5), (0, 9)] as [(Int32, UInt8)] {
      var buffer = WireBuffer()
      try buffer.appendMessage(
        "a", .reply, id, Tree(), format: .compact, framing: .header, head: head, limits: .default)
      #expect(buffer.bytes[11] == expected)
    }
  }

  @Test(
    "what a header says wrongly is refused",
    arguments: [
      // Size of the header beyond the frame; no message; shorter than its fixed part.
      "0000001b 0fff0000 00000005 ffff 00000000 8001000100000000000000 0000",
      "0000000e 0fff0000 00000005 0001 00000000",
      "00000006 0fff00000000", "00000009 0fff0000 00000005 00",
      // Magic, unknown protocol, JSON, a varint without end, one of more than 31 bits.
      "00000012 0ffe0000 00000005 0001 00000000 82210000", "00000012 0fff0000 00000005 0001 09000000 82210000",
      "00000012 0fff0000 00000005 0001 01000000 82210000", "00000012 0fff0000 00000005 0001 ffffffff 82210000",
      "00000016 0fff0000 00000005 0002 ffffffff 7f000000 82210000",
      // Texts and pairs beyond the header.
      "00000016 0fff0000 00000005 0002 02000101 7f616262 82210000",
      "00000016 0fff0000 00000005 0002 0200017f 01610162 82210000",
      "00000016 0fff0000 00000005 0002 020001ff ffffff07 82210000",
    ])
  func hostile(hex: String) {
    #expect(throws: CodecError.self) { try cut(hex) }
  }

  @Test(
    "a transform is refused, and the client is told which",
    arguments: [("01", "zlib"), ("02", "hmac"), ("03", "snappy"), ("07", "7")])
  func transforms(id: String, name: String) throws {
    var cutter = MessageCutter(accepting: .all, limits: .default)
    var buffer = WireBuffer()
    buffer.append([UInt8](hex: "00000012 0fff0000 00000005 0001 0001\(id)00 789c0300"))
    let error = try #require(throws: CodecError.self) { try cutter.cut(&buffer) }
    #expect(error.code == .unsupported && error.message.contains(name))
    var output = WireBuffer()
    cutter.appendRefusal(error, to: &output)
    var client = MessageCutter(framing: .header, format: .binary, limits: .default)
    let reply = try #require(try client.messages(in: output.bytes).first)
    let (header, offset) = try reply.bytes.withUnsafeBytes {
      try ThriftFormat.binary.readEnvelope($0, limits: .default)
    }
    #expect(header.type == .exception && header.sequenceID == 5)
    let exception = try ApplicationException(thriftBytes: Array(reply.bytes[offset...]))
    #expect(exception.kind == .invalidTransform && exception.message.contains(name))
  }

  @Test("information that is not known is stepped over")
  func unknownInformation() throws {
    let message = "822105016100"
    let found = try cut("00000018 0fff0000 00000005 0002 02000901 02030405 \(message)")
    #expect(found.map(\.bytes.hex) == [message])
  }

  @Test("as many headers, and as long ones, are taken as the limits say")
  func limits() throws {
    let two = try ThriftFormat.binary.message(Tree(), in: .header, head: head(["a": "1", "b": "2"]))
    #expect(try cut(two.hex, limits: WireLimits(maxHeaders: 2)).count == 1)
    #expect(throws: CodecError.self) { try cut(two.hex, limits: WireLimits(maxHeaders: 1)) }
    #expect(throws: CodecError.self) { try cut(two.hex, limits: WireLimits(maxHeaderBytes: 8)) }
    #expect(throws: CodecError.self) {
      var buffer = WireBuffer()
      try buffer.appendMessage(
        "a", .call, 1, Tree(), format: .binary, framing: .header,
        head: head(["a": String(repeating: "x", count: 70_000)]), limits: .default)
    }
  }

  @Test("JSON cannot be in a header frame")
  func json() {
    #expect(throws: CodecError.self) { try ThriftFormat.json.message(Tree(), in: .header) }
  }

  @Test("a reply may be in another protocol than its request")
  func otherProtocol() throws {
    let bytes = try ThriftFormat.compact.message(Tree(), in: .header)
    var client = MessageCutter(framing: .header, format: .binary, limits: .default)
    #expect(try client.messages(in: bytes).map(\.format) == [.compact])
  }
}
