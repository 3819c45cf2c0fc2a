extension SimpleJSONWriter: ThriftWriter {
  mutating func writeMessageBegin(_ name: String, _ type: MessageType, _ sequenceID: Int32) {}
  mutating func writeMessageEnd() {}
  mutating func writeStructBegin(_ name: StaticString) throws(CodecError) { try open("{", .field(isFirst: true)) }
  mutating func writeStructEnd() throws(CodecError) { try close("}") }

  mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    try beginField(name, id)
  }

  mutating func writeFieldEnd() { endField() }
  mutating func writeFieldStop() {}

  mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try open("[", .element(isFirst: true))
  }

  mutating func writeListEnd() throws(CodecError) { try close("]") }

  mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try open("[", .element(isFirst: true))
  }

  mutating func writeSetEnd() throws(CodecError) { try close("]") }

  mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    try open("{", .key(isFirst: true))
  }

  mutating func writeMapEnd() throws(CodecError) { try close("}") }
  mutating func beginNesting() {}
  mutating func endNesting() {}

  mutating func write(_ value: Bool) throws(CodecError) { try write("\(value)", isQuoted: false) }
  mutating func write(_ value: Int8) throws(CodecError) { try write("\(value)", isQuoted: false) }
  mutating func write(_ value: Int16) throws(CodecError) { try write("\(value)", isQuoted: false) }
  mutating func write(_ value: Int32) throws(CodecError) { try write("\(value)", isQuoted: false) }
  mutating func write(_ value: Int64) throws(CodecError) { try write("\(value)", isQuoted: false) }
  mutating func write(_ value: ThriftUUID) throws(CodecError) { try write("\(value)", isQuoted: true) }

  mutating func write(_ value: Double) throws(CodecError) {
    if value.isNaN { return try write("NaN", isQuoted: true) }
    if value.isInfinite { return try write(value < 0 ? "-Infinity" : "Infinity", isQuoted: true) }
    try write("\(value)", isQuoted: false)
  }

  mutating func write(_ value: String) throws(CodecError) {
    _ = beginValue()
    try write(escaping: value.utf8)
  }

  mutating func write(_ value: [UInt8]) throws(CodecError) {
    var writer = JSONWriter(limits: limits)
    try writer.put(base64: value)
    let quoted = writer.finish().bytes
    _ = beginValue()
    text += quoted
  }

  mutating func write<Value: ThriftEnum>(_ value: Value) throws(CodecError) { try write(value.rawValue) }
}
