/// Reads the compact protocol from memory, without copying what it need not.
///
/// Sizes and counts are checked against the bytes that are left before anything is reserved; numbers that are longer
/// than they need be are read, those longer than they may be are refused.
@frozen
public struct CompactReader: ~Copyable {
  @usableFromInline var input: WireInput
  @usableFromInline var fieldIDs = CompactFieldIDs()
  /// The value of a bool field that has begun: its header said it. 1 is true, 2 false, 0 none.
  @usableFromInline var pendingBool: UInt8 = 0

  /// Creates a reader of `bytes`, which the caller keeps alive and unchanged while it reads.
  ///
  /// - Parameters:
  ///   - bytes: What to read. Beyond ``WireLimits/maxMessageBytes`` reading throws.
  ///   - limits: What may be read.
  public init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = .default) {
    input = WireInput(bytes, limits: limits)
  }

  /// How many bytes have been read.
  @inlinable public var position: Int { input.position }

  /// How many bytes are left to read.
  @inlinable public var bytesRemaining: Int { input.bytesRemaining }

  /// Reads the size of a string or binary, whose bytes are then known to be there.
  @inlinable @inline(__always)
  mutating func takeSize() throws(CodecError) -> Int {
    // Sizes are signed: one of more than 31 bits is negative.
    let size = Int(Int32(bitPattern: try input.takeVarint32()))
    try input.check(size: size)
    return size
  }
}
