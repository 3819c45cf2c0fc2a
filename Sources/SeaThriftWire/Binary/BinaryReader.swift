/// Reads the binary protocol from memory, without copying what it need not.
///
/// Messages may be strict (with a version) or, unless strictness is demanded, of the old form without. Sizes and counts
/// are checked against the bytes that are left before anything is reserved.
@frozen
public struct BinaryReader: ~Copyable {
  @usableFromInline var input: WireInput
  @usableFromInline let isStrict: Bool

  /// Creates a reader of `bytes`, which the caller keeps alive and unchanged while it reads; old messages are read too.
  ///
  /// - Parameters:
  ///   - bytes: What to read. Beyond ``WireLimits/maxMessageBytes`` reading throws.
  ///   - limits: What may be read.
  public init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = .default) {
    self.init(bytes, limits: limits, strict: false)
  }

  /// Creates a reader of `bytes`, which the caller keeps alive and unchanged while it reads.
  ///
  /// - Parameters:
  ///   - bytes: What to read. Beyond ``WireLimits/maxMessageBytes`` reading throws.
  ///   - limits: What may be read.
  ///   - strict: Whether messages without a version are refused.
  public init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = .default, strict: Bool) {
    input = WireInput(bytes, limits: limits)
    isStrict = strict
  }

  /// How many bytes have been read.
  @inlinable public var position: Int { input.position }

  /// How many bytes are left to read.
  @inlinable public var bytesRemaining: Int { input.bytesRemaining }

  /// Reads the size of a string or binary, whose bytes are then known to be there.
  @inlinable @inline(__always)
  mutating func takeSize() throws(CodecError) -> Int {
    try input.need(4)
    let size = Int(input.take(Int32.self))
    try input.check(size: size)
    return size
  }
}
