extension BinaryWriter: ThriftWriter {
  /// Begins a strict message.
  public mutating func writeMessageBegin(
    _ name: String, _ type: MessageType, _ sequenceID: Int32
  ) throws(CodecError) {
    let count = name.utf8.count
    let size = try output.checked(size: count)
    try output.reserve(count + 12)
    output.put(0x8001_0000 | UInt32(type.rawValue))
    output.put(size)
    output.putText(name, count: count)
    output.put(sequenceID)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeMessageEnd() {}

  /// Writes nothing; counts the level.
  @inlinable
  public mutating func writeStructBegin(_ name: StaticString) throws(CodecError) { try beginNesting() }

  /// Writes nothing; counts the level.
  @inlinable
  public mutating func writeStructEnd() { endNesting() }

  /// Writes the type and the number.
  @inlinable
  public mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    try output.reserve(3)
    putHeader(type, id)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeFieldEnd() {}

  /// Writes one byte.
  @inlinable
  public mutating func writeFieldStop() throws(CodecError) {
    try output.reserve(1)
    output.put(UInt8(0))
  }

  /// Writes the type and the count.
  @inlinable
  public mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try output.reserve(5)
    output.put(element.rawValue)
    output.put(try output.checked(count: count))
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeListEnd() {}

  /// Writes the type and the count.
  @inlinable
  public mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try writeListBegin(element, count: count)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeSetEnd() {}

  /// Writes the types and the count.
  @inlinable
  public mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    try output.reserve(6)
    output.put(key.rawValue)
    output.put(value.rawValue)
    output.put(try output.checked(count: count))
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeMapEnd() {}

  /// Writes nothing; throws when this is one level more than ``WireLimits/maxDepth``.
  @inlinable
  public mutating func beginNesting() throws(CodecError) { try output.beginNesting() }

  /// Writes nothing; ends a level.
  @inlinable
  public mutating func endNesting() { output.endNesting() }
}
