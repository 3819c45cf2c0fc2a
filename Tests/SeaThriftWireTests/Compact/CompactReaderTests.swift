import SeaThriftWire
import Testing

@Suite struct CompactReaderTests {
  private func read<Value>(
    _ hex: String, limits: WireLimits = .default, _ body: (inout CompactReader) throws(CodecError) -> Value
  ) throws(CodecError) -> Value {
    try [UInt8](hex: hex).withUnsafeBufferPointer { bytes throws(CodecError) in
      var reader = CompactReader(UnsafeRawBufferPointer(bytes), limits: limits)
      return try body(&reader)
    }
  }

  private func code<Value>(
    _ hex: String, limits: WireLimits = .default, _ body: (inout CompactReader) throws(CodecError) -> Value
  ) -> CodecError.Code? {
    #expect(throws: CodecError.self, "\(hex)") { try read(hex, limits: limits, body) }?.code
  }

  @Test("a message's envelope has a plain sequence number of all 32 bits")
  func messages() throws {
    #expect(
      try read("8221ac0203616464") { r throws(CodecError) in try r.readMessageBegin() }
        == MessageHeader(name: "add", type: .call, sequenceID: 300))
    #expect(
      try read("8281ffffffff0f00") { r throws(CodecError) in try r.readMessageBegin() }
        == MessageHeader(name: "", type: .oneway, sequenceID: -1))
  }

  @Test(
    "a message of another protocol or version, or with a bad name, is refused",
    arguments: [
      ("80010001", CodecError.Code.badVersion), ("8222000161", .badVersion), ("8220000161", .badVersion),
      ("8321000161", .badVersion), ("8221ffffffffff0000", .invalidData), ("822100ffffffff0f", .negativeSize),
      ("822100ffffffff07", .sizeLimitExceeded), ("8221000261", .endOfInput), ("82", .endOfInput),
      ("8221ff", .endOfInput),
      ("82210002c328", .invalidData),
    ])
  func badMessages(hex: String, expected: CodecError.Code) {
    #expect(code(hex) { r throws(CodecError) in try r.readMessageBegin() } == expected)
  }

  @Test("numbers longer than they need be are read, longer than they may be not, nor too large ones")
  func varints() throws {
    #expect(try read("8e8000") { r throws(CodecError) in try r.readI32() } == 7)
    #expect(try read("8e80808000") { r throws(CodecError) in try r.readI32() } == 7)
    #expect(code("8e8080808000") { r throws(CodecError) in try r.readI32() } == .invalidData)
    #expect(code("ffffffff10") { r throws(CodecError) in try r.readI32() } == .invalidData)
    #expect(try read("ffffffff0f") { r throws(CodecError) in try r.readI32() } == .min)
    #expect(try read("ffffffffffffffffff01") { r throws(CodecError) in try r.readI64() } == .min)
    #expect(code("ffffffffffffffffff02") { r throws(CodecError) in try r.readI64() } == .invalidData)
    #expect(code("8080808080808080808000") { r throws(CodecError) in try r.readI64() } == .invalidData)
    #expect(try read("ffff03") { r throws(CodecError) in try r.readI16() } == .min)
    #expect(code("feff07") { r throws(CodecError) in try r.readI16() } == .invalidData)
    #expect(code("8080") { r throws(CodecError) in try r.readI32() } == .endOfInput)
    #expect(code(String(repeating: "80", count: 1000)) { r throws(CodecError) in try r.skip(.i64) } == .invalidData)
  }

  @Test("a bool is in its field's header, an element is a byte of 1 or else false, of type 1 or 2")
  func bools() throws {
    #expect(try Sample(thriftBytes: [UInt8](hex: "1100"), .compact).flag)
    #expect(try !Sample(thriftBytes: [UInt8](hex: "1200"), .compact).flag)
    #expect(try Sample(thriftBytes: [UInt8](hex: "010200"), .compact).flag)
    for type in ["1", "2"] {
      let values = try read("4" + type + "01020003") { r throws(CodecError) in
        let count = try r.readListBegin(of: .bool)
        var values: [Bool] = []
        for _ in 0..<count { values.append(try r.readBool()) }
        return values
      }
      #expect(values == [true, false, false, false])
    }
    // Unknown bool fields are stepped over with nothing after their headers.
    #expect(try Tree(thriftBytes: [UInt8](hex: "f1" + "0202" + "050204" + "00"), .compact) == Tree(2))
  }

  @Test("the number of a field cannot leave 16 bits")
  func fieldIDs() throws {
    #expect(
      code("03feff0307" + "1307" + "00") { r throws(CodecError) in
        _ = try r.readFieldBegin()
        _ = try r.readI8()
        return try r.readFieldBegin()
      } == .invalidData)
    #expect(code("0380800807") { r throws(CodecError) in try r.readFieldBegin() } == .invalidData)
    #expect(try read("03ffff03") { r throws(CodecError) in try r.readFieldBegin() } == FieldHeader(type: .i8, id: .min))
  }

  @Test("types 14 and 15 are none, nor is 0 in a container that is not empty")
  func unknownTypes() throws {
    for type in ["e", "f"] {
      #expect(code("1" + type + "0000") { r throws(CodecError) in try r.skip(.structure) } == .invalidData)
      #expect(throws: CodecError.self) { try Tree(thriftBytes: [UInt8](hex: "1" + type + "0000"), .compact) }
    }
    for type in ["0", "e", "f"] {
      #expect(code("1" + type + "0000") { r throws(CodecError) in try r.readListBegin() } == .invalidData)
      #expect(code("1" + type + "0000") { r throws(CodecError) in try r.skip(.list) } == .invalidData)
      #expect(code("01" + type + "50000") { r throws(CodecError) in try r.readMapBegin() } == .invalidData)
      #expect(code("01" + "5" + type + "0000") { r throws(CodecError) in try r.skip(.map) } == .invalidData)
      #expect(try read("0" + type) { r throws(CodecError) in try r.readListBegin(of: .i32) } == 0)
    }
  }

  @Test("negative and too large sizes are refused, counts that may be long say so in short containers too")
  func sizes() throws {
    for (size, expected) in [("ffffffff0f", CodecError.Code.negativeSize), ("8080808008", .negativeSize)] {
      #expect(code(size) { r throws(CodecError) in try r.readString() } == expected)
      #expect(code(size) { r throws(CodecError) in try r.skip(.string) } == expected)
      #expect(code("f5" + size) { r throws(CodecError) in try r.readListBegin() } == expected)
      #expect(code("f5" + size) { r throws(CodecError) in try r.skip(.set) } == expected)
      #expect(code(size + "55") { r throws(CodecError) in try r.readMapBegin() } == expected)
      #expect(code(size + "55") { r throws(CodecError) in try r.skip(.map) } == expected)
    }
    let huge = "ffffffff07"
    let limits = WireLimits(maxMessageBytes: Int(Int32.max))
    #expect(code(huge + "00", limits: limits) { r throws(CodecError) in try r.readBinary() } == .endOfInput)
    for type in ["3", "5", "8", "c", "d", "9", "b"] {
      #expect(code("f" + type + huge + "00") { r throws(CodecError) in try r.readListBegin() } == .endOfInput)
      #expect(code("f" + type + huge + "00") { r throws(CodecError) in try r.skip(.list) } == .endOfInput)
      #expect(code(huge + type + type + "00") { r throws(CodecError) in try r.skip(.map) } == .endOfInput)
    }
    #expect(try read("f3020102") { r throws(CodecError) in try r.readListBegin(of: .i8) } == 2)
    #expect(try read("8000") { r throws(CodecError) in try r.readMapBegin().count } == 0)
  }
}
