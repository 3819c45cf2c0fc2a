/// How the binary protocol lays out its values.
enum BinaryLayout: WireLayout {
  @inline(__always)
  static func fixedBytes(_ type: ThriftType) -> Int { type.fixedBinaryBytes }

  @inline(__always)
  static func leastBytes(_ type: ThriftType) -> Int { type.leastBinaryBytes }

  /// There are none.
  static func varyingBytes(_ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? { nil }

  @inline(__always)
  static func field(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> FieldStep? {
    let type = ThriftType(rawValue: bytes[offset])
    if type == .stop { return FieldStep(type: .stop, headerBytes: 1) }
    guard bytes.count - offset >= 3 else { return nil }
    // No value has this type; it would be taken for one that the header holds.
    return FieldStep(type: type == .void ? ThriftType(rawValue: .max) : type, headerBytes: 3)
  }

  @inline(__always)
  static func string(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (size: Int, headerBytes: Int)? {
    bytes.count - offset >= 4 ? (bytes.bigEndianNumber(at: offset), 4) : nil
  }

  static func container(_ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> ContainerStep? {
    let headerBytes = type == .map ? 6 : 5
    guard bytes.count - offset >= headerBytes else { return nil }
    return ContainerStep(
      first: ThriftType(rawValue: bytes[offset]),
      second: type == .map ? ThriftType(rawValue: bytes[offset + 1]) : nil,
      count: bytes.bigEndianNumber(at: offset + headerBytes - 4), headerBytes: headerBytes)
  }

  static func body(_ bytes: UnsafeRawBufferPointer, limits: WireLimits) throws(CodecError) -> BodyStep {
    try checkVersion(bytes)
    guard bytes.count >= 4 else { return .needMore(total: 4) }
    let first = bytes.bigEndianNumber(at: 0)
    // Without version: the name's length and the name, the type in one byte, the sequence number in four.
    if first >= 0 { return .begins(at: 9 + (try checked(first, limits))) }
    guard bytes.count >= 8 else { return .needMore(total: 8) }
    return .begins(at: 12 + (try checked(bytes.bigEndianNumber(at: 4), limits)))
  }

  /// Looks at as much of the version as there is.
  private static func checkVersion(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    guard bytes.count >= 1, bytes[0] & 0x80 != 0 else { return }
    if bytes[0] == 0x80, bytes.count < 2 || bytes[1] == 0x01 { return }
    let first = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    throw .wrongVersion(first << UInt32(max(4 - bytes.count, 0) * 8))
  }

  private static func checked(_ nameBytes: Int, _ limits: WireLimits) throws(CodecError) -> Int {
    let limit = min(limits.maxStringBytes, limits.maxMessageBytes)
    guard nameBytes >= 0, nameBytes <= limit else {
      throw .size(nameBytes, of: "method name", limit: limit, available: 0)
    }
    return nameBytes
  }
}

extension UnsafeRawBufferPointer {
  /// The four bytes at `offset`, which must be there, as a signed number.
  @inline(__always)
  fileprivate func bigEndianNumber(at offset: Int) -> Int {
    Int(Int32(bigEndian: loadUnaligned(fromByteOffset: offset, as: Int32.self)))
  }
}
