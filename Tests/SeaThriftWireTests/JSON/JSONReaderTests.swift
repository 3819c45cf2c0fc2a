import SeaThriftWire
import Testing

@Suite struct JSONReaderTests {
  private func read<Value>(
    _ text: String, limits: WireLimits = .default, _ body: (inout JSONReader) throws(CodecError) -> Value
  ) throws(CodecError) -> Value {
    try Array(text.utf8).withUnsafeBufferPointer { bytes throws(CodecError) in
      var reader = JSONReader(UnsafeRawBufferPointer(bytes), limits: limits)
      return try body(&reader)
    }
  }

  private func code<Value>(
    _ text: String, limits: WireLimits = .default, _ body: (inout JSONReader) throws(CodecError) -> Value
  ) -> CodecError.Code? {
    #expect(throws: CodecError.self, "\(text.prefix(100))") { try read(text, limits: limits, body) }?.code
  }

  @Test("a message's envelope, with any sequence number of 32 bits")
  func messages() throws {
    for (text, id) in [("-7", Int32(-7)), ("4294967295", -1), ("2147483647", .max), ("0", 0)] {
      #expect(
        try read(#"[1,"add",1,\#(text),{"#) { r throws(CodecError) in try r.readMessageBegin() }
          == MessageHeader(name: "add", type: .call, sequenceID: id))
    }
  }

