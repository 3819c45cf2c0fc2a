/// The end of a buffer that a writer of a binary format appends to, with the limits that hold.
///
/// What is inlined asks once for room and then stores; growing and everything that fails is a call.
@frozen @usableFromInline
struct WireOutput: ~Copyable {
  /// Where the next byte goes.
  @usableFromInline var cursor: UnsafeMutableRawPointer
  /// Up to where may be written without asking for room.
  @usableFromInline var end: UnsafeMutableRawPointer
  @usableFromInline var depth = 0
  @usableFromInline let maxDepth: Int
  @usableFromInline let maxStringBytes: Int
  @usableFromInline let maxContainerElements: Int
  /// What a message may have, without the values that were inserted.
  @usableFromInline var maxMessageBytes: Int
  /// How many readable bytes the buffer held before.
  @usableFromInline let start: Int
  /// Its `tail` is behind while this writes: ``finish()`` and ``makeRoom(_:)`` set it.
  @usableFromInline var buffer: WireBuffer

  init(_ buffer: consuming WireBuffer, limits: WireLimits) {
    let limits = limits.clamped()
    maxDepth = limits.maxDepth
    maxStringBytes = limits.maxStringBytes
    maxContainerElements = limits.maxContainerElements
    maxMessageBytes = limits.maxMessageBytes
    start = buffer.count
    buffer.reserve(64)
    let writable = buffer.writableBytes
    // Room was just reserved, so there is memory.
    cursor = writable.baseAddress.unsafelyUnwrapped
    end = cursor + min(writable.count, maxMessageBytes)
    self.buffer = buffer
  }

  var writtenBytes: Int { buffer.head.distance(to: offset) - start }

  /// The cursor as an offset into the buffer's memory, which is there since the initializer.
  private var offset: Int { buffer.base.unsafelyUnwrapped.distance(to: cursor) }

  mutating func rollback() {
    cursor -= writtenBytes
    depth = 0
    buffer.removeInserted(from: offset)
  }

  consuming func finish() -> WireBuffer {
    buffer.tail = offset
    return buffer
  }

  /// Makes sure that `needed` bytes may be written.
  @inlinable @inline(__always)
  mutating func reserve(_ needed: Int) throws(CodecError) {
    if cursor.distance(to: end) < needed { try makeRoom(needed) }
  }

  @inline(never) @usableFromInline
  mutating func makeRoom(_ needed: Int) throws(CodecError) {
    let written = writtenBytes
    if needed > maxMessageBytes - written { throw .tooLarge("message", written + needed, limit: maxMessageBytes) }
    buffer.tail = offset
    buffer.reserve(needed)
    let writable = buffer.writableBytes
    cursor = writable.baseAddress.unsafelyUnwrapped
    end = cursor + min(writable.count, maxMessageBytes - written)
  }

  /// Makes sure that `needed` bytes may be written, and a value of `count` bytes behind them.
  @inlinable @inline(__always)
  mutating func reserve(_ needed: Int, valueBytes count: Int) throws(CodecError) {
    if count < WireBuffer.leastInsertedBytes { try reserve(count &+ needed) } else { try reserveMany(needed, count) }
  }

  @inline(never) @usableFromInline
  mutating func reserveMany(_ needed: Int, _ count: Int) throws(CodecError) {
    guard buffer.inserted != nil else { return try reserve(count + needed) }
    let written = writtenBytes
    if count + needed > maxMessageBytes - written {
      throw .tooLarge("message", written + needed + count, limit: maxMessageBytes)
    }
    try reserve(needed)
  }

  /// Stores a big-endian number, for which there must be room, and moves on.
  @inlinable @inline(__always)
  mutating func put(_ value: some FixedWidthInteger & BitwiseCopyable) {
    cursor.storeBytes(of: value.bigEndian, as: type(of: value))
    cursor += MemoryLayout.size(ofValue: value)
  }

  /// Stores the bytes of `value`, for which there must be room, and moves on.
  @inlinable @inline(__always)
  mutating func putText(_ value: String, count: Int) {
    let target = cursor
    let done: Void? = value.utf8.withContiguousStorageIfAvailable {
      // Empty text may have no address.
      if let source = $0.baseAddress { target.copyShort(from: source, byteCount: count) }
    }
    if done == nil { putBytes(value.utf8) }
    cursor = target + count
  }

  /// Stores text that does not lie in memory as UTF-8.
  @inline(never) @usableFromInline
  func putBytes(_ text: String.UTF8View) {
    UnsafeMutableRawBufferPointer(start: cursor, count: text.count).copyBytes(from: text)
  }

  /// Stores `bytes`, for which there must be room, and moves on.
  @inlinable @inline(__always)
  mutating func putBytes(_ bytes: [UInt8]) {
    if bytes.count >= WireBuffer.leastInsertedBytes, buffer.inserted != nil { return insert(bytes) }
    let target = cursor
    bytes.withUnsafeBytes {
      if let source = $0.baseAddress { target.copyMemory(from: source, byteCount: $0.count) }
    }
    cursor = target + bytes.count
  }

  /// Leaves `bytes` where they are, to be sent from there; what they count was reserved.
  @inline(never) @usableFromInline
  mutating func insert(_ bytes: [UInt8]) {
    buffer.tail = offset
    buffer.insert(bytes)
    maxMessageBytes -= bytes.count
    end = cursor + min(cursor.distance(to: end), maxMessageBytes - writtenBytes)
  }

  /// Checks the size of a string against its limit and makes it a number of the wire.
  @inlinable @inline(__always)
  mutating func checked(size: Int) throws(CodecError) -> UInt32 {
    if size > maxStringBytes { try throwSize(size) }
    return UInt32(truncatingIfNeeded: size)
  }

  /// Checks a count against its limit and makes it a number of the wire.
  @inlinable @inline(__always)
  mutating func checked(count: Int) throws(CodecError) -> UInt32 {
    if UInt(bitPattern: count) > UInt(bitPattern: maxContainerElements) { try throwCount(count) }
    return UInt32(truncatingIfNeeded: count)
  }

  @inlinable @inline(__always)
  mutating func beginNesting() throws(CodecError) {
    depth &+= 1
    if depth > maxDepth { try CodecError.throwTooDeep(limit: maxDepth) }
  }

  @inlinable @inline(__always)
  mutating func endNesting() { depth &-= 1 }

  // Mutating only to be given a pointer, not a copy of all that the output is.

  @inline(never) @usableFromInline
  mutating func throwSize(_ size: Int) throws(CodecError) -> Never {
    throw .tooLarge("string", size, limit: maxStringBytes)
  }

  @inline(never) @usableFromInline
  mutating func throwCount(_ count: Int) throws(CodecError) -> Never {
    throw .count(count, of: "container", limit: maxContainerElements, available: 0)
  }
}
