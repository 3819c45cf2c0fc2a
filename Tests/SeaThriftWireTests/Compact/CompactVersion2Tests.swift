import SeaThriftWire
import Testing

@Suite("The compact protocol, version 2")
struct CompactVersion2Tests {
  /// A double of 1 and what stands around it: one of version 1, the other way about in version 2.
  private static let one = [UInt8](hex: "3ff0000000000000")

  private var numbers: ThriftValue {
    .structure([
      .init(id: 1, value: .double(1)), .init(id: 2, value: .list(.double, [.double(1), .double(-0.0)])),
      .init(id: 3, value: .map(.double, .string, [.init(key: .double(.infinity), value: .string("x"))])),
      .init(id: 20, value: .bool(true)), .init(id: 21, value: .set(.i64, [.i64(-1)])),
    ])
  }

  private struct Value: ThriftStruct {
    static var thriftName: String { "Value" }
    var value: ThriftValue
    init(_ value: ThriftValue) { self.value = value }
    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      value = try ThriftValue(from: &reader, type: .structure)
    }
    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
      try value.write(to: &writer)
    }
  }

  @Test("doubles are written with the highest byte first, and everything else as in version 1")
  func doubles() throws {
    let first = try Value(numbers).thriftBytes(.compact)
    let second = try Value(numbers).thriftBytes(.compact2)
    #expect(first.count == second.count && first != second)
    #expect(first.firstRange(of: Self.one.reversed()) == second.firstRange(of: Self.one))
    #expect(
      second.hex == "17" + "3ff0000000000000" + "1927" + "3ff0000000000000" + "8000000000000000" + "1b0178"
        + "7ff0000000000000" + "0178" + "0128" + "1a1601" + "00")
    #expect(try Value(thriftBytes: second, .compact2).value == numbers)
    #expect(try Value(thriftBytes: first, .compact).value == numbers)
  }

  @Test("a message says its version, and what reads it goes by that")
  func messages() throws {
    for (format, begin) in [(ThriftFormat.compact, "8221"), (.compact2, "8222")] {
      let bytes = try format.message(Value(numbers))
      #expect(bytes.hex.hasPrefix(begin + "0703616464"))
      try bytes.withUnsafeBytes { bytes in
        #expect(format.refined(by: bytes) == format && ThriftFormat.compact.refined(by: bytes) == format)
        let (header, offset) = try format.readEnvelope(bytes, limits: .default)
        #expect(header == MessageHeader(name: "add", type: .call, sequenceID: 7))
        let body = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        let value = try format.decode(Value.self, from: body, limits: .default)
        #expect(value.value == numbers)
        // The reader of one version does not take the other for its own.
        let other: ThriftFormat = format == .compact ? .compact2 : .compact
        #expect(throws: CodecError.self) { try other.readEnvelope(bytes, limits: .default) }
      }
    }
  }

  /// A field of fbthrift's type `float`, and lists and maps of it, each followed by a field 9 that is 5.
  static let withFloats = [
    "1d3f800000 850a 00", "192d3f80000040000000 850a 00", "1b01d83f8000000178 850a 00", "1b018d01783f800000 850a 00",
    "1a1d3f800000 850a 00", "191c1d3f80000000 850a 00", "190d 850a 00",
  ]

  @Test("a float of fbthrift's is stepped over, which has four bytes and the number of the uuid", arguments: withFloats)
  func floats(hex: String) throws {
    let bytes = [UInt8](hex: hex)
    let message = [UInt8](hex: "822207 00") + bytes
    for cut in 0..<message.count {
      // Without frames its end is found however it arrives.
      var cutter = MessageCutter(accepting: .all, limits: .default)
      let found = try cutter.messages(in: message + message, cuts: [cut])
      #expect(found.map(\.bytes) == [message, message] && found.map(\.format) == [.compact2, .compact2])
    }
    var size = 0
    let value = try Last(prefixOf: bytes, .compact2, consumed: &size)
    #expect(value.last == 5 && size == bytes.count)
  }

  /// Knows field 9 only.
  private struct Last: ThriftStruct {
    static var thriftName: String { "Last" }
    var last: Int32?
    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      try reader.readStructBegin()
      while true {
        let field = try reader.readFieldBegin()
        if field.type == .stop { break }
        if field.id == 9, field.type == .i32 { last = try reader.readI32() } else { try reader.skip(field.type) }
        try reader.readFieldEnd()
      }
      try reader.readStructEnd()
    }
    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {}
  }

  @Test("a uuid, which it has no number for, is not written as something else")
  func uuid() throws {
    let field = ThriftValue.structure([.init(id: 1, value: .uuid(ThriftUUID(high: 1, low: 2)))])
    let list = ThriftValue.structure([.init(id: 1, value: .list(.uuid, [.uuid(ThriftUUID(high: 1, low: 2))]))])
    for value in [field, list] {
      let error = #expect(throws: CodecError.self) { try Value(value).thriftBytes(.compact2) }
      #expect(error?.code == .unsupported)
    }
    #expect(throws: CodecError.self) { try Sample.full.thriftBytes(.compact2) }
  }

  @Test("samples survive, in every framing and however they arrive", arguments: Framing.allCases)
  func framings(framing: Framing) throws {
    let sample = Sample.full(in: .compact2)
    let bytes = try ThriftFormat.compact2.message(sample, in: framing)
    for cuts in [[], Array(bytes.indices)] {
      var cutter = MessageCutter(accepting: .all, limits: .default)
      let found = try #require(try cutter.messages(in: bytes, cuts: cuts).first)
      #expect(found.format == .compact2 && found.framing == framing)
      let body = try found.bytes.withUnsafeBytes { bytes in
        let envelope = try ThriftFormat.compact2.readEnvelope(bytes, limits: .default)
        return try ThriftFormat.compact2.decode(
          Sample.self, from: UnsafeRawBufferPointer(rebasing: bytes[envelope.bodyOffset...]), limits: .default)
      }
      #expect(body == sample)
    }
  }
}
