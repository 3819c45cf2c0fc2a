import SeaThriftWire
import Testing

@Suite struct BinaryWriterTests {
  /// What `body` writes, in hexadecimal digits.
  private func hex(
    limits: WireLimits = .default, _ body: (inout BinaryWriter) throws(CodecError) -> Void
  ) throws(CodecError) -> String {
    var buffer = WireBuffer()
    try buffer.writeBinary(limits: limits, body)
    return buffer.bytes.hex
  }

  @Test("numbers are big-endian, doubles their bits, a bool is 0 or 1, a uuid 16 bytes without length")
  func scalars() throws {
    #expect(try hex { w throws(CodecError) in try w.write(true) } == "01")
    #expect(try hex { w throws(CodecError) in try w.write(false) } == "00")
    #expect(try hex { w throws(CodecError) in try w.write(Int8(-2)) } == "fe")
    #expect(try hex { w throws(CodecError) in try w.write(Int16(0x0102)) } == "0102")
    #expect(try hex { w throws(CodecError) in try w.write(Int32(-2)) } == "fffffffe")
    #expect(try hex { w throws(CodecError) in try w.write(Int64(1) << 40) } == "0000010000000000")
    #expect(try hex { w throws(CodecError) in try w.write(-0.0) } == "8000000000000000")
    #expect(
      try hex { w throws(CodecError) in try w.write(Double(bitPattern: 0x7FF0_0000_0000_0001)) }
        == "7ff0000000000001")
    #expect(
      try hex { w throws(CodecError) in try w.write(ThriftUUID(high: 1, low: 2)) }
        == "00000000000000010000000000000002")
  }

  @Test("strings and binaries are a length and their bytes, of every length that is copied in its own way")
  func text() throws {
    for count in 0...40 {
      let text = String("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH".prefix(count))
      let expected = String(UInt64(count) + 0x1_0000_0000, radix: 16).dropFirst() + Array(text.utf8).hex
      #expect(try hex { w throws(CodecError) in try w.write(text) } == expected)
      #expect(try hex { w throws(CodecError) in try w.write(Array(text.utf8)) } == expected)
      #expect(try hex { w throws(CodecError) in try w.writeField("", 1, text) } == "0b0001" + expected + "")
    }
    #expect(try hex { w throws(CodecError) in try w.write("\u{FEFF}a\0é") } == "00000007efbbbf6100c3a9")
  }

  @Test("a message is strict: version, type, name, sequence number")
  func message() throws {
    #expect(
      try hex { w throws(CodecError) in try w.writeMessageBegin("add", .call, -2) }
        == "80010001" + "00000003616464" + "fffffffe")
    #expect(
      try hex { w throws(CodecError) in try w.writeMessageBegin("", .oneway, .max) } == "80010004000000007fffffff")
  }

  @Test("containers are their types and a count")
  func containers() throws {
    #expect(try hex { w throws(CodecError) in try w.writeListBegin(.i32, count: 3) } == "0800000003")
    #expect(try hex { w throws(CodecError) in try w.writeSetBegin(.uuid, count: 0) } == "1000000000")
    #expect(try hex { w throws(CodecError) in try w.writeMapBegin(.string, .list, count: 258) } == "0b0f00000102")
  }

  @Test("a whole field is the same as its header, value and end")
  func fields() throws {
    let expected = """
      02000101 0300 02fe 060003fed4 08000400011170 0a0005fffffffed5fa0e00 0400063fe0000000000000
      0b000700000006 68c3a96c6c6f 0b00080000000200ff 1000090011223344556677 8899aabbccddeeff 08000a00000005
      0c000b 08000100000001 0f0002 0c00000001 08000100000002 0f0002 0c00000000 00 00
      0e000c 06 00000001 0007 0d000d 0b02 00000001 000000026f6e 01 00
      """
    #expect(try Sample.full.thriftBytes() == [UInt8](hex: expected))
  }

  @Test("what the buffer held stays before what is written, and is all that is left when writing fails")
  func appending() throws {
    var buffer = WireBuffer()
    buffer.append([1, 2, 3])
    try buffer.writeBinary { w throws(CodecError) in try w.write(Int16(0x0405)) }
    #expect(buffer.bytes == [1, 2, 3, 4, 5])
    buffer.consume(1)
    let error = #expect(throws: CodecError.self) {
      try buffer.writeBinary(limits: WireLimits(maxDepth: 1)) { w throws(CodecError) in
        try w.write(String(repeating: "x", count: 1000))
        try w.writeStructBegin("a")
        try w.writeStructBegin("b")
      }
    }
    #expect(error?.code == .depthLimitExceeded)
    #expect(buffer.bytes == [2, 3, 4, 5])
  }

  @Test("a message may have exactly as many bytes as its limit, whatever the buffer held before")
  func messageLimit() throws {
    for size in [1, 63, 64, 65, 100, 1000] {
      let limits = WireLimits(maxMessageBytes: size)
      var buffer = WireBuffer()
      buffer.append(repeatElement(9, count: 50))
      try buffer.writeBinary(limits: limits) { w throws(CodecError) in
        for _ in 0..<size { try w.write(Int8(1)) }
      }
      #expect(buffer.count == 50 + size)
      let error = #expect(throws: CodecError.self) {
        try buffer.writeBinary(limits: limits) { w throws(CodecError) in
          for _ in 0...size { try w.write(Int8(1)) }
        }
      }
      #expect(error?.code == .sizeLimitExceeded)
      #expect(buffer.count == 50 + size)
    }
  }

  @Test("strings, containers and depth beyond their limits are refused")
  func limits() {
    let limits = WireLimits(maxStringBytes: 3, maxContainerElements: 2, maxDepth: 2)
    func code(_ body: (inout BinaryWriter) throws(CodecError) -> Void) -> CodecError.Code? {
      #expect(throws: CodecError.self) { try hex(limits: limits, body) }?.code
    }
    #expect(code { w throws(CodecError) in try w.write("abcd") } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeField("", 1, "abcd") } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.write([1, 2, 3, 4] as [UInt8]) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeMessageBegin("abcd", .call, 0) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeListBegin(.i8, count: 3) } == .sizeLimitExceeded)
    #expect(code { w throws(CodecError) in try w.writeMapBegin(.i8, .i8, count: -1) } == .negativeSize)
    #expect(code { w throws(CodecError) in try w.write(Tree(levels: 3)) } == .depthLimitExceeded)
    #expect(throws: Never.self) { try hex(limits: limits) { w throws(CodecError) in try w.write(Tree(levels: 2)) } }
  }
}
