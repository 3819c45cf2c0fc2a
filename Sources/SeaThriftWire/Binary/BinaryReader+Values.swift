extension BinaryReader {
  /// Reads one byte: 0 is false, everything else true.
  @inlinable
  public mutating func readBool() throws(CodecError) -> Bool {
    try input.need(1)
    return input.take(UInt8.self) != 0
  }

  /// Reads one byte.
  @inlinable
  public mutating func readI8() throws(CodecError) -> Int8 {
    try input.need(1)
    return input.take(Int8.self)
  }

  /// Reads 2 bytes.
  @inlinable
  public mutating func readI16() throws(CodecError) -> Int16 {
    try input.need(2)
    return input.take(Int16.self)
  }

  /// Reads 4 bytes.
  @inlinable
  public mutating func readI32() throws(CodecError) -> Int32 {
    try input.need(4)
    return input.take(Int32.self)
  }

  /// Reads 8 bytes.
  @inlinable
  public mutating func readI64() throws(CodecError) -> Int64 {
    try input.need(8)
    return input.take(Int64.self)
  }

  /// Reads the bits of an IEEE 754 number.
  @inlinable
  public mutating func readDouble() throws(CodecError) -> Double {
    try input.need(8)
    return Double(bitPattern: input.take(UInt64.self))
  }

  /// Reads the length and the text.
  @inlinable
  public mutating func readString() throws(CodecError) -> String { try input.takeText(try takeSize()) }

  /// Reads the length and the bytes.
  @inlinable
  public mutating func readBinary() throws(CodecError) -> [UInt8] { input.takeBytes(try takeSize()) }

  /// Reads 16 bytes.
  @inlinable
  public mutating func readUUID() throws(CodecError) -> ThriftUUID {
    try input.need(16)
    return ThriftUUID(high: input.take(UInt64.self), low: input.take(UInt64.self))
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
      try input.need(size)
      input.cursor += size
    } else if type == .string {
      input.cursor += try takeSize()
    } else {
      try input.step(over: type, BinaryLayout.self)
    }
  }
}
