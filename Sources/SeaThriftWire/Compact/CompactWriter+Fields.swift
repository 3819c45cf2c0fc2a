// Header and value of a field are one check for room.
extension CompactWriter {
  /// Writes a field whose header holds the value.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Bool) throws(CodecError) {
    try output.reserve(4)
    putHeader(value ? 1 : 2, id)
  }

  /// Writes a field with one byte.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int8) throws(CodecError) {
    try output.reserve(5)
    putHeader(3, id)
    output.put(value)
  }

  /// Writes a field with 1 to 3 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int16) throws(CodecError) {
    try output.reserve(7)
    putHeader(4, id)
    output.putZigzag(Int32(value))
  }

  /// Writes a field with 1 to 5 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int32) throws(CodecError) {
    try output.reserve(9)
    putHeader(5, id)
    output.putZigzag(value)
  }

  /// Writes a field with 1 to 10 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int64) throws(CodecError) {
    try output.reserve(14)
    putHeader(6, id)
    output.putZigzag(value)
  }

  /// Writes a field with the bits of an IEEE 754 number, the lowest byte first.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Double) throws(CodecError) {
    try output.reserve(12)
    putHeader(7, id)
    output.put(value.bitPattern.byteSwapped)
  }

  /// Writes a field with the number as an `i32`.
  @inlinable
  public mutating func writeField<Value: ThriftEnum>(
    _ name: StaticString, _ id: Int16, _ value: Value
  ) throws(CodecError) {
    try writeField(name, id, value.rawValue)
  }
}
