extension CompactReader {
  /// Reads the value that the field's header held, or an element of one byte: 1 is true, everything else false.
  @inlinable
  public mutating func readBool() throws(CodecError) -> Bool {
    if pendingBool != 0 {
      let value = pendingBool == 1
      pendingBool = 0
      return value
    }
    try input.need(1)
    return input.take(UInt8.self) == 1
  }

  /// Reads one byte.
  @inlinable
  public mutating func readI8() throws(CodecError) -> Int8 {
    try input.need(1)
    return input.take(Int8.self)
  }

  /// Reads 1 to 5 bytes; a value of more than 16 bits is refused.
  @inlinable
  public mutating func readI16() throws(CodecError) -> Int16 {
    let value = try input.takeZigzag32()
    let result = Int16(truncatingIfNeeded: value)
    if Int32(result) != value { try throwTooWide(value) }
    return result
  }

  @inline(never) @usableFromInline
  mutating func throwTooWide(_ value: Int32) throws(CodecError) -> Never {
    throw CodecError(.invalidData, "the number \(value) is no i16")
  }

  /// Reads 1 to 5 bytes.
  @inlinable
  public mutating func readI32() throws(CodecError) -> Int32 { try input.takeZigzag32() }

  /// Reads 1 to 10 bytes.
  @inlinable
  public mutating func readI64() throws(CodecError) -> Int64 { try input.takeZigzag64() }

  /// Reads the bits of an IEEE 754 number, the lowest byte first.
  @inlinable
  public mutating func readDouble() throws(CodecError) -> Double {
    try input.need(8)
    return Double(bitPattern: input.take(UInt64.self).byteSwapped)
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

  /// Steps over a value, or over what is left of it after its field's header.
  @inline(never)  // Rare: what a reader expects should have the registers.
  public mutating func skip(_ type: ThriftType) throws(CodecError) {
    try skip(type, CompactLayout.self)
  }

  mutating func skip<Layout: WireLayout>(_ type: ThriftType, _ layout: Layout.Type) throws(CodecError) {
    if type == .bool, pendingBool != 0 {
      pendingBool = 0
    } else {
      try input.step(over: type, layout)
    }
  }
}
