import SeaThriftWire
import Testing

/// A message of which some values are inserted, not copied.
@Suite struct InsertedValueTests {
  private static let large = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  private static let larger = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }

  private func write(_ buffer: inout WireBuffer, limits: WireLimits = .default) throws {
    try buffer.writeBinary(limits: limits) { writer throws(CodecError) in
      try writer.write("before")
      try writer.writeField("large", 1, Self.large)
      try writer.write(Int32(7))
      try writer.write(Self.larger)
      try writer.write([UInt8](repeating: 9, count: 1000))
      try writer.write("after")
    }
  }

  private func expected() throws -> [UInt8] {
    var buffer = WireBuffer()
    try write(&buffer)
    return buffer.bytes
  }

  @Test("only a buffer that allows it has values inserted")
  func permission() throws {
    var plain = WireBuffer()
    try write(&plain)
    #expect(plain.byteCount == plain.count)
    var buffer = WireBuffer()
    buffer.allowInsertedValues()
    try write(&buffer)
    #expect(buffer.byteCount == plain.count)
    #expect(buffer.count == plain.count - Self.large.count - Self.larger.count)
    #expect(buffer.capacity < Self.large.count)
    #expect(buffer.joinedBytes == plain.bytes)
  }

  @Test("all bytes come out in order, however few are taken at a time", arguments: [1, 7, 4096, 150_000, .max])
  func consuming(atMost: Int) throws {
    let expected = try expected()
    // Byte by byte only around the edges of the values, for the time it takes.
    let step = { (left: Int) in atMost > 1 || left < 2000 ? atMost : 1000 }
    var buffer = WireBuffer()
    buffer.append([1, 2, 3])
    buffer.allowInsertedValues()
    try write(&buffer)
    buffer.consumeFront(3)
    var bytes: [UInt8] = []
    while buffer.byteCount > 0 {
      let taken = buffer.withBytes(from: 0) { (found: UnsafeRawBufferPointer) in
        let part = found.prefix(step(expected.count - bytes.count))
        bytes += part
        return part.count
      }
      try #require(taken > 0)
      buffer.consumeFront(taken)
      #expect(buffer.byteCount == expected.count - bytes.count)
    }
    #expect(bytes == expected)
    #expect(buffer.count == 0)
  }

  @Test("bytes can be looked at from any offset, without giving them up")
  func offsets() throws {
    let expected = try expected()
    var buffer = WireBuffer()
    buffer.allowInsertedValues()
    try write(&buffer)
    for offset in stride(from: 0, through: expected.count, by: 997) {
      let found = buffer.withBytes(from: offset) { Array($0.prefix(16)) }
      #expect(found.elementsEqual(expected[offset...].prefix(found.count)))
      #expect(!found.isEmpty || offset == expected.count)
    }
    #expect(buffer.joinedBytes == expected)
  }

  @Test("a message that fails takes its values back, and no other's")
  func rollback() throws {
    var buffer = WireBuffer()
    buffer.allowInsertedValues()
    try write(&buffer)
    let before = buffer.joinedBytes
    for bytes in [100, 200_050, 400_000, 501_000] {
      #expect(throws: CodecError.self) { try write(&buffer, limits: WireLimits(maxMessageBytes: bytes)) }
      #expect(buffer.joinedBytes == before)
    }
    let count = buffer.count
    try write(&buffer)
    buffer.truncate(to: count)
    #expect(buffer.joinedBytes == before)
    buffer.removeAll()
    #expect(buffer.byteCount == 0)
  }

  @Test("the limit of a message counts inserted values as it counts others")
  func limits() throws {
    let size = try expected().count
    for inserts in [false, true] {
      var buffer = WireBuffer()
      if inserts { buffer.allowInsertedValues() }
      try write(&buffer, limits: WireLimits(maxMessageBytes: size))
      #expect(throws: CodecError.self) { try write(&buffer, limits: WireLimits(maxMessageBytes: size - 1)) }
      #expect(buffer.byteCount == size)
    }
  }

  @Test("values stay where they belong when the bytes around them move")
  func moving() throws {
    let expected = try expected()
    var buffer = WireBuffer(capacity: 4096)
    buffer.allowInsertedValues()
    buffer.append([UInt8](repeating: 5, count: 3000))
    try write(&buffer)
    buffer.consumeFront(3000)
    buffer.append([UInt8](repeating: 6, count: 3000))
    #expect(buffer.joinedBytes == expected + [UInt8](repeating: 6, count: 3000))
    buffer.append([UInt8](repeating: 7, count: 100_000))
    #expect(buffer.joinedBytes.prefix(expected.count) == expected[...])
    buffer.shrink()
    #expect(buffer.joinedBytes.prefix(expected.count) == expected[...])
  }
}
