// Header and value of a field are one check for room.
extension BinaryWriter {
  /// Writes a field with one byte, 0 or 1.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Bool) throws(CodecError) {
    try output.reserve(4)
    putHeader(.bool, id)
    output.put(UInt8(value ? 1 : 0))
  }

  /// Writes a field with 1 byte.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int8) throws(CodecError) {
    try output.reserve(4)
    putHeader(.i8, id)
    output.put(value)
  }

  /// Writes a field with 2 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int16) throws(CodecError) {
    try output.reserve(5)
    putHeader(.i16, id)
    output.put(value)
  }

  /// Writes a field with 4 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int32) throws(CodecError) {
    try output.reserve(7)
    putHeader(.i32, id)
    output.put(value)
  }

  /// Writes a field with 8 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int64) throws(CodecError) {
    try output.reserve(11)
    putHeader(.i64, id)
    output.put(value)
  }

  /// Writes a field with the bits of an IEEE 754 number.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Double) throws(CodecError) {
    try output.reserve(11)
    putHeader(.double, id)
    output.put(value.bitPattern)
  }

  /// Writes a field with 16 bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: ThriftUUID) throws(CodecError) {
    try output.reserve(19)
    putHeader(.uuid, id)
    output.put(value.high)
    output.put(value.low)
  }

  /// Writes a field with the length and the UTF-8 text.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: String) throws(CodecError) {
    let count = value.utf8.count
    let size = try output.checked(size: count)
    try output.reserve(count &+ 7)
    putHeader(.string, id)
    output.put(size)
    output.putText(value, count: count)
  }

  /// Writes a field with the length and the bytes.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: [UInt8]) throws(CodecError) {
    let count = value.count
    let size = try output.checked(size: count)
    try output.reserve(7, valueBytes: count)
    putHeader(.string, id)
    output.put(size)
    output.putBytes(value)
  }

  /// Writes a field with the number as an `i32`.
  @inlinable
  public mutating func writeField<Value: ThriftEnum>(
    _ name: StaticString, _ id: Int16, _ value: Value
  ) throws(CodecError) {
    try writeField(name, id, value.rawValue)
  }
}
