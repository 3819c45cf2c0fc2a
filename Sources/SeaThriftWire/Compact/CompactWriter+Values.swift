extension CompactWriter {
  /// Writes the header of a field that waits for its value, or an element of one byte: 1 is true, 2 false.
  @inlinable
  public mutating func write(_ value: Bool) throws(CodecError) {
    try output.reserve(4)
    if let id = pendingBool {
      pendingBool = nil
      putHeader(value ? 1 : 2, id)
    } else {
      output.put(UInt8(value ? 1 : 2))
    }
  }

  /// Writes one byte.
  @inlinable
  public mutating func write(_ value: Int8) throws(CodecError) {
    try output.reserve(1)
    output.put(value)
  }

  /// Writes 1 to 3 bytes.
  @inlinable
  public mutating func write(_ value: Int16) throws(CodecError) {
    try output.reserve(3)
    output.putZigzag(Int32(value))
  }

  /// Writes 1 to 5 bytes.
  @inlinable
  public mutating func write(_ value: Int32) throws(CodecError) {
    try output.reserve(5)
    output.putZigzag(value)
  }

  /// Writes 1 to 10 bytes.
  @inlinable
  public mutating func write(_ value: Int64) throws(CodecError) {
    try output.reserve(10)
    output.putZigzag(value)
  }

  /// Writes the bits of an IEEE 754 number, the lowest byte first.
  @inlinable
  public mutating func write(_ value: Double) throws(CodecError) {
    try output.reserve(8)
    output.put(value.bitPattern.byteSwapped)
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
    try putSize(count)
    output.putText(value, count: count)
  }

  /// Writes the length and the bytes.
  @inlinable
  public mutating func write(_ value: [UInt8]) throws(CodecError) {
    let size = try output.checked(size: value.count)
    try output.reserve(5, valueBytes: value.count)
    output.putVarint(UInt64(size))
    output.putBytes(value)
  }

  /// Has the value write itself, with the code that its own module made for this protocol.
  @inlinable
  public mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError) { try value.encode(&self) }
}
