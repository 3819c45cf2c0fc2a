extension BinaryWriter {
  /// Writes one byte, 0 or 1.
  @inlinable
  public mutating func write(_ value: Bool) throws(CodecError) {
    try output.reserve(1)
    output.put(UInt8(value ? 1 : 0))
  }

  /// Writes 1 byte.
  @inlinable
  public mutating func write(_ value: Int8) throws(CodecError) {
    try output.reserve(1)
    output.put(value)
  }

  /// Writes 2 bytes.
  @inlinable
  public mutating func write(_ value: Int16) throws(CodecError) {
    try output.reserve(2)
    output.put(value)
  }

  /// Writes 4 bytes.
  @inlinable
  public mutating func write(_ value: Int32) throws(CodecError) {
    try output.reserve(4)
    output.put(value)
  }

  /// Writes 8 bytes.
  @inlinable
  public mutating func write(_ value: Int64) throws(CodecError) {
    try output.reserve(8)
    output.put(value)
  }

  /// Writes the bits of an IEEE 754 number.
  @inlinable
  public mutating func write(_ value: Double) throws(CodecError) {
    try output.reserve(8)
    output.put(value.bitPattern)
  }

  /// Writes 16 bytes.
  @inlinable
  public mutating func write(_ value: ThriftUUID) throws(CodecError) {
    try output.reserve(16)
    output.put(value.high)
    output.put(value.low)
  }

  /// Writes the length and the UTF-8 text.
  @inlinable
  public mutating func write(_ value: String) throws(CodecError) {
    let count = value.utf8.count
    let size = try output.checked(size: count)
    try output.reserve(count &+ 4)
    output.put(size)
    output.putText(value, count: count)
  }

  /// Writes the length and the bytes.
  @inlinable
  public mutating func write(_ value: [UInt8]) throws(CodecError) {
    let count = value.count
    let size = try output.checked(size: count)
    try output.reserve(4, valueBytes: count)
    output.put(size)
    output.putBytes(value)
  }

  /// Has the value write itself, with the code that its own module made for this protocol.
  @inlinable
  public mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError) { try value.encode(&self) }
}
