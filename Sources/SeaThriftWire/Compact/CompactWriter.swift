/// Writes the compact protocol: numbers as short as they are small, headers of a byte.
///
/// It appends to the buffer that it is given, as ``BinaryWriter`` does, and gives it back in the end. A message (all that
/// one writer appends) may have ``WireLimits/maxMessageBytes``.
@frozen
public struct CompactWriter: ~Copyable {
  @usableFromInline var output: WireOutput
  @usableFromInline var fieldIDs = CompactFieldIDs()
  /// The number of a bool field that has begun: its header says the value, so it waits for that.
  @usableFromInline var pendingBool: Int16?

  /// Creates a writer that appends to `buffer`.
  public init(_ buffer: consuming WireBuffer = WireBuffer(), limits: WireLimits = .default) {
    output = WireOutput(buffer, limits: limits)
  }

  /// How many bytes this writer has appended.
  public var writtenBytes: Int { output.writtenBytes }

  /// Takes back all that this writer has appended, for instance after an error.
  public mutating func rollback() {
    output.rollback()
    fieldIDs = CompactFieldIDs()
    pendingBool = nil
  }

  /// Ends writing and gives the buffer back.
  public consuming func finish() -> WireBuffer { output.finish() }

  /// Stores the header of a field, at most 4 bytes, for which there must be room.
  @inlinable @inline(__always)
  mutating func putHeader(_ type: UInt8, _ id: Int16) {
    let distance = Int(id) &- Int(fieldIDs.last)
    fieldIDs.last = id
    if distance > 0, distance < 16 {
      output.put(UInt8(truncatingIfNeeded: distance) << 4 | type)
    } else {
      output.put(type)
      output.putZigzag(Int32(id))
    }
  }

  /// Stores the size of a string and leaves room for it.
  @inlinable @inline(__always)
  mutating func putSize(_ size: Int) throws(CodecError) {
    let checked = try output.checked(size: size)
    try output.reserve(size &+ 5)
    output.putVarint(UInt64(checked))
  }
}
