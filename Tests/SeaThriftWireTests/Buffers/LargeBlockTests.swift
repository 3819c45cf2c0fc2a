import SeaThriftWire
import Testing

/// Messages of which a value keeps the memory that it arrived in.
@Suite struct LargeBlockTests {
  private static let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  /// An input that received `bytes` as a connection does, in parts.
  private func input(_ bytes: [UInt8], total: Int) -> WireBuffer {
    var buffer = WireBuffer()
    var rest = bytes[...]
    while !rest.isEmpty {
      buffer.reserve(forMessageOf: total, atLeast: 4096)
      let part = rest.prefix(min(buffer.writableBytes.count, 700_000))
      part.withUnsafeBytes { buffer.writableBytes.copyMemory(from: $0) }
      buffer.didWrite(part.count)
      rest = rest.dropFirst(part.count)
    }
    return buffer
  }

  private func message(before: String, after: String, value: [UInt8] = Self.value) throws -> [UInt8] {
    var buffer = WireBuffer()
    try buffer.writeBinary { writer throws(CodecError) in
      try writer.write(before)
      try writer.write(value)
      try writer.write(after)
    }
    return buffer.bytes
  }

  /// Reads a message as it was written, and gives it up.
  private func read(_ buffer: inout WireBuffer, bytes: Int) throws -> (String, [UInt8], String) {
    let block = buffer.lend()
    let message = UnsafeRawBufferPointer(rebasing: buffer.readableBytes.prefix(bytes))
    defer { buffer.consumeMessage(bytes) }
    var reader = BinaryReader(message, limits: .default, block: block)
    let parts = (try reader.readString(), try reader.readBinary(), try reader.readString())
    #expect(reader.bytesRemaining == 0)
    #expect(reader.position == bytes)
    return parts
  }

  @Test("a value that is most of its message is not copied to other memory", arguments: ["", "short", "äöü"])
  func kept(text: String) throws {
    let bytes = try message(before: text, after: text + "!")
    var buffer = input(bytes, total: bytes.count)
    let lowest = UInt(bitPattern: buffer.readableBytes.baseAddress)
    let (before, value, after) = try read(&buffer, bytes: bytes.count)
    #expect(before == text)
    #expect(after == text + "!")
    #expect(value == Self.value)
    #expect(value.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == lowest)
    #expect(buffer.count == 0)
    buffer.append([1, 2, 3])
    #expect(buffer.bytes == [1, 2, 3])
  }

  @Test("what arrived behind the message is still there", arguments: [1, 5000, 200_000, 2_000_000])
  func following(count: Int) throws {
    let bytes = try message(before: "a", after: "b")
    let next = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var buffer = input(bytes + next, total: bytes.count + count)
    let (_, value, after) = try read(&buffer, bytes: bytes.count)
    #expect(value == Self.value)
    #expect(after == "b")
    #expect(buffer.bytes == next)
  }

  @Test("of two large values neither keeps the memory, and both are right")
  func two() throws {
    var bytes = try message(before: "a", after: "b")
    bytes += bytes
    var buffer = input(bytes, total: bytes.count)
    for _ in 0..<2 {
      let (before, value, after) = try read(&buffer, bytes: bytes.count / 2)
      #expect(before == "a")
      #expect(value == Self.value)
      #expect(after == "b")
    }
    #expect(buffer.count == 0)
  }

  @Test("the value is the reader's own: changing it changes nothing else")
  func ownership() throws {
    let bytes = try message(before: "a", after: "b")
    var buffer = input(bytes, total: bytes.count)
    var (_, value, _) = try read(&buffer, bytes: bytes.count)
    let copy = value
    value[0] ^= 1
    value.append(9)
    #expect(copy == Self.value)
    buffer.append(bytes)
    #expect(try read(&buffer, bytes: bytes.count).1 == Self.value)
  }

  @Test("a message that breaks off behind such a value is given up as a whole")
  func broken() throws {
    let bytes = try message(before: "a", after: "b").dropLast(3)
    let next: [UInt8] = [1, 2, 3]
    var buffer = input(bytes + next, total: bytes.count + next.count)
    #expect(throws: CodecError.self) { try read(&buffer, bytes: bytes.count) }
    #expect(buffer.bytes == next)
  }

  @Test("a message is moved to its block once, and not again at its end")
  func moving() throws {
    let bytes = try message(before: "a", after: "b")
    var buffer = WireBuffer()
    var addresses: Set<UInt> = []
    while buffer.count < bytes.count {
      buffer.reserve(forMessageOf: bytes.count, atLeast: 4096)
      if buffer.count >= 1 << 20 { addresses.insert(UInt(bitPattern: buffer.readableBytes.baseAddress)) }
      buffer.didWrite(min(100_000, bytes.count - buffer.count, buffer.writableBytes.count))
    }
    #expect(addresses.count == 1)
  }

  @Test("a message of unknown length grows in proportion to what has arrived")
  func unknownLength() {
    var buffer = WireBuffer()
    var moves = 0
    var capacity = 0
    while buffer.count < 16 << 20 {
      buffer.reserve(forMessageOf: buffer.count + 1, atLeast: 4096)
      if buffer.capacity != capacity { moves += 1 }
      capacity = buffer.capacity
      buffer.didWrite(min(4096, buffer.writableBytes.count))
    }
    #expect(moves < 40)
    #expect(capacity < 32 << 20)
  }

  @Test("a length reserves no more than has arrived, until that is a mebibyte")
  func reserving() {
    var buffer = WireBuffer()
    let gibibyte = 1 << 30
    for _ in 0..<16 {
      buffer.reserve(forMessageOf: gibibyte, atLeast: 64 * 1024)
      #expect(buffer.capacity <= max(4 * buffer.count, 128 * 1024))
      buffer.didWrite(64 * 1024)
    }
    buffer.reserve(forMessageOf: gibibyte, atLeast: 64 * 1024)
    #expect(buffer.capacity <= 64 * buffer.count + 64 * 1024)
  }
}
