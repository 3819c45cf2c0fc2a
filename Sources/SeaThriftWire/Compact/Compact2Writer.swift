/// Writes version 2 of the compact protocol, which is fbthrift's: doubles have their highest byte first, and there is no
/// uuid. Everything else is as ``CompactWriter`` has it.
///
/// A type of its own, so that version 1 does not pay for it: a flag that the writing of a double asks keeps the compiler from
/// inlining that, which was measured at 27 more instructions for each. Generated code is not specialised for this one.
@usableFromInline
struct Compact2Writer: ~Copyable {
  private var base: CompactWriter

  @usableFromInline
  init(_ buffer: consuming WireBuffer, limits: WireLimits) {
    base = CompactWriter(buffer, limits: limits)
  }
}

extension Compact2Writer: FormatWriter {
  @usableFromInline mutating func rollback() { base.rollback() }
  @usableFromInline consuming func finish() -> WireBuffer { base.finish() }

  @usableFromInline
  mutating func writeMessageBegin(_ name: String, _ type: MessageType, _ sequenceID: Int32) throws(CodecError) {
    try base.writeMessageBegin(name, type, sequenceID, version: 2)
  }
  @usableFromInline mutating func writeMessageEnd() { base.writeMessageEnd() }
  @usableFromInline mutating func writeStructBegin(_ name: StaticString) throws(CodecError) {
    try base.writeStructBegin(name)
  }
  @usableFromInline mutating func writeStructEnd() { base.writeStructEnd() }
  @usableFromInline
  mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError) {
    try base.writeFieldBegin(name, type, id)
  }
  @usableFromInline mutating func writeFieldEnd() { base.writeFieldEnd() }
  @usableFromInline mutating func writeFieldStop() throws(CodecError) { try base.writeFieldStop() }
  @usableFromInline mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try base.writeListBegin(element, count: count)
  }
  @usableFromInline mutating func writeListEnd() { base.writeListEnd() }
  @usableFromInline mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError) {
    try base.writeSetBegin(element, count: count)
  }
  @usableFromInline mutating func writeSetEnd() { base.writeSetEnd() }
  @usableFromInline
  mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError) {
    try base.writeMapBegin(key, value, count: count)
  }
  @usableFromInline mutating func writeMapEnd() { base.writeMapEnd() }
  @usableFromInline mutating func beginNesting() throws(CodecError) { try base.beginNesting() }
  @usableFromInline mutating func endNesting() { base.endNesting() }

  @usableFromInline mutating func write(_ value: Bool) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: Int8) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: Int16) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: Int32) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: Int64) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: Double) throws(CodecError) {
    try base.write(Double(bitPattern: value.bitPattern.byteSwapped))
  }
  @usableFromInline mutating func write(_ value: String) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: [UInt8]) throws(CodecError) { try base.write(value) }
  @usableFromInline mutating func write(_ value: ThriftUUID) throws(CodecError) { throw .noUUID }
}

extension CodecError {
  /// The number of its type is another type's.
  static var noUUID: Self { Self(.unsupported, "version 2 of the compact protocol has no uuid") }
}
