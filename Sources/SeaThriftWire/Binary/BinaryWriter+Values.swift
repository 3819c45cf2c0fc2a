extension BinaryWriter {
  /// Writes one byte, 0 or 1.
  @inlinable
  public mutating func write(_ value: Bool) throws(CodecError) {
    try reserve(1)
    put(UInt8(value ? 1 : 0))
  }

  /// Writes 1 byte.
  @inlinable
  public mutating func write(_ value: Int8) throws(CodecError) {
    try reserve(1)
    put(value)
  }

  /// Writes 2 bytes.
  @inlinable
  public mutating func write(_ value: Int16) throws(CodecError) {
    try reserve(2)
    put(value)
  }

  /// Writes 4 bytes.
  @inlinable
  public mutating func write(_ value: Int32) throws(CodecError) {
    try reserve(4)
    put(value)
  }

  /// Writes 8 bytes.
  @inlinable
  public mutating func write(_ value: Int64) throws(CodecError) {
    try reserve(8)
    put(value)
  }

  /// Writes the bits of an IEEE 754 number.
  @inlinable
  public mutating func write(_ value: Double) throws(CodecError) {
    try reserve(8)
    put(value.bitPattern)
  }

  /// Writes 16 bytes.
  @inlinable
  public mutating func write(_ value: ThriftUUID) throws(CodecError) {
    try reserve(16)
    put(value.high)
    put(value.low)
  }

  /// Writes the length and the UTF-8 text.
  @inlinable
  public mutating func write(_ value: String) throws(CodecError) {
    let count = value.utf8.count
    let size = try checkedSize(count)
    try reserve(count &+ 4)
    put(size)
    putText(value, count: count)
  }

  /// Writes the length and the bytes.
  @inlinable
  public mutating func write(_ value: [UInt8]) throws(CodecError) {
    let count = value.count
    let size = try checkedSize(count)
    try reserve(count &+ 4)
    put(size)
    putBytes(value)
  }

  /// Has the value write itself, with the code that its own module made for this protocol.
  @inlinable
  public mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError) { try value.encode(&self) }
}
