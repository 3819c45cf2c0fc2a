extension BinaryReader: ThriftReader {
  /// Reads a strict message's envelope, or an old one without version where that is allowed.
  public mutating func readMessageBegin() throws(CodecError) -> MessageHeader {
    try input.need(4)
    let first = input.take(Int32.self)
    if first < 0 {
      guard UInt32(bitPattern: first) >> 16 == 0x8001 else { throw .wrongVersion(UInt32(bitPattern: first)) }
      let name = try readString()
      try input.need(4)
      let type = MessageType(rawValue: UInt8(truncatingIfNeeded: first))
      return MessageHeader(name: name, type: type, sequenceID: input.take(Int32.self))
    }
    if isStrict { throw CodecError(.badVersion, "a message without version, where one is demanded") }
    input.cursor -= 4
    let name = try readString()
    try input.need(5)
    let type = MessageType(rawValue: input.take(UInt8.self))
    return MessageHeader(name: name, type: type, sequenceID: input.take(Int32.self))
  }

  /// Reads nothing.
  @inlinable
  public mutating func readMessageEnd() {}

  /// Reads nothing; counts the level.
  @inlinable
  public mutating func readStructBegin() throws(CodecError) { try beginNesting() }

  /// Reads nothing; counts the level.
  @inlinable
  public mutating func readStructEnd() { endNesting() }

  /// Reads the type and, unless it is ``ThriftType/stop``, the number.
  @inlinable
  public mutating func readFieldBegin() throws(CodecError) -> FieldHeader {
    // A header needs three bytes, and behind a field there is at least a stop: the fast path asks once.
    if bytesRemaining >= 3 {
      let type = ThriftType(rawValue: input.take(UInt8.self))
      if type == .stop { return FieldHeader(type: .stop, id: 0) }
      return FieldHeader(type: type, id: input.take(Int16.self))
    }
    return try readLastFieldBegin()
  }

  @inline(never) @usableFromInline
  mutating func readLastFieldBegin() throws(CodecError) -> FieldHeader {
    try input.need(1)
    guard input.take(UInt8.self) == 0 else { throw input.missing(2) }
    return FieldHeader(type: .stop, id: 0)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readFieldEnd() {}

  /// Reads the type and the count.
  @inlinable
  public mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    try input.need(5)
    let element = ThriftType(rawValue: input.take(UInt8.self))
    let count = Int(input.take(Int32.self))
    try input.check(count: count, elementBytes: element.leastBinaryBytes)
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

  /// Reads the types and the count.
  @inlinable
  public mutating func readMapBegin() throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int) {
    try input.need(6)
    let key = ThriftType(rawValue: input.take(UInt8.self))
    let value = ThriftType(rawValue: input.take(UInt8.self))
    let count = Int(input.take(Int32.self))
    let keyBytes = key.leastBinaryBytes
    let valueBytes = value.leastBinaryBytes
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

extension CodecError {
  static func wrongVersion(_ first: UInt32) -> Self {
    Self(.badVersion, "a message begins with 0x\(String(first, radix: 16)), which is no version of the binary protocol")
  }
}
