extension BinaryReader: ThriftReader {
  /// Reads a strict message's envelope, or an old one without version where that is allowed.
  public mutating func readMessageBegin() throws(CodecError) -> MessageHeader {
    try need(4)
    let first = take(Int32.self)
    if first < 0 {
      guard UInt32(bitPattern: first) >> 16 == 0x8001 else { throw .wrongVersion(UInt32(bitPattern: first)) }
      let name = try readString()
      try need(4)
      let type = MessageType(rawValue: UInt8(truncatingIfNeeded: first))
      return MessageHeader(name: name, type: type, sequenceID: take(Int32.self))
    }
    if isStrict { throw CodecError(.badVersion, "a message without version, where one is demanded") }
    cursor -= 4
    let name = try readString()
    try need(5)
    let type = MessageType(rawValue: take(UInt8.self))
    return MessageHeader(name: name, type: type, sequenceID: take(Int32.self))
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
      let type = ThriftType(rawValue: take(UInt8.self))
      if type == .stop { return FieldHeader(type: .stop, id: 0) }
      return FieldHeader(type: type, id: take(Int16.self))
    }
    return try readLastFieldBegin()
  }

  @inline(never) @usableFromInline
  mutating func readLastFieldBegin() throws(CodecError) -> FieldHeader {
    try need(1)
    guard take(UInt8.self) == 0 else { throw missing(2) }
    return FieldHeader(type: .stop, id: 0)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readFieldEnd() {}

  /// Reads the type and the count.
  @inlinable
  public mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    try need(5)
    let element = ThriftType(rawValue: take(UInt8.self))
    let count = Int(take(Int32.self))
    try check(count, element.leastBinaryBytes, "list")
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
    try need(6)
    let key = ThriftType(rawValue: take(UInt8.self))
    let value = ThriftType(rawValue: take(UInt8.self))
    let count = Int(take(Int32.self))
    let keyBytes = key.leastBinaryBytes
    let valueBytes = value.leastBinaryBytes
    try check(count, keyBytes == 0 || valueBytes == 0 ? 0 : keyBytes &+ valueBytes, "map")
    return (key, value, count)
  }

  /// Reads nothing.
  @inlinable
  public mutating func readMapEnd() {}

  /// Counts a level.
  @inlinable
  public mutating func beginNesting() throws(CodecError) {
    depth &+= 1
    if depth > maxDepth { try CodecError.throwTooDeep(limit: maxDepth) }
  }

  /// Counts a level.
  @inlinable
  public mutating func endNesting() { depth &-= 1 }

  /// Checks a count: not negative, within the limit, and of elements of at least `elementBytes` that may still follow.
  @inlinable @inline(__always)
  mutating func check(_ count: Int, _ elementBytes: Int, _ what: StaticString) throws(CodecError) {
    // The product of two 32-bit numbers fits; negative counts are larger than any limit as unsigned numbers.
    if count == 0 { return }
    if elementBytes == 0 || UInt(bitPattern: count) > UInt(bitPattern: maxContainerElements)
      || count &* elementBytes > bytesRemaining
    {
      try throwCount(count, elementBytes, what)
    }
  }

  @inline(never) @usableFromInline
  mutating func throwCount(_ count: Int, _ elementBytes: Int, _ what: StaticString) throws(CodecError) -> Never {
    if count > 0, count <= maxContainerElements {
      if elementBytes == 0 { throw CodecError(.invalidData, "a \(what) holds elements of an unknown type") }
      if exceededLimit != nil { throw missing(count) }
    }
    throw .count(count, of: what, limit: maxContainerElements, available: bytesRemaining)
  }
}

extension CodecError {
  static func wrongVersion(_ first: UInt32) -> Self {
    Self(.badVersion, "a message begins with 0x\(String(first, radix: 16)), which is no version of the binary protocol")
  }
}
