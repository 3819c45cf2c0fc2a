extension JSONReader: ThriftReader {
  /// Reads a message's envelope.
  public mutating func readMessageBegin() throws(CodecError) -> MessageHeader {
    guard try peek() == UInt8(ascii: "[") else {
      throw CodecError(.badVersion, "a message does not begin as one of the JSON protocol")
    }
    input.cursor += 1
    let version = try takeInteger(in: .min ... .max)
    guard version == 1 else { throw CodecError(.badVersion, "a message has version \(version) of the JSON protocol") }
    try expect(",")
    let name = try takeText()
    try expect(",")
    let type = try takeInteger(in: 0...255)
    try expect(",")
    // Some write the 32 bits without a sign.
    let sequenceID = try takeInteger(in: Int64(Int32.min)...Int64(UInt32.max))
    try expect(",")
    return MessageHeader(
      name: name, type: MessageType(rawValue: UInt8(truncatingIfNeeded: type)),
      sequenceID: Int32(truncatingIfNeeded: sequenceID))
  }

  /// Reads what ends a message.
  public mutating func readMessageEnd() throws(CodecError) { try expect("]") }

  /// Begins an object.
  public mutating func readStructBegin() throws(CodecError) {
    try input.beginNesting()
    _ = try beginValue()
    try expect("{")
    nesting.enter(.firstField)
  }

  /// Ends an object.
  public mutating func readStructEnd() throws(CodecError) {
    try expect("}")
    input.endNesting()
    nesting.leave()
  }

  /// Reads the number, and begins an object with the name of the type.
  public mutating func readFieldBegin() throws(CodecError) -> FieldHeader {
    if try peek() == UInt8(ascii: "}") { return FieldHeader(type: .stop, id: 0) }
    _ = try beginValue()
    let id = try takeQuotedInteger(in: Int64(Int16.min)...Int64(Int16.max))
    try expect(":")
    try expect("{")
    let type = try takeType()
    try expect(":")
    nesting.enter(.alone)
    return FieldHeader(type: type, id: Int16(truncatingIfNeeded: id))
  }

  /// Ends an object.
  public mutating func readFieldEnd() throws(CodecError) {
    try expect("}")
    nesting.leave()
  }

  /// Begins an array with the name of the type and the count.
  public mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    _ = try beginValue()
    try expect("[")
    let element = try takeType()
    try expect(",")
    // An element is at least a comma and a digit.
    let count = try takeCount(elementBytes: 2, element)
    nesting.enter(.element)
    return (element, count)
  }

  /// Ends an array.
  public mutating func readListEnd() throws(CodecError) {
    try expect("]")
    nesting.leave()
  }

  /// Begins an array with the name of the type and the count.
  public mutating func readSetBegin() throws(CodecError) -> (element: ThriftType, count: Int) { try readListBegin() }

  /// Ends an array.
  public mutating func readSetEnd() throws(CodecError) { try readListEnd() }

  /// Begins an array with the names of the types, the count and an object.
  public mutating func readMapBegin() throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int) {
    _ = try beginValue()
    try expect("[")
    let key = try takeType()
    try expect(",")
    let value = try takeType()
    try expect(",")
    // An entry is at least two quotes, a colon and a digit.
    let count = try takeCount(elementBytes: 4, key, value)
    try expect(",")
    try expect("{")
    nesting.enter(.firstKey)
    return (key, value, count)
  }

  /// Ends an object and an array.
  public mutating func readMapEnd() throws(CodecError) {
    try expect("}")
    try expect("]")
    nesting.leave()
  }

  /// Reads nothing; throws when this is one level more than ``WireLimits/maxDepth``.
  public mutating func beginNesting() throws(CodecError) { try input.beginNesting() }

  /// Reads nothing; ends a level.
  public mutating func endNesting() { input.endNesting() }
}
