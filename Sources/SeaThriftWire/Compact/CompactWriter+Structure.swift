extension CompactWriter: ThriftWriter {
  /// Writes the protocol's number, version and type in two bytes, the sequence number and the name.
  public mutating func writeMessageBegin(
    _ name: String, _ type: MessageType, _ sequenceID: Int32
  ) throws(CodecError) {
    try writeMessageBegin(name, type, sequenceID, version: 1)
  }

  mutating func writeMessageBegin(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, version: UInt8
  ) throws(CodecError) {
    try output.reserve(7)
    output.put(CompactLayout.protocolNumber)
    output.put(type.rawValue << 5 | version)
    output.putVarint(UInt64(UInt32(bitPattern: sequenceID)))
    try write(name)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeMessageEnd() {}

  /// Writes nothing; counts the level.
  @inlinable
  public mutating func writeStructBegin(_ name: StaticString) throws(CodecError) {
    try output.beginNesting()
    fieldIDs.enter()
  }

  /// Writes nothing; counts the level.
  @inlinable
  public mutating func writeStructEnd() {
    output.endNesting()
    fieldIDs.leave()
  }

  /// Writes the type and the number, in one byte if it is at most 15 above the last; for a bool, waits for its value.
  @inlinable
  public mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    if type == .bool {
      pendingBool = id
      return
    }
    try output.reserve(4)
    putHeader(type.compactNumber, id)
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

  /// Writes the type and the count, in one byte if it is below 15.
  @inlinable
  public mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    let checked = try output.checked(count: count)
    try output.reserve(6)
    if checked < 15 {
      output.put(UInt8(truncatingIfNeeded: checked) << 4 | element.compactNumber)
    } else {
      output.put(0xF0 | element.compactNumber)
      output.putVarint(UInt64(checked))
    }
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeListEnd() {}

  /// Writes the type and the count, in one byte if it is below 15.
  @inlinable
  public mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try writeListBegin(element, count: count)
  }

  /// Writes nothing.
  @inlinable
  public mutating func writeSetEnd() {}

  /// Writes the count and, unless it is 0, the types in one byte.
  @inlinable
  public mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    let checked = try output.checked(count: count)
    try output.reserve(6)
    output.putVarint(UInt64(checked))
    if checked > 0 { output.put(key.compactNumber << 4 | value.compactNumber) }
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
