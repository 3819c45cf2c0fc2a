import SeaThriftWire
import Testing

@Suite struct JSONWriterTests {
  private func text(
    limits: WireLimits = .default, _ body: (inout JSONWriter) throws(CodecError) -> Void
  ) throws(CodecError) -> String {
    var writer = JSONWriter(limits: limits)
    try body(&writer)
    return String(decoding: writer.finish().bytes, as: UTF8.self)
  }

  @Test("a struct is an object of fields by number, each an object with the name of its type")
  func fields() throws {
    let text = String(decoding: try Sample.full.thriftBytes(.json), as: UTF8.self)
    #expect(
      text == #"""
        {"1":{"tf":1},"2":{"i8":-2},"3":{"i16":-300},"4":{"i32":70000},"5":{"i64":-5000000000},"6":{"dbl":0.5},\#
        "7":{"str":"héllo"},"8":{"str":"AP8"},"9":{"uid":"00112233-4455-6677-8899-aabbccddeeff"},"10":{"i32":5},\#
        "11":{"rec":{"1":{"i32":1},"2":{"lst":["rec",1,{"1":{"i32":2},"2":{"lst":["rec",0]}}]}}},\#
        "12":{"set":["i16",1,7]},"13":{"map":["str","tf",1,{"on":1}]}}
        """#)
  }

  @Test("a message is an array of version, name, type, sequence number and struct")
  func message() throws {
    let text = try text { w throws(CodecError) in
      try w.writeMessageBegin("a\"b", .call, -7)
      try w.write(Tree(1))
      try w.writeMessageEnd()
    }
    #expect(text == #"[1,"a\"b",1,-7,{"1":{"i32":1},"2":{"lst":["rec",0]}}]"#)
  }

  @Test("keys that are numbers are quoted, those that are structs or containers are not")
  func keys() throws {
    func map(_ key: ThriftValue, _ second: ThriftValue) throws -> String {
      let entries = [key, second].map { ThriftValue.Entry(key: $0, value: .i8(9)) }
      return String(
        decoding: try ThriftFormat.json.write(WriteDynamic(value: .map(key.type, .i8, entries))), as: UTF8.self)
    }
    #expect(try map(.i32(-1), .i32(2)) == #"["i32","i8",2,{"-1":9,"2":9}]"#)
    #expect(try map(.bool(true), .bool(false)) == #"["tf","i8",2,{"1":9,"0":9}]"#)
    #expect(try map(.double(0.5), .double(.nan)) == #"["dbl","i8",2,{"0.5":9,"NaN":9}]"#)
    #expect(try map(.string("x"), .string("")) == #"["str","i8",2,{"x":9,"":9}]"#)
    #expect(
      try map(.structure([.init(id: 1, value: .i8(1))]), .structure([]))
        == #"["rec","i8",2,{{"1":{"i8":1}}:9,{}:9}]"#)
    #expect(try map(.list(.i8, [.i8(1)]), .list(.i8, [])) == #"["lst","i8",2,{["i8",1,1]:9,["i8",0]:9}]"#)
  }

  @Test("doubles are the shortest numbers that read as the same, or words")
  func doubles() throws {
    let cases: [(Double, String)] = [
      (1, "1"), (-0.0, "-0"), (0.1, "0.1"), (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
      (1e15, "1000000000000000"),
      (.infinity, "\"Infinity\""), (-.infinity, "\"-Infinity\""), (.nan, "\"NaN\""), (-.nan, "\"NaN\""),
    ]
    for (value, expected) in cases {
      #expect(try text { w throws(CodecError) in try w.write(value) } == expected)
    }
  }

  @Test("integers of all sizes")
  func integers() throws {
    for value in [0, 1, -1, 9, 10, 99, 100, -100, Int64.max, .min] {
      #expect(try text { w throws(CodecError) in try w.write(value) } == "\(value)")
    }
  }

  @Test("quotes, backslashes and control characters are escaped, nothing else")
  func escapes() throws {
    let cases = [
      ("a\"b\\c/d", #""a\"b\\c/d""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
      ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
      ("\u{FEFF}é日🌊", "\"\u{FEFF}é日🌊\""), ("", "\"\""), ("\n", #""\n""#),
    ]
    for (value, expected) in cases {
      #expect(try text { w throws(CodecError) in try w.write(value) } == expected)
    }
  }

  @Test("binaries are base64 without padding")
  func base64() throws {
    let cases: [([UInt8], String)] = [
      ([], ""), ([0], "AA"), ([0, 1], "AAE"), ([0, 1, 2], "AAEC"), ([0xFB, 0xEF, 0xFF, 0xFF], "++///w"),
    ]
    for (value, expected) in cases {
      #expect(try text { w throws(CodecError) in try w.write(value) } == "\"\(expected)\"")
    }
    let all = (0...255).map { UInt8($0) }
    for count in 0...256 {
      let bytes = try ThriftFormat.json.write(WriteDynamic(value: .binary(Array(all.prefix(count)))))
      let read = try bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes)
        return try reader.readBinary()
      }
      #expect(read == Array(all.prefix(count)))
    }
  }

  @Test("limits hold, and what was written can be taken back")
  func limits() throws {
    let limits = WireLimits(maxMessageBytes: 100, maxStringBytes: 3, maxContainerElements: 2, maxDepth: 2)
    func code(_ body: (inout JSONWriter) throws(CodecError) -> Void) -> CodecError.Code? {
      #expect(throws: CodecError.self) { try text(limits: limits, body) }?.code
    }
    #expect(code { w throws(CodecError) in try w.write("abcd") } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.write([1, 2, 3, 4] as [UInt8]) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeListBegin(.i8, count: 3) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeListBegin(.stop, count: 1) } == .invalidData)
    #expect(code { w throws(CodecError) in try w.writeMapBegin(.i8, .i8, count: -1) } == .negativeSize)
    #expect(code { w throws(CodecError) in try w.write(Tree(levels: 3)) } == .depthLimitExceeded)
    #expect(code { w throws(CodecError) in for _ in 0...100 { try w.write(Int8(1)) } } == .sizeLimitExceeded)
    var writer = JSONWriter()
    try writer.writeStructBegin("")
    try writer.writeField("", 5, Int8(1))
    writer.rollback()
    try writer.write(Tree(1))
    #expect(String(decoding: writer.finish().bytes, as: UTF8.self) == #"{"1":{"i32":1},"2":{"lst":["rec",0]}}"#)
  }
}
