extension JSONWriter: ThriftWriter {
  /// Writes the version, the name, the type and the sequence number.
  public mutating func writeMessageBegin(
    _ name: String, _ type: MessageType, _ sequenceID: Int32
  ) throws(CodecError) {
    try put("[1,")
    try put(quoted: name)
    try put(",")
    try put(integer: Int64(type.rawValue))
    try put(",")
    try put(integer: Int64(sequenceID))
    try put(",")
  }

  /// Writes what ends a message.
  public mutating func writeMessageEnd() throws(CodecError) { try put("]") }

  /// Begins an object.
  public mutating func writeStructBegin(_ name: StaticString) throws(CodecError) {
    try output.beginNesting()
    _ = try beginValue()
    try put("{")
    nesting.enter(.firstField)
  }

  /// Ends an object.
  public mutating func writeStructEnd() throws(CodecError) {
    output.endNesting()
    nesting.leave()
    try put("}")
  }

  /// Writes the number, and begins an object with the name of the type.
  public mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    _ = try beginValue()
    try put("\"")
    try put(integer: Int64(id))
    try put("\":{")
    try putName(type)
    try put(":")
    nesting.enter(.alone)
  }

  /// Ends an object.
  public mutating func writeFieldEnd() throws(CodecError) {
    nesting.leave()
    try put("}")
  }

  /// Writes nothing.
  public mutating func writeFieldStop() {}

  /// Begins an array with the name of the type and the count.
  public mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    let checked = try output.checked(count: count)
    _ = try beginValue()
    try put("[")
    try putName(element, isNeeded: count > 0)
    try put(",")
    try put(integer: Int64(checked))
    nesting.enter(.element)
  }

  /// Ends an array.
  public mutating func writeListEnd() throws(CodecError) {
    nesting.leave()
    try put("]")
  }

  /// Begins an array with the name of the type and the count.
  public mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try writeListBegin(element, count: count)
  }

  /// Ends an array.
  public mutating func writeSetEnd() throws(CodecError) { try writeListEnd() }

  /// Begins an array with the names of the types, the count and an object.
  public mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    let checked = try output.checked(count: count)
    _ = try beginValue()
    try put("[")
    try putName(key, isNeeded: count > 0)
    try put(",")
    try putName(value, isNeeded: count > 0)
    try put(",")
    try put(integer: Int64(checked))
    try put(",{")
    nesting.enter(.firstKey)
  }

  /// Ends an object and an array.
  public mutating func writeMapEnd() throws(CodecError) {
    nesting.leave()
    try put("}]")
  }

  /// Writes nothing; throws when this is one level more than ``WireLimits/maxDepth``.
  public mutating func beginNesting() throws(CodecError) { try output.beginNesting() }

  /// Writes nothing; ends a level.
  public mutating func endNesting() { output.endNesting() }

  /// Writes 1 or 0.
  public mutating func write(_ value: Bool) throws(CodecError) { try write(integer: value ? 1 : 0) }

  /// Writes a number, quoted when it is a key.
  public mutating func write(_ value: Int8) throws(CodecError) { try write(integer: Int64(value)) }

  /// Writes a number, quoted when it is a key.
  public mutating func write(_ value: Int16) throws(CodecError) { try write(integer: Int64(value)) }

  /// Writes a number, quoted when it is a key.
  public mutating func write(_ value: Int32) throws(CodecError) { try write(integer: Int64(value)) }

  /// Writes a number, quoted when it is a key.
  public mutating func write(_ value: Int64) throws(CodecError) { try write(integer: value) }

  /// Writes the shortest number that reads as the same value, quoted when it is a key; `"NaN"`, `"Infinity"` and
  /// `"-Infinity"` are always quoted.
  public mutating func write(_ value: Double) throws(CodecError) {
    let isQuoted = try beginValue() || !value.isFinite
    if isQuoted { try put("\"") }
    if value.isNaN {
      try put("NaN")
    } else if value.isInfinite {
      try put(value < 0 ? "-Infinity" : "Infinity")
    } else {
      let text = value.description
      // A whole number needs no fraction, and Apache writes none.
      let count = text.utf8.count - (text.hasSuffix(".0") ? 2 : 0)
      try output.reserve(text.utf8.count)
      output.putText(text, count: count)
    }
    if isQuoted { try put("\"") }
  }

  /// Writes text in quotes.
  public mutating func write(_ value: String) throws(CodecError) {
    _ = try beginValue()
    try put(quoted: value)
  }

  /// Writes base64 in quotes, without padding.
  public mutating func write(_ value: [UInt8]) throws(CodecError) {
    _ = try beginValue()
    try put(base64: value)
  }

  /// Writes the canonical text in quotes.
  public mutating func write(_ value: ThriftUUID) throws(CodecError) {
    _ = try beginValue()
    try put(quoted: value.description)
  }

  /// Has the value write itself, with the code that its own module made for this protocol.
  public mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError) { try value.encode(&self) }
}
