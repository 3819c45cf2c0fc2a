extension DescriptionWriter: ThriftWriter {
  mutating func writeMessageBegin(_ name: String, _ type: MessageType, _ sequenceID: Int32) {}
  mutating func writeMessageEnd() {}

  mutating func writeStructBegin(_ name: StaticString) throws(CodecError) {
    try begin("\(name)(", .field(isFirst: true))
  }

  mutating func writeStructEnd() { end(")") }

  mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    // Fields of unknown structs have no name.
    try append(name.utf8CodeUnitCount > 0 ? "\(name): " : "\(id): ")
    contexts.append(.none)
  }

  mutating func writeFieldEnd() { contexts.removeLast() }
  mutating func writeFieldStop() {}

  mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try begin("[", .element(isFirst: true))
  }

  mutating func writeListEnd() { end("]") }

  mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try begin("[", .element(isFirst: true))
  }

  mutating func writeSetEnd() { end("]") }

  mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    try begin(count == 0 ? "[:" : "[", .key(isFirst: true))
  }

  mutating func writeMapEnd() { end("]") }
  mutating func beginNesting() {}
  mutating func endNesting() {}

  mutating func write(_ value: Bool) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: Int8) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: Int16) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: Int32) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: Int64) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: Double) throws(CodecError) { try append("\(value)") }
  mutating func write(_ value: ThriftUUID) throws(CodecError) { try append("\(value)") }
  mutating func write<Value: ThriftEnum>(_ value: Value) throws(CodecError) { try append("\(value)") }

  mutating func write(_ value: String) throws(CodecError) {
    guard value.utf8.count > Self.maxStringBytes else { return try append(value.debugDescription) }
    let start = String(value.unicodeScalars.prefix(Self.maxStringBytes / 4))
    try append(start.debugDescription.dropLast() + "…\" (\(value.utf8.count) bytes)")
  }

  mutating func write(_ value: [UInt8]) throws(CodecError) {
    var digits = ""
    for byte in value.prefix(Self.maxBinaryBytes) {
      digits.unicodeScalars.append(Unicode.Scalar(byte.highHexDigit))
      digits.unicodeScalars.append(Unicode.Scalar(byte.lowHexDigit))
    }
    try append(value.count > Self.maxBinaryBytes ? "<\(digits)… (\(value.count) bytes)>" : "<\(digits)>")
  }

  private mutating func begin(_ opening: String, _ context: Context) throws(CodecError) {
    try append(opening)
    guard contexts.count <= Self.maxDepth else { throw .tooDeep(limit: Self.maxDepth) }
    contexts.append(context)
  }

  private mutating func end(_ closing: String) {
    contexts.removeLast()
    text += closing
  }
}
