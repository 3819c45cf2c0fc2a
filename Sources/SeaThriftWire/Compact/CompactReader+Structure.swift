extension CompactReader: ThriftReader {
  /// Reads a message's envelope.
  public mutating func readMessageBegin() throws(CodecError) -> MessageHeader { try readMessageBegin(version: 1) }

  mutating func readMessageBegin(version: UInt8) throws(CodecError) -> MessageHeader {
    try input.need(2)
    let number = input.take(UInt8.self)
    let versionAndType = input.take(UInt8.self)
    try CompactLayout.check(number, versionAndType, version: version)
    let sequenceID = Int32(bitPattern: try input.takeVarint32())
    let name = try readString()
    return MessageHeader(name: name, type: MessageType(rawValue: versionAndType >> 5), sequenceID: sequenceID)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readMessageEnd() {}

  /// Reads nothing; counts the level.
  @inlinable
  public mutating func readStructBegin() throws(CodecError) {
    try input.beginNesting()
    fieldIDs.enter()
  }

  /// Reads nothing; counts the level.
  @inlinable
  public mutating func readStructEnd() {
    input.endNesting()
    fieldIDs.leave()
  }

  /// Reads the type, the number and, for a bool, the value; of type ``ThriftType/stop`` after the last field.
  @inlinable
  public mutating func readFieldBegin() throws(CodecError) -> FieldHeader {
    try input.need(1)
    let byte = input.take(UInt8.self)
    let type = byte & 15
    if type == 0 { return FieldHeader(type: .stop, id: 0) }
    let sum = fieldIDs.last.addingReportingOverflow(Int16(byte >> 4))
    if byte < 16 || sum.overflow {
      fieldIDs.last = try takeFieldID(isWhole: byte < 16)
    } else {
      fieldIDs.last = sum.partialValue
    }
    if type < 3 { pendingBool = type }
    return FieldHeader(type: ThriftType(compact: type), id: fieldIDs.last)
  }

  @inline(never) @usableFromInline
  mutating func takeFieldID(isWhole: Bool) throws(CodecError) -> Int16 {
    guard isWhole else { throw CodecError(.invalidData, "the number of a field is larger than 32767") }
    return try readI16()
  }

  /// Reads nothing.
  @inlinable
  public mutating func readFieldEnd() {}

  /// Reads the type and the count.
  @inlinable
  public mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    try input.need(1)
    let byte = input.take(UInt8.self)
    let element = ThriftType(compact: byte & 15)
    let count = byte < 0xF0 ? Int(byte >> 4) : Int(Int32(bitPattern: try input.takeVarint32()))
    try input.check(count: count, elementBytes: element.leastCompactBytes)
    return (element, count)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readListEnd() {}

  /// Reads the type and the count.
  @inlinable
  public mutating func readSetBegin() throws(CodecError) -> (element: ThriftType, count: Int) { try readListBegin() }

  /// Reads nothing.
  @inlinable
  public mutating func readSetEnd() {}

  /// Reads the count and, unless it is 0, the types.
  @inlinable
  public mutating func readMapBegin() throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int) {
    let count = Int(Int32(bitPattern: try input.takeVarint32()))
    if count == 0 { return (.stop, .stop, 0) }
    try input.need(1)
    let byte = input.take(UInt8.self)
    let key = ThriftType(compact: byte >> 4)
    let value = ThriftType(compact: byte & 15)
    let keyBytes = key.leastCompactBytes
    let valueBytes = value.leastCompactBytes
    try input.check(count: count, elementBytes: keyBytes == 0 || valueBytes == 0 ? 0 : keyBytes &+ valueBytes)
    return (key, value, count)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readMapEnd() {}

  /// Reads nothing; throws when this is one level more than ``WireLimits/maxDepth``.
  @inlinable
  public mutating func beginNesting() throws(CodecError) { try input.beginNesting() }

  /// Reads nothing; ends a level.
  @inlinable
  public mutating func endNesting() { input.endNesting() }
}
