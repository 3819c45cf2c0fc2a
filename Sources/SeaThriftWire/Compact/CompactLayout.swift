/// How the compact protocol lays out its values.
enum CompactLayout: WireLayout {
  /// What every message begins with.
  static let protocolNumber: UInt8 = 0x82
  /// The bits of the second byte that are the version.
  static let versionMask: UInt8 = 0x1F

  /// Checks the two bytes that begin a message.
  static func check(_ number: UInt8, _ versionAndType: UInt8, version: UInt8) throws(CodecError) {
    guard number == protocolNumber, versionAndType & versionMask == version else {
      throw CodecError(
        .badVersion, "a message begins with \(number), \(versionAndType), which is no version of the compact protocol")
    }
  }

  @inline(__always)
  static func fixedBytes(_ type: ThriftType) -> Int { type.fixedCompactBytes }

  @inline(__always)
  static func leastBytes(_ type: ThriftType) -> Int { type.leastCompactBytes }

  static func varyingBytes(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> Int? {
    try bytes.varint(at: offset, bits: type == .i64 ? 64 : 32)?.size
  }

  @inline(__always)
  static func field(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CodecError) -> FieldStep? {
    let byte = bytes[offset]
    let number = byte & 15
    if number == 0 { return FieldStep(type: .stop, headerBytes: 1) }
    let type = number < 3 ? .void : ThriftType(compact: number)
    if byte >= 16 { return FieldStep(type: type, headerBytes: 1) }
    guard let id = try bytes.varint(at: offset + 1, bits: 32) else { return nil }
    return FieldStep(type: type, headerBytes: 1 + id.size)
  }

  static func string(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> (size: Int, headerBytes: Int)? {
    guard let size = try bytes.varint(at: offset, bits: 32) else { return nil }
    return (signed(size.value), size.size)
  }

  static func container(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> ContainerStep? {
    if type == .map { return try map(bytes, at: offset) }
    let byte = bytes[offset]
    let element = ThriftType(compact: byte & 15)
    if byte < 0xF0 { return ContainerStep(first: element, second: nil, count: Int(byte >> 4), headerBytes: 1) }
    guard let count = try bytes.varint(at: offset + 1, bits: 32) else { return nil }
    return ContainerStep(first: element, second: nil, count: signed(count.value), headerBytes: 1 + count.size)
  }

  private static func map(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CodecError) -> ContainerStep? {
    guard let count = try bytes.varint(at: offset, bits: 32) else { return nil }
    if count.value == 0 { return ContainerStep(first: .stop, second: .stop, count: 0, headerBytes: count.size) }
    guard offset + count.size < bytes.count else { return nil }
    let types = bytes[offset + count.size]
    return ContainerStep(
      first: ThriftType(compact: types >> 4), second: ThriftType(compact: types & 15), count: signed(count.value),
      headerBytes: count.size + 1)
  }

  static func body(_ bytes: UnsafeRawBufferPointer, limits: WireLimits) throws(CodecError) -> BodyStep {
    try body(bytes, limits: limits, version: 1)
  }

  static func body(
    _ bytes: UnsafeRawBufferPointer, limits: WireLimits, version: UInt8
  ) throws(CodecError) -> BodyStep {
    guard bytes.count >= 1 else { return .needMore(total: 2) }
    try check(bytes[0], bytes.count > 1 ? bytes[1] : version, version: version)
    guard bytes.count > 2, let sequenceID = try bytes.varint(at: 2, bits: 32),
      let name = try bytes.varint(at: 2 + sequenceID.size, bits: 32)
    else { return .needMore(total: bytes.count + 1) }
    let limit = min(limits.maxStringBytes, limits.maxMessageBytes)
    let size = signed(name.value)
    guard size >= 0, size <= limit else { throw .size(size, of: "method name", limit: limit, available: 0) }
    return .begins(at: 2 + sequenceID.size + name.size + size)
  }

  /// Sizes are signed: one of more than 31 bits is negative.
  private static func signed(_ value: UInt64) -> Int { Int(Int32(truncatingIfNeeded: value)) }
}
