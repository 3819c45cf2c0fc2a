import SeaThriftWire
import Testing

@Suite struct BinaryReaderTests {
  private func read<Value>(
    _ hex: String, limits: WireLimits = .default, strict: Bool = false,
    _ body: (inout BinaryReader) throws(CodecError) -> Value
  ) throws(CodecError) -> Value {
    try [UInt8](hex: hex).withUnsafeBufferPointer { bytes throws(CodecError) in
      var reader = BinaryReader(UnsafeRawBufferPointer(bytes), limits: limits, strict: strict)
      return try body(&reader)
    }
  }

  private func code<Value>(
    _ hex: String, limits: WireLimits = .default, strict: Bool = false,
    _ body: (inout BinaryReader) throws(CodecError) -> Value
  ) -> CodecError.Code? {
    #expect(throws: CodecError.self, "\(hex)") { try read(hex, limits: limits, strict: strict, body) }?.code
  }

  @Test("strict and old messages are read, unless strict ones are demanded; the third byte means nothing")
  func messages() throws {
    let expected = MessageHeader(name: "add", type: .call, sequenceID: -2)
    let strict = "800100010000000361 6464fffffffe"
    let old = "0000000361646401fffffffe"
    #expect(try read(strict) { r throws(CodecError) in try r.readMessageBegin() } == expected)
    #expect(
      try read("8001ff010000000361 6464fffffffe") { r throws(CodecError) in try r.readMessageBegin() } == expected)
    #expect(try read(strict, strict: true) { r throws(CodecError) in try r.readMessageBegin() } == expected)
    #expect(try read(old) { r throws(CodecError) in try r.readMessageBegin() } == expected)
    #expect(code(old, strict: true) { r throws(CodecError) in try r.readMessageBegin() } == .badVersion)
    #expect(
      try read("0000000001 00000000") { r throws(CodecError) in try r.readMessageBegin() }
        == MessageHeader(name: "", type: .call, sequenceID: 0))
  }

  @Test(
    "a message of another version, or with a bad name, is refused",
    arguments: [
      ("80020001 00000000 00000000", CodecError.Code.badVersion), ("ffffffff 00000000 00000000", .badVersion),
      ("82210101 00000000 00000000", .badVersion), ("80010001 ffffffff 00000000", .negativeSize),
      ("80010001 7fffffff 00000000", .sizeLimitExceeded), ("7fffffff 00000000 00000000", .sizeLimitExceeded),
      ("80010001 00000009 00000000", .endOfInput), ("00000009 00000000 00000000", .endOfInput),
      ("80010001 00000002 c328 00000000", .invalidData),
    ])
  func badMessages(hex: String, expected: CodecError.Code) {
    #expect(code(hex) { r throws(CodecError) in try r.readMessageBegin() } == expected)
  }

  @Test("every byte but 0 is true")
  func bools() throws {
    for (hex, value) in [("00", false), ("01", true), ("02", true), ("ff", true)] {
      #expect(try read(hex) { r throws(CodecError) in try r.readBool() } == value)
    }
  }

  @Test("doubles keep their bits: signs of zero and NaN, and what a NaN carries")
  func doubles() throws {
    for bits: UInt64 in [0, 0x8000_0000_0000_0000, 0x7FF8_0000_0000_0001, 0xFFF0_0000_0000_0000, 0x7FF0_0000_0000_0001]
    {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: bits >> ((7 - $0) * 8)) }
      #expect(try read(bytes.hex) { r throws(CodecError) in try r.readDouble().bitPattern } == bits)
    }
  }

  @Test("text keeps a byte order mark, NUL and how its characters are composed")
  func text() throws {
    let text = "efbbbf6100c3a965cc81"
    let value = try read("0000000a" + text) { r throws(CodecError) in try r.readString() }
    #expect(Array(value.utf8).hex == text)
    #expect(try read("00000000") { r throws(CodecError) in try r.readString() } == "")
  }

  @Test(
    "text that is not UTF-8 is refused, whatever its length, not repaired",
    arguments: [
      "ff", "c328", "e28228", "f0908080 ff", "c080", "eda080", "f4908080", "6162636465666768696a6b6c6d6e6fc3",
      "6162636465666768696a6b6c6d6e6f70717273ff", "80", "61ff61", "ff616161", "6161ff61", "61616161616161 61ff",
    ])
  func invalidText(hex: String) throws {
    let bytes = [UInt8](hex: hex)
    let size = String(0x1_0000_0000 + bytes.count, radix: 16).dropFirst()
    #expect(code(size + hex) { r throws(CodecError) in try r.readString() } == .invalidData)
    #expect(try read(size + hex) { r throws(CodecError) in try r.readBinary() } == bytes)
    #expect(try read(size + hex) { r throws(CodecError) in try r.readStringOrBinary() } == .binary(bytes))
    #expect(throws: Never.self) { try read(size + hex) { r throws(CodecError) in try r.skip(.string) } }
  }

  @Test("valid text of every length from 0 to 40 is read, in one, two, three and four bytes a character")
  func validText() throws {
    for character in ["a", "é", "日", "🌊"] {
      for count in 0...40 {
        let text = String(repeating: character, count: count)
        var buffer = WireBuffer()
        try buffer.writeBinary { w throws(CodecError) in try w.write(text) }
        #expect(try read(buffer.bytes.hex) { r throws(CodecError) in try r.readString() } == text)
      }
    }
  }

  @Test("an empty container may say any type")
  func emptyContainers() throws {
    for type in ["00", "01", "07", "11", "ff"] {
      #expect(try read(type + "00000000") { r throws(CodecError) in try r.readListBegin(of: .i32) } == 0)
      #expect(try read(type + "00000000") { r throws(CodecError) in try r.readSetBegin(of: .i32) } == 0)
      #expect(try read(type + "0800000000") { r throws(CodecError) in try r.readMapBegin(of: .i32, to: .i64) } == 0)
      #expect(throws: Never.self) { try read(type + "00000000") { r throws(CodecError) in try r.skip(.list) } }
      #expect(throws: Never.self) { try read("0b" + type + "00000000") { r throws(CodecError) in try r.skip(.map) } }
    }
  }

  @Test("elements of a type that is none, or not the expected one, are refused")
  func wrongElements() {
    for type in ["00", "01", "05", "07", "09", "11", "80", "ff"] {
      let list = type + "00000001" + "0000000000000000"
      #expect(code(list) { r throws(CodecError) in try r.readListBegin() } == .invalidData)
      #expect(code(list) { r throws(CodecError) in try r.skip(.set) } == .invalidData)
      #expect(code("08" + list) { r throws(CodecError) in try r.readMapBegin() } == .invalidData)
      #expect(code("08" + list) { r throws(CodecError) in try r.skip(.map) } == .invalidData)
      #expect(
        code(type + "0800000001" + "0000000000000000") { r throws(CodecError) in try r.skip(.map) } == .invalidData)
    }
    #expect(
      code("0a00000001 0000000000000000") { r throws(CodecError) in try r.readListBegin(of: .i32) } == .invalidData)
  }

  @Test("a field of a type that is none is refused when it is stepped over", arguments: [1, 5, 7, 9, 17, 18, 128, 255])
  func unknownFieldTypes(type: UInt8) {
    let bytes = [type, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(throws: CodecError.self) { try Tree(thriftBytes: bytes) }
    #expect(code(bytes.hex) { r throws(CodecError) in try r.skip(.structure) } == .invalidData)
    #expect(code(bytes.hex) { r throws(CodecError) in try ThriftValue(from: &r, type: .structure) } == .invalidData)
    #expect(code("00") { r throws(CodecError) in try r.skip(ThriftType(rawValue: type)) } == .invalidData)
  }

  @Test("a known field with another type is stepped over, one that comes twice counts the last time, in any order")
  func fieldsOfOldAndNew() throws {
    #expect(try Tree(thriftBytes: [UInt8](hex: "0b000100000001 61 00")) == Tree())
    #expect(try Tree(thriftBytes: [UInt8](hex: "0800010000000108000100000002 00")) == Tree(2))
    #expect(try Tree(thriftBytes: [UInt8](hex: "0f00020c00000001 00 08000100000002 00")) == Tree(2, [Tree()]))
    #expect(try Tree(thriftBytes: [UInt8](hex: "1000630011223344556677 8899aabbccddeeff 00")) == Tree())
  }

  @Test("bytes after a value are refused in the one-call form, and none at all are too few")
  func trailingBytes() {
    #expect(throws: CodecError(.invalidData, "1 bytes follow the value")) { try Tree(thriftBytes: [0, 0]) }
    #expect(throws: CodecError(.endOfInput, "needs 1 more bytes, 0 are left")) { try Tree(thriftBytes: []) }
  }
}
