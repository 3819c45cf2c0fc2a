/// Reads the binary protocol from memory, without copying what it need not.
///
/// Messages may be strict (with a version) or, unless strictness is demanded, of the old form without. Sizes and counts
/// are checked against the bytes that are left before anything is reserved.
@frozen
public struct BinaryReader: ~Copyable {
  /// The next byte.
  @usableFromInline var cursor: UnsafeRawPointer
  @usableFromInline let end: UnsafeRawPointer
  @usableFromInline let start: UnsafeRawPointer
  @usableFromInline var depth = 0
  @usableFromInline let maxDepth: Int
  @usableFromInline let maxStringBytes: Int
  @usableFromInline let maxContainerElements: Int
  /// The limit, if more bytes were given than a message may have; they are not read.
  @usableFromInline let exceededLimit: Int?
  @usableFromInline let isStrict: Bool

  /// Creates a reader of `bytes`, which the caller keeps alive and unchanged while it reads.
  ///
  /// - Parameters:
  ///   - bytes: What to read. Beyond ``WireLimits/maxMessageBytes`` reading throws.
  ///   - limits: What may be read.
  ///   - strict: Whether messages without a version are refused.
  public init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = .default, strict: Bool = false) {
    let limits = limits.clamped()
    // No bytes may have no address; any will do, as nothing is read from it.
    start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped
    cursor = start
    end = start + min(bytes.count, limits.maxMessageBytes)
    exceededLimit = bytes.count > limits.maxMessageBytes ? limits.maxMessageBytes : nil
    maxDepth = limits.maxDepth
    maxStringBytes = limits.maxStringBytes
    maxContainerElements = limits.maxContainerElements
    isStrict = strict
  }

  /// How many bytes have been read.
  @inlinable public var position: Int { start.distance(to: cursor) }

  /// How many bytes are left to read.
  @inlinable public var bytesRemaining: Int { cursor.distance(to: end) }

  @inlinable @inline(__always)
  mutating func need(_ count: Int) throws(CodecError) {
    if bytesRemaining < count { try throwMissing(count) }
  }

  // Mutating only to be given a pointer, not a copy of all that the reader is.
  @inline(never) @usableFromInline
  mutating func throwMissing(_ count: Int) throws(CodecError) -> Never { throw missing(count) }

  func missing(_ count: Int) -> CodecError {
    if let exceededLimit {
      return CodecError(.sizeLimitExceeded, "a message is larger than the limit of \(exceededLimit) bytes")
    }
    return .endOfInput(needs: count, of: bytesRemaining)
  }

  /// Takes a number, whose bytes must be there.
  @inlinable @inline(__always)
  mutating func take<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number {
    let value = Number(bigEndian: cursor.loadUnaligned(as: type))
    cursor += MemoryLayout<Number>.size
    return value
  }

  /// Reads the size of a string or binary, whose bytes are then known to be there.
  @inlinable @inline(__always)
  mutating func takeSize() throws(CodecError) -> Int {
    try need(4)
    let size = Int(take(Int32.self))
    // As an unsigned number, a negative size is larger than any limit.
    if UInt(bitPattern: size) > UInt(bitPattern: min(bytesRemaining, maxStringBytes)) { try throwSize(size) }
    return size
  }

  @inline(never) @usableFromInline
  mutating func throwSize(_ size: Int) throws(CodecError) -> Never {
    if size > bytesRemaining, size <= maxStringBytes, exceededLimit != nil { throw missing(size) }
    throw .size(size, of: "string", limit: maxStringBytes, available: bytesRemaining)
  }
}
