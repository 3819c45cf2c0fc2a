/// Reads version 2 of the compact protocol, which ``Compact2Writer`` writes. The number of the uuid is that of fbthrift's
/// `float` there, of four bytes, which is stepped over.
@usableFromInline
struct Compact2Reader: ~Copyable {
  private var base: CompactReader

  @usableFromInline
  init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock?) {
    base = CompactReader(bytes, limits: limits, block: block)
  }
}

extension Compact2Reader: FormatReader {
  @usableFromInline var position: Int { base.position }
  @usableFromInline var bytesRemaining: Int { base.bytesRemaining }

  @usableFromInline mutating func readMessageBegin() throws(CodecError) -> MessageHeader {
    try base.readMessageBegin(version: 2)
  }
  @usableFromInline mutating func readMessageEnd() { base.readMessageEnd() }
  @usableFromInline mutating func readStructBegin() throws(CodecError) { try base.readStructBegin() }
  @usableFromInline mutating func readStructEnd() { base.readStructEnd() }
  @usableFromInline mutating func readFieldBegin() throws(CodecError) -> FieldHeader {
    let field = try base.readFieldBegin()
    return FieldHeader(type: field.type.ofVersion2, id: field.id)
  }
  @usableFromInline mutating func readFieldEnd() { base.readFieldEnd() }
  @usableFromInline mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    let step = try begin(.list)
    return (step.first.ofVersion2, step.count)
  }
  @usableFromInline mutating func readListEnd() { base.readListEnd() }
  @usableFromInline mutating func readSetBegin() throws(CodecError) -> (element: ThriftType, count: Int) {
    try readListBegin()
  }
  @usableFromInline mutating func readSetEnd() { base.readSetEnd() }
  @usableFromInline
  mutating func readMapBegin() throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int) {
    let step = try begin(.map)
    return (step.first.ofVersion2, (step.second ?? .stop).ofVersion2, step.count)
  }
  @usableFromInline mutating func readMapEnd() { base.readMapEnd() }
  @usableFromInline mutating func beginNesting() throws(CodecError) { try base.beginNesting() }
  @usableFromInline mutating func endNesting() { base.endNesting() }

  @usableFromInline mutating func readBool() throws(CodecError) -> Bool { try base.readBool() }
  @usableFromInline mutating func readI8() throws(CodecError) -> Int8 { try base.readI8() }
  @usableFromInline mutating func readI16() throws(CodecError) -> Int16 { try base.readI16() }
  @usableFromInline mutating func readI32() throws(CodecError) -> Int32 { try base.readI32() }
  @usableFromInline mutating func readI64() throws(CodecError) -> Int64 { try base.readI64() }
  @usableFromInline mutating func readDouble() throws(CodecError) -> Double {
    Double(bitPattern: try base.readDouble().bitPattern.byteSwapped)
  }
  @usableFromInline mutating func readString() throws(CodecError) -> String { try base.readString() }
  @usableFromInline mutating func readBinary() throws(CodecError) -> [UInt8] { try base.readBinary() }
  @usableFromInline mutating func readUUID() throws(CodecError) -> ThriftUUID { throw .noUUID }

  @usableFromInline mutating func skip(_ type: ThriftType) throws(CodecError) {
    try base.skip(type, CompactLayout2.self)
  }
}

extension Compact2Reader {
  /// Reads what precedes the elements of a container, of which there may be as many as the bytes left could hold.
  private mutating func begin(_ type: ThriftType) throws(CodecError) -> ContainerStep {
    try base.input.need(1)
    guard let step = try CompactLayout.container(type, base.input.rest, at: 0) else { throw base.input.missing(1) }
    base.input.cursor += step.headerBytes
    let first = CompactLayout2.leastBytes(step.first)
    let second = step.second.map { CompactLayout2.leastBytes($0) }
    try base.input.check(count: step.count, elementBytes: first == 0 || second == 0 ? 0 : first + (second ?? 0))
    return step
  }
}

extension ThriftType {
  /// fbthrift's `float`, by its number there.
  fileprivate static var float: Self { Self(rawValue: 19) }

  /// What a type of version 1 is in version 2.
  fileprivate var ofVersion2: Self { self == .uuid ? .float : self }
}

/// How version 2 of the compact protocol lays out its values: as version 1, but for what has the number of the uuid.
enum CompactLayout2: WireLayout {
  static let floatBytes = 4

  static func fixedBytes(_ type: ThriftType) -> Int { isFloat(type) ? floatBytes : type.fixedCompactBytes }
  static func leastBytes(_ type: ThriftType) -> Int { isFloat(type) ? floatBytes : type.leastCompactBytes }

  private static func isFloat(_ type: ThriftType) -> Bool { type == .uuid || type == .float }

  static func varyingBytes(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> Int? {
    try CompactLayout.varyingBytes(type, bytes, at: offset)
  }

  static func field(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CodecError) -> FieldStep? {
    try CompactLayout.field(bytes, at: offset)
  }

  static func string(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> (size: Int, headerBytes: Int)? {
    try CompactLayout.string(bytes, at: offset)
  }

  static func container(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> ContainerStep? {
    try CompactLayout.container(type, bytes, at: offset)
  }

  static func body(_ bytes: UnsafeRawBufferPointer, limits: WireLimits) throws(CodecError) -> BodyStep {
    try CompactLayout.body(bytes, limits: limits, version: 2)
  }
}