  @Test(
    "a message of another version or form is refused",
    arguments: [
      (#"{"1":{}}"#, CodecError.Code.badVersion), (#"[2,"a",1,1,{}]"#, .badVersion),
      (#"["1","a",1,1,{}]"#, .invalidData),
      (#"[1,a,1,1,{}]"#, .invalidData), (#"[1,"a",256,1,{}]"#, .invalidData),
      (#"[1,"a",1,4294967296,{}]"#, .invalidData),
      (#"[1,"a",1;1,{}]"#, .invalidData), (#"[1,"a",1"#, .endOfInput), (#"[1,"a"#, .endOfInput), ("", .endOfInput),
      (#"[1 "a",1,1,{}]"#, .invalidData),
    ])
  func badMessages(text: String, expected: CodecError.Code) {
    #expect(code(text) { r throws(CodecError) in try r.readMessageBegin() } == expected)
  }

  @Test("white space may stand between the parts")
  func whiteSpace() throws {
    let text = " {\n\"1\" : {\t\"i32\" : 5 } ,\r\"2\":{ \"lst\" : [ \"rec\" , 1 , { } ] } } "
    #expect(try Tree(thriftBytes: Array(text.dropLast().utf8), .json) == Tree(5, [Tree()]))
  }

  @Test("integers within their type are read, others are refused")
  func integers() throws {
    #expect(try read("-128") { r throws(CodecError) in try r.readI8() } == -128)
    #expect(try read("32767") { r throws(CodecError) in try r.readI16() } == 32767)
    #expect(try read("-2147483648") { r throws(CodecError) in try r.readI32() } == .min)
    #expect(try read("-9223372036854775808") { r throws(CodecError) in try r.readI64() } == .min)
    #expect(try read("9223372036854775807") { r throws(CodecError) in try r.readI64() } == .max)
    #expect(try read("7") { r throws(CodecError) in try r.readBool() })
    #expect(code("128") { r throws(CodecError) in try r.readI8() } == .invalidData)
    #expect(code("-32769") { r throws(CodecError) in try r.readI16() } == .invalidData)
    #expect(code("2147483648") { r throws(CodecError) in try r.readI32() } == .invalidData)
    #expect(code("9223372036854775808") { r throws(CodecError) in try r.readI64() } == .invalidData)
    #expect(code(String(repeating: "9", count: 1_000_000)) { r throws(CodecError) in try r.readI64() } == .invalidData)
    for text in ["x", "+1", "\"1\"", "", "-", "- 1", "true", "[", ".5"] {
      let expected: CodecError.Code = text.isEmpty || text == "-" ? .endOfInput : .invalidData
      #expect(code(text) { r throws(CodecError) in try r.readI32() } == expected)
    }
    for text in ["1.5", "1e3", "5x"] {
      #expect(throws: CodecError.self) { try Tree(thriftBytes: Array(#"{"1":{"i32":\#(text)}}"#.utf8), .json) }
    }
  }

  @Test("doubles are read in all forms of JSON, and as words; others are refused")
  func doubles() throws {
    let cases: [(String, Double)] = [
      ("0", 0), ("-0", -0.0), ("1", 1), ("1e3", 1000), ("1E-3", 0.001), ("1.5e+2", 150), ("-0.5", -0.5),
      ("12345678901234567890", 12_345_678_901_234_567_168), ("\"Infinity\"", .infinity),
      ("\"-Infinity\"", -.infinity), ("5e-324", .leastNonzeroMagnitude),
    ]
    for (text, value) in cases {
      #expect(try read(text) { r throws(CodecError) in try r.readDouble().bitPattern } == value.bitPattern, "\(text)")
    }
    // As Apache's library for Python writes them.
    #expect(try read("inf") { r throws(CodecError) in try r.readDouble() } == .infinity)
    #expect(try read("-inf") { r throws(CodecError) in try r.readDouble() } == -.infinity)
    for text in ["\"NaN\"", "nan"] { #expect(try read(text) { r throws(CodecError) in try r.readDouble().isNaN }) }
    for text in ["i", "in", "-i", "na"] {
      #expect(code(text) { r throws(CodecError) in try r.readDouble() } == .endOfInput)
    }
    let keys = #"{"1":{"map":["dbl","i8",3,{"inf":1,"-inf":2,"1.5":3}]}}"#
    #expect(try ThriftFormat.json.read(Array(keys.utf8), SkipStruct()).remaining == 0)
    for text in ["\"abc\"", "\"1.5\"", "nax", "Infinity", "+1 ", ".5 ", "5. ", "1e ", "1e400 ", "--1 ", "- "] {
      #expect(code(text) { r throws(CodecError) in try r.readDouble() } == .invalidData, "\(text)")
    }
    #expect(
      code(String(repeating: "1", count: 1_000_000)) { r throws(CodecError) in try r.readDouble() } == .invalidData)
    #expect(code("1e") { r throws(CodecError) in try r.readDouble() } == .endOfInput)
  }

  @Test("keys of every type are read as they are written")
  func keys() throws {
    let keys: [ThriftValue] = [
      .bool(true), .i8(-1), .i16(300), .i32(7), .i64(.min), .double(-1.5), .double(-.infinity), .string("a\"b"),
      .uuid(ThriftUUID(high: 1, low: 2)), .structure([.init(id: 1, value: .i8(1))]), .list(.i8, [.i8(3)]),
      .map(.i8, .i8, [.init(key: .i8(1), value: .i8(2))]),
    ]
    for key in keys {
      let value = ThriftValue.map(
        key.type, .list, [.init(key: key, value: .list(.i8, [])), .init(key: key, value: .list(.i8, [.i8(1)]))])
      let bytes = try ThriftFormat.json.write(WriteDynamic(value: value))
      #expect(try ThriftFormat.json.read(bytes, ReadDynamic(type: .map)).value == value)
    }
    for key in ["1", "\"x\"", "\"1.5\"", "\" 1\"x"] {
      #expect(code(#"["i32","i8",1,{\#(key):1}]"#) { r throws(CodecError) in try r.skip(.map) } == .invalidData)
    }
  }

  @Test("escapes of every kind are read, surrogate pairs too")
  func escapes() throws {
    let cases = [
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u65E5""#, "Aé日"),
      (#""x\ud83c\udf0ay""#, "x🌊y"), (#""\u0000""#, "\0"), (#""""#, ""), (#""a\nb\nc""#, "a\nb\nc"),
      ("\"a\n\0\u{1f}b\"", "a\n\0\u{1f}b"),
    ]
    for (text, value) in cases {
      #expect(try read(text) { r throws(CodecError) in try r.readString() } == value)
      #expect(throws: Never.self) { try read(text) { r throws(CodecError) in try r.skip(.string) } }
    }
  }

  @Test(
    "malformed strings are refused",
    arguments: [
      #""\x""#, #""\u12g4""#, #""\ud83c""#, #""\udf0a""#, #""\ud83cx""#, #""\ud83c\n""#, #""\ud83cA""#,
      "a", "'a'",
    ])
  func badStrings(text: String) {
    #expect(code(text) { r throws(CodecError) in try r.readString() } == .invalidData)
    #expect(code(text) { r throws(CodecError) in try r.skip(.string) } == .invalidData)
  }

  @Test("text that is not UTF-8 is refused")
  func invalidUTF8() throws {
    for bytes: [UInt8] in [[0x22, 0xC3, 0x28, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22]] {
      let error = #expect(throws: CodecError.self) {
        try bytes.withUnsafeBytes { bytes in
          var reader = JSONReader(bytes)
          _ = try reader.readString()
        }
      }
      #expect(error?.code == .invalidData)
    }
  }

  @Test("base64 is read with and without padding, also with escaped slashes; other text is refused")
  func base64() throws {
    let cases: [(String, [UInt8])] = [
      ("", []), ("AA", [0]), ("AA==", [0]), ("AAE", [0, 1]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]),
      (#"++\/\/\/w"#, [0xFB, 0xEF, 0xFF, 0xFF]),
    ]
    for (text, value) in cases {
      #expect(try read("\"\(text)\"") { r throws(CodecError) in try r.readBinary() } == value)
    }
    for text in ["A", "AAAAA", "A=", "A===", "====", "AA=A", "A-_A", "AA A", "é"] {
      #expect(code("\"\(text)\"") { r throws(CodecError) in try r.readBinary() } == .invalidData, "\(text)")
    }
  }

  @Test(
    "malformed uuids are refused",
    arguments: [
      "", "x", "{00112233-4455-6677-8899-aabbccddeeff}", "00112233-4455-6677-8899-aabbccddeefg",
    ])
  func uuids(text: String) {
    #expect(code("\"\(text)\"") { r throws(CodecError) in try r.readUUID() } == .invalidData)
  }

  @Test(
    "counts that do not fit their contents are refused",
    arguments: [
      (#"["i8",2,1]"#, CodecError.Code.endOfInput), (#"["i8",1,1,1]"#, .invalidData), (#"["i8",-1]"#, .negativeSize),
      (#"["i8",2147483647,1]"#, .endOfInput), (#"["i8",9223372036854775808,1]"#, .invalidData),
      (#"["i8",4294967297,1]"#, .invalidData), (#"["i9",1,1]"#, .invalidData), (#"["",1,1]"#, .invalidData),
      (#"["i8","1",1]"#, .invalidData), (#"["i8",1 1]"#, .invalidData), (#"["i8",1,]"#, .invalidData),
    ])
  func listCounts(text: String, expected: CodecError.Code) {
    #expect(code(text) { r throws(CodecError) in try r.skip(.list) } == expected)
    #expect(code(text) { r throws(CodecError) in try ThriftValue(from: &r, type: .set) } == expected)
  }

  @Test(
    "maps too",
    arguments: [
      (#"["i8","i8",2,{"1":1}]"#, CodecError.Code.invalidData), (#"["i8","i8",1,{"1":1,"2":2}]"#, .invalidData),
      (#"["i8","i8",-1,{}]"#, .negativeSize), (#"["i8","i8",99,{"1":1}]"#, .endOfInput),
      (#"["i8","xx",1,{"1":1}]"#, .invalidData), (#"["i8","i8",1,{"1",1}]"#, .invalidData),
      (#"["i8","i8",1,["1",1]]"#, .invalidData), (#"["i8","i8",1,{"1":1}}"#, .invalidData),
    ])
  func mapCounts(text: String, expected: CodecError.Code) {
    #expect(code(text) { r throws(CodecError) in try r.skip(.map) } == expected)
  }

  @Test(
    "structs that are malformed are refused",
    arguments: [
      #"{"1":{"i32":1}"2":{"i32":1}}"#, #"{"1":{"i32":1},}"#, #"{"x":{"i32":1}}"#, #"{"32768":{"i32":1}}"#,
      #"{1:{"i32":1}}"#, #"{"1":{"i33":1}}"#, #"{"1":{"i32":1},"9":{"zzz":1}}"#, #"{"1":{}}"#, #"{"1":5}"#,
      #"{"1":{"i32":1,"i32":2}}"#, #"["1"]"#, #"{,}"#, #"{"1":{"i32":1}]"#,
    ])
  func badStructs(text: String) {
    let error = #expect(throws: CodecError.self) { try Tree(thriftBytes: Array(text.utf8), .json) }
    #expect(error?.code == .invalidData)
  }

  @Test("an empty container may name any type")
  func emptyContainers() throws {
    #expect(try read(#"["zzz",0]"#) { r throws(CodecError) in try r.readListBegin(of: .i32) } == 0)
    #expect(try read(#"["zzz","",0,{}]"#) { r throws(CodecError) in try r.readMapBegin(of: .i32, to: .i8) } == 0)
  }

  @Test("limits on strings hold, before and after escapes")
  func limits() {
    let limits = WireLimits(maxStringBytes: 3)
    #expect(throws: Never.self) { try read(#""a\nc""#, limits: limits) { r throws(CodecError) in try r.readString() } }
    #expect(code(#""abcd""#, limits: limits) { r throws(CodecError) in try r.readString() } == .sizeLimitExceeded)
    #expect(code(#""ab\n\n""#, limits: limits) { r throws(CodecError) in try r.readString() } == .sizeLimitExceeded)
  }
}
