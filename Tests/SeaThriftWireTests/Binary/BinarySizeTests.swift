import SeaThriftWire
import Testing

/// Sizes and counts that a hostile peer announces.
@Suite struct BinarySizeTests {
  private func code(
    _ hex: String, limits: WireLimits = .default, _ body: (inout BinaryReader) throws(CodecError) -> Void
  ) -> CodecError.Code? {
    #expect(throws: CodecError.self, "\(hex)") {
      try [UInt8](hex: hex).withUnsafeBufferPointer { bytes throws(CodecError) in
        var reader = BinaryReader(UnsafeRawBufferPointer(bytes), limits: limits)
        try body(&reader)
      }
    }?.code
  }

  @Test("negative sizes are refused", arguments: ["ffffffff", "80000000", "fffffff0"])
  func negative(size: String) {
    #expect(code(size) { r throws(CodecError) in _ = try r.readString() } == .negativeSize)
    #expect(code(size) { r throws(CodecError) in _ = try r.readBinary() } == .negativeSize)
    #expect(code(size) { r throws(CodecError) in try r.skip(.string) } == .negativeSize)
    #expect(code("08" + size) { r throws(CodecError) in _ = try r.readListBegin() } == .negativeSize)
    #expect(code("08" + size) { r throws(CodecError) in _ = try r.readSetBegin() } == .negativeSize)
    #expect(code("08" + size) { r throws(CodecError) in try r.skip(.list) } == .negativeSize)
    #expect(code("0808" + size) { r throws(CodecError) in _ = try r.readMapBegin() } == .negativeSize)
    #expect(code("0808" + size) { r throws(CodecError) in try r.skip(.map) } == .negativeSize)
  }

  @Test(
    "sizes that reach beyond the bytes that are left are refused",
    arguments: [
      "7fffffff", "7ffffffc", "40000000", "20000000", "10000000", "08000000", "05f5e100", "00000009",
    ])
  func beyondTheEnd(size: String) {
    let rest = "0000000000000000"
    let huge = WireLimits(maxMessageBytes: Int(Int32.max))
    let codes = [
      code(size + rest, limits: huge) { r throws(CodecError) in _ = try r.readString() },
      code(size + rest, limits: huge) { r throws(CodecError) in _ = try r.readBinary() },
      code(size + rest, limits: huge) { r throws(CodecError) in try r.skip(.string) },
      code("02" + size + rest) { r throws(CodecError) in _ = try r.readListBegin() },
      code("0c" + size + rest) { r throws(CodecError) in _ = try r.readSetBegin() },
      code("10" + size + rest) { r throws(CodecError) in try r.skip(.list) },
      code("0a" + size + rest) { r throws(CodecError) in try r.skip(.set) },
      code("0d" + size + rest) { r throws(CodecError) in try r.skip(.set) },
      code("0202" + size + rest) { r throws(CodecError) in _ = try r.readMapBegin() },
      code("1010" + size + rest) { r throws(CodecError) in try r.skip(.map) },
      code("0b0d" + size + rest) { r throws(CodecError) in try r.skip(.map) },
    ]
    #expect(codes.allSatisfy { $0 == .endOfInput })
  }

  @Test("a count that just fits the least that its elements need is accepted by begin")
  func justFits() throws {
    let cases: [(ThriftType, Int)] = [
      (.bool, 1), (.i8, 1), (.i16, 2), (.i32, 4), (.i64, 8), (.double, 8), (.string, 4), (.uuid, 16), (.structure, 1),
      (.list, 5), (.set, 5), (.map, 6),
    ]
    for (type, size) in cases {
      for (bytes, fits) in [(size * 3, true), (size * 3 - 1, false)] {
        let input = [type.rawValue, 0, 0, 0, 3] + [UInt8](repeating: 0, count: bytes)
        let count = try? input.withUnsafeBytes { bytes in
          var reader = BinaryReader(bytes)
          return try reader.readListBegin().count
        }
        #expect(count == (fits ? 3 : nil), "\(type)")
      }
    }
  }

  @Test("limits on strings and containers hold when reading and when stepping over")
  func limits() {
    let limits = WireLimits(maxStringBytes: 3, maxContainerElements: 2)
    #expect(
      code("0000000461626364", limits: limits) { r throws(CodecError) in _ = try r.readString() } == .sizeLimitExceeded)
    #expect(
      code("0000000461626364", limits: limits) { r throws(CodecError) in _ = try r.readBinary() } == .sizeLimitExceeded)
    #expect(
      code("0000000461626364", limits: limits) { r throws(CodecError) in try r.skip(.string) } == .sizeLimitExceeded)
    #expect(
      code("0b000100000004 6162636400", limits: limits) { r throws(CodecError) in try r.skip(.structure) }
        == .sizeLimitExceeded)
    #expect(
      code("0200000003 010101", limits: limits) { r throws(CodecError) in _ = try r.readListBegin() }
        == .sizeLimitExceeded)
    #expect(
      code("0200000003 010101", limits: limits) { r throws(CodecError) in try r.skip(.list) } == .sizeLimitExceeded)
    #expect(
      code("020200000003 010101010101", limits: limits) { r throws(CodecError) in _ = try r.readMapBegin() }
        == .sizeLimitExceeded)
  }

  @Test("nothing is read beyond the message limit")
  func messageLimit() throws {
    let limits = WireLimits(maxMessageBytes: 8)
    func read(_ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes { bytes in
        var reader = BinaryReader(bytes, limits: limits)
        _ = try reader.readI64()
        #expect(reader.bytesRemaining == 0)
        _ = try reader.readI8()
      }
    }
    #expect(throws: CodecError(.endOfInput, "needs 1 more bytes, 0 are left")) { try read([1, 2, 3, 4, 5, 6, 7, 8]) }
    let error = #expect(throws: CodecError.self) { try read([1, 2, 3, 4, 5, 6, 7, 8, 9]) }
    #expect(error?.code == .sizeLimitExceeded)
    let whole = #expect(throws: CodecError.self) { try Sample(thriftBytes: Sample.full.thriftBytes(), limits: limits) }
    #expect(whole?.code == .sizeLimitExceeded)
  }

  @Test("what is reserved for a container follows from the bytes that are left")
  func reservation() {
    let bytes = [UInt8](repeating: 0, count: 1000)
    bytes.withUnsafeBytes { bytes in
      let reader = BinaryReader(bytes)
      #expect(reader.reservation(for: 10, of: Int64.self) == 10)
      #expect(reader.reservation(for: 1000, of: Sample.self) < 100)
      #expect(reader.reservation(for: 5_000, of: Int8.self) == 5_000)
      #expect(reader.reservation(for: Int(Int32.max), of: Int8.self) == 8096)
      #expect(reader.reservation(for: Int(Int32.max), of: Void.self) <= 8096)
    }
  }
}
