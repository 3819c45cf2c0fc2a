import SeaThriftWire
import Testing

@Suite struct CompactWriterTests {
  private func hex(
    limits: WireLimits = .default, _ body: (inout CompactWriter) throws(CodecError) -> Void
  ) throws(CodecError) -> String {
    var writer = CompactWriter(limits: limits)
    try body(&writer)
    return writer.finish().bytes.hex
  }

  @Test("numbers are zigzag and short, an i8 is one byte, a double has its lowest byte first")
  func scalars() throws {
    #expect(try hex { w throws(CodecError) in try w.write(Int8(-2)) } == "fe")
    #expect(try hex { w throws(CodecError) in try w.write(Int16(-1)) } == "01")
    #expect(try hex { w throws(CodecError) in try w.write(Int16.min) } == "ffff03")
    #expect(try hex { w throws(CodecError) in try w.write(Int32(64)) } == "8001")
    #expect(try hex { w throws(CodecError) in try w.write(Int32.min) } == "ffffffff0f")
    #expect(try hex { w throws(CodecError) in try w.write(Int32.max) } == "feffffff0f")
    #expect(try hex { w throws(CodecError) in try w.write(Int64.min) } == "ffffffffffffffffff01")
    #expect(try hex { w throws(CodecError) in try w.write(0.5) } == "000000000000e03f")
    #expect(
      try hex { w throws(CodecError) in try w.write(ThriftUUID(high: 1, low: 2)) }
        == "00000000000000010000000000000002")
    #expect(
      try hex { w throws(CodecError) in try w.write(String(repeating: "a", count: 200)) }
        == "c801" + String(repeating: "61", count: 200))
  }

  @Test("a message is a number, version and type, a plain sequence number and a name")
  func message() throws {
    #expect(try hex { w throws(CodecError) in try w.writeMessageBegin("add", .call, 300) } == "8221ac0203616464")
    #expect(try hex { w throws(CodecError) in try w.writeMessageBegin("", .exception, -1) } == "8261ffffffff0f00")
  }

  @Test("a field's header says how far it is from the last one, or its number when that is too far or back")
  func headers() throws {
    let fields = try hex { w throws(CodecError) in
      try w.writeStructBegin("")
      for id: Int16 in [1, 16, 32, 31, -5, .max, .min] { try w.writeField("", id, Int8(7)) }
      try w.writeFieldStop()
      w.writeStructEnd()
    }
    #expect(fields == "1307" + "f307" + "034007" + "033e07" + "030907" + "03feff0307" + "03ffff0307" + "00")
  }

  @Test("the distance is counted anew in a struct, and goes on after it")
  func nestedHeaders() throws {
    let fields = try hex { w throws(CodecError) in
      try w.writeStructBegin("")
      try w.writeFieldBegin("", .structure, 3)
      try w.writeStructBegin("")
      try w.writeField("", 1, Int8(1))
      try w.writeFieldStop()
      w.writeStructEnd()
      w.writeFieldEnd()
      try w.writeField("", 4, Int8(2))
      try w.writeFieldStop()
      w.writeStructEnd()
    }
    #expect(fields == "3c" + "1301" + "00" + "1302" + "00")
  }

  @Test("a bool field is only a header, also when header and value are written apart; an element is a byte")
  func bools() throws {
    let fields = try hex { w throws(CodecError) in
      try w.writeStructBegin("")
      try w.writeField("", 1, true)
      try w.writeField("", 2, false)
      try w.writeFieldBegin("", .bool, 20)
      try w.write(true)
      w.writeFieldEnd()
      try w.writeFieldBegin("", .list, 21)
      try w.writeListBegin(.bool, count: 2)
      try w.write(true)
      try w.write(false)
      w.writeListEnd()
      try w.writeFieldStop()
    }
    #expect(fields == "11" + "12" + "0128" + "19" + "21" + "0102" + "00")
  }

  @Test("a short container says its count with its type, an empty map is one zero")
  func containers() throws {
    #expect(try hex { w throws(CodecError) in try w.writeListBegin(.i32, count: 14) } == "e5")
    #expect(try hex { w throws(CodecError) in try w.writeSetBegin(.uuid, count: 15) } == "fd0f")
    #expect(try hex { w throws(CodecError) in try w.writeListBegin(.i8, count: 300) } == "f3ac02")
    #expect(try hex { w throws(CodecError) in try w.writeMapBegin(.string, .list, count: 0) } == "00")
    #expect(try hex { w throws(CodecError) in try w.writeMapBegin(.string, .bool, count: 300) } == "ac0281")
  }

  @Test("structs deeper than the default limit keep their places too")
  func deep() throws {
    let limits = WireLimits(maxDepth: 200)
    for levels in [63, 64, 65, 66, 67, 150] {
      var tree = Tree(levels: levels)
      tree.kids.append(Tree(9))
      #expect(try Tree(thriftBytes: tree.thriftBytes(.compact, limits: limits), .compact, limits: limits) == tree)
    }
  }

  @Test("limits hold, and what was written can be taken back")
  func limits() throws {
    let limits = WireLimits(maxMessageBytes: 100, maxStringBytes: 3, maxContainerElements: 2, maxDepth: 2)
    func code(_ body: (inout CompactWriter) throws(CodecError) -> Void) -> CodecError.Code? {
      #expect(throws: CodecError.self) { try hex(limits: limits, body) }?.code
    }
    #expect(code { w throws(CodecError) in try w.write("abcd") } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.write([1, 2, 3, 4] as [UInt8]) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeListBegin(.i8, count: 3) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeMapBegin(.i8, .i8, count: -1) } == .negativeSize)
    #expect(code { w throws(CodecError) in try w.write(Tree(levels: 3)) } == .depthLimitExceeded)
    #expect(code { w throws(CodecError) in for _ in 0...100 { try w.write(Int8(1)) } } == .sizeLimitExceeded)
    var writer = CompactWriter()
    try writer.writeStructBegin("")
    try writer.writeField("", 5, Int8(1))
    writer.rollback()
    #expect(writer.writtenBytes == 0)
    try writer.writeField("", 1, Int8(1))
    #expect(writer.finish().bytes == [0x13, 1])
  }
}
