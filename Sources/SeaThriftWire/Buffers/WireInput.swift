/// Memory that a reader of a binary format goes through, with the limits that hold.
///
/// What is inlined asks once for room and then loads; everything that fails is a call.
@frozen @usableFromInline
struct WireInput: ~Copyable {
  /// The next byte.
  @usableFromInline var cursor: UnsafeRawPointer
  @usableFromInline var end: UnsafeRawPointer
  @usableFromInline var start: UnsafeRawPointer
  @usableFromInline var depth = 0
  @usableFromInline let maxDepth: Int
  @usableFromInline let maxStringBytes: Int
  @usableFromInline let maxContainerElements: Int
  /// The limit, if more bytes were given than a message may have; they are not read.
  @usableFromInline let exceededLimit: Int?
  /// What the bytes lie in, if a large value may keep it. Unowned, as the bytes are: their owner outlives this.
  @usableFromInline unowned(unsafe) let block: LargeBlock?

  init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock? = nil) {
    self.block = block
    let limits = limits.clamped()
    // No bytes may have no address; any will do, as nothing is read from it.
    start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped
    cursor = start
    end = start + min(bytes.count, limits.maxMessageBytes)
    exceededLimit = bytes.count > limits.maxMessageBytes ? limits.maxMessageBytes : nil
    maxDepth = limits.maxDepth
    maxStringBytes = limits.maxStringBytes
    maxContainerElements = limits.maxContainerElements
  }

  @inlinable var position: Int { start.distance(to: cursor) }

  @inlinable var bytesRemaining: Int { cursor.distance(to: end) }

  /// What is left to read.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: cursor, count: bytesRemaining) }

  /// Checks that `count` bytes are left.
  @inlinable @inline(__always)
  mutating func need(_ count: Int) throws(CodecError) {
    if bytesRemaining < count { try throwMissing(count) }
  }

  /// Takes a big-endian number, whose bytes must be there.
  @inlinable @inline(__always)
  mutating func take<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number {
    let value = Number(bigEndian: cursor.loadUnaligned(as: type))
    cursor += MemoryLayout<Number>.size
    return value
  }

  /// Checks the size of a string: not negative, within the limit, and all there.
  @inlinable @inline(__always)
  mutating func check(size: Int) throws(CodecError) {
    // As an unsigned number, a negative size is larger than any limit.
    if UInt(bitPattern: size) > UInt(bitPattern: min(bytesRemaining, maxStringBytes)) { try throwSize(size) }
  }

  /// Checks a count: not negative, within the limit, and of elements of at least `elementBytes` that may still follow;
  /// 0 bytes stand for an unknown type, which only an empty container may have.
  @inlinable @inline(__always)
  mutating func check(count: Int, elementBytes: Int) throws(CodecError) {
    // The product of a 32-bit number and a small one fits; negative counts are larger than any limit as unsigned ones.
    if count == 0 { return }
    if elementBytes == 0 || UInt(bitPattern: count) > UInt(bitPattern: maxContainerElements)
      || count &* elementBytes > bytesRemaining
    {
      try throwCount(count, elementBytes)
    }
  }

  /// Takes text, whose bytes must be there.
  @inlinable @inline(__always)
  mutating func takeText(_ size: Int) throws(CodecError) -> String {
    let text = try String(utf8: cursor, count: size)
    cursor += size
    return text
  }

  /// Takes bytes, which must be there.
  @inlinable @inline(__always)
  mutating func takeBytes(_ size: Int) -> [UInt8] {
    if size >= 1024 * 1024 { return takeManyBytes(size) }
    let bytes = [UInt8](UnsafeRawBufferPointer(start: cursor, count: size))
    cursor += size
    return bytes
  }

  /// Takes so many bytes, which must be there, that copying them is to be avoided.
  @inline(never) @usableFromInline
  mutating func takeManyBytes(_ size: Int) -> [UInt8] {
    if let (bytes, next) = block?.give(cursor, size) {
      let remaining = bytesRemaining - size
      start = next - (position + size)
      cursor = next
      end = next + remaining
      return bytes
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
      let memory = UnsafeMutableRawBufferPointer(memory)
      preferLargePages(memory)
      memory.copyMemory(from: UnsafeRawBufferPointer(start: cursor, count: size))
      count = size
    }
    cursor += size
    return bytes
  }

  @inlinable @inline(__always)
  mutating func beginNesting() throws(CodecError) {
    depth &+= 1
    if depth > maxDepth { try CodecError.throwTooDeep(limit: maxDepth) }
  }

  @inlinable @inline(__always)
  mutating func endNesting() { depth &-= 1 }

  // Mutating only to be given a pointer, not a copy of all that the input is.

  @inline(never) @usableFromInline
  mutating func throwMissing(_ count: Int) throws(CodecError) -> Never { throw missing(count) }

  @inline(never) @usableFromInline
  mutating func throwSize(_ size: Int) throws(CodecError) -> Never {
    if size > bytesRemaining, size <= maxStringBytes, exceededLimit != nil { throw missing(size) }
    throw .size(size, of: "string", limit: maxStringBytes, available: bytesRemaining)
  }

  @inline(never) @usableFromInline
  mutating func throwCount(_ count: Int, _ elementBytes: Int) throws(CodecError) -> Never {
    if count > 0, count <= maxContainerElements {
      if elementBytes == 0 { throw CodecError(.invalidData, "a container holds elements of an unknown type") }
      if exceededLimit != nil { throw missing(count) }
    }
    throw .count(count, of: "container", limit: maxContainerElements, available: bytesRemaining)
  }

  func missing(_ count: Int) -> CodecError {
    if let exceededLimit { return .tooLarge("message", bytesRemaining + position + 1, limit: exceededLimit) }
    return .endOfInput(needs: count, of: bytesRemaining)
  }
}
