extension BinaryWriter: ThriftWriter {
  /// Begins a strict message.
  public mutating func writeMessageBegin(
    _ name: String, _ type: MessageType, _ sequenceID: Int32
  ) throws(CodecError) {
    let count = name.utf8.count
    let size = try checkedSize(count)
    try reserve(count + 12)
    put(0x8001_0000 | UInt32(type.rawValue))
    put(size)
    putText(name, count: count)
    put(sequenceID)
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
    try reserve(3)
    putHeader(type, id)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeFieldEnd() {}

  /// Writes one byte.
  @inlinable
  public mutating func writeFieldStop() throws(CodecError) {
    try reserve(1)
    put(UInt8(0))
  }

  /// Writes the type and the count.
  @inlinable
  public mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try reserve(5)
    put(element.rawValue)
    put(try checkedCount(count))
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
    try reserve(6)
    put(key.rawValue)
    put(value.rawValue)
    put(try checkedCount(count))
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeMapEnd() {}

  /// Counts a level.
  @inlinable
  public mutating func beginNesting() throws(CodecError) {
    depth &+= 1
    if depth > maxDepth { try CodecError.throwTooDeep(limit: maxDepth) }
  }

  /// Counts a level.
  @inlinable
  public mutating func endNesting() { depth &-= 1 }

  @inlinable @inline(__always)
  mutating func putHeader(_ type: ThriftType, _ id: Int16) {
    put(type.rawValue)
    put(id)
  }

  @inlinable @inline(__always)
  mutating func checkedCount(_ count: Int) throws(CodecError) -> Int32 {
    if UInt(bitPattern: count) > UInt(bitPattern: maxContainerElements) { try throwCount(count) }
    return Int32(truncatingIfNeeded: count)
  }

  @inline(never) @usableFromInline
  mutating func throwCount(_ count: Int) throws(CodecError) -> Never {
    throw .count(count, of: "container", limit: maxContainerElements, available: 0)
  }
}
