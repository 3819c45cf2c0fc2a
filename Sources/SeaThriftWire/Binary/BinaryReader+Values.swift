extension BinaryReader {
  /// Reads one byte: 0 is false, everything else true.
  @inlinable
  public mutating func readBool() throws(CodecError) -> Bool {
    try need(1)
    return take(UInt8.self) != 0
  }

  /// Reads one byte.
  @inlinable
  public mutating func readI8() throws(CodecError) -> Int8 {
    try need(1)
    return take(Int8.self)
  }

  /// Reads 2 bytes.
  @inlinable
  public mutating func readI16() throws(CodecError) -> Int16 {
    try need(2)
    return take(Int16.self)
  }

  /// Reads 4 bytes.
  @inlinable
  public mutating func readI32() throws(CodecError) -> Int32 {
    try need(4)
    return take(Int32.self)
  }

  /// Reads 8 bytes.
  @inlinable
  public mutating func readI64() throws(CodecError) -> Int64 {
    try need(8)
    return take(Int64.self)
  }

  /// Reads the bits of an IEEE 754 number.
  @inlinable
  public mutating func readDouble() throws(CodecError) -> Double {
    try need(8)
    return Double(bitPattern: take(UInt64.self))
  }

  /// Reads the length and the text.
  @inlinable
  public mutating func readString() throws(CodecError) -> String {
    let size = try takeSize()
    let text = try String(utf8: cursor, count: size)
    cursor += size
    return text
  }

  /// Reads the length and the bytes.
  @inlinable
  public mutating func readBinary() throws(CodecError) -> [UInt8] {
    let size = try takeSize()
    let bytes = [UInt8](UnsafeRawBufferPointer(start: cursor, count: size))
    cursor += size
    return bytes
  }

  /// Reads 16 bytes.
  @inlinable
  public mutating func readUUID() throws(CodecError) -> ThriftUUID {
    try need(16)
    return ThriftUUID(high: take(UInt64.self), low: take(UInt64.self))
  }

  /// Has the type read itself, with the code that its own module made for this protocol.
  @inlinable
  public mutating func readStruct<Value: ThriftStruct>(_ type: Value.Type) throws(CodecError) -> Value {
    try Value.decode(&self)
  }

  /// Steps over a value.
  @inline(never)  // Rare: what a reader expects should have the registers.
  public mutating func skip(_ type: ThriftType) throws(CodecError) {
    let size = type.fixedBinaryBytes
    if size > 0 {
      try need(size)
      cursor += size
      return
    }
    if type == .string {
      let size = try takeSize()
      cursor += size
      return
    }
    let levels = maxDepth - depth
    var steps = BinarySteps(
      type, maxStructs: levels, maxLevels: levels, maxStringBytes: maxStringBytes,
      maxContainerElements: maxContainerElements)
    let rest = UnsafeRawBufferPointer(start: cursor, count: bytesRemaining)
    guard try steps.advance(over: rest, limit: .max) else { throw missing(steps.position + 1 - rest.count) }
    cursor += steps.position
  }
}
