// Elements of containers that are integers of another size than the IDL says: a peer has another version of it. They are
// read as what they are on the wire, and taken when they fit.

extension ThriftType {
  /// Whether it is an integer of any size.
  @inlinable var isInteger: Bool { self == .i32 || self == .i64 || self == .i16 || self == .i8 }

  /// Whether an element of a type may stand where this one is expected.
  @inlinable
  func accepts(_ found: ThriftType) -> Bool { found == self || isInteger && found.isInteger }
}

extension ThriftReader where Self: ~Copyable {
  /// Begins a list of integers, which may have another size than `expected`: what of is to be given to the functions that
  /// read them.
  @inlinable
  public mutating func readListBegin(
    accepting expected: ThriftType
  ) throws(CodecError) -> (element: ThriftType, count: Int) {
    let header = try readListBegin()
    if header.count > 0, !expected.accepts(header.element) {
      try CodecError.throwWrongElement(header.element, expected: expected)
    }
    return header
  }

  /// Begins a set of integers, as ``readListBegin(accepting:)`` does a list.
  @inlinable
  public mutating func readSetBegin(
    accepting expected: ThriftType
  ) throws(CodecError) -> (element: ThriftType, count: Int) {
    let header = try readSetBegin()
    if header.count > 0, !expected.accepts(header.element) {
      try CodecError.throwWrongElement(header.element, expected: expected)
    }
    return header
  }

  /// Begins a map whose keys or values are integers, as ``readListBegin(accepting:)`` does a list; of what is no integer
  /// the type must be the expected one.
  @inlinable
  public mutating func readMapBegin(
    accepting key: ThriftType, to value: ThriftType
  ) throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int) {
    let header = try readMapBegin()
    if header.count > 0 {
      if !key.accepts(header.key) { try CodecError.throwWrongElement(header.key, expected: key) }
      if !value.accepts(header.value) { try CodecError.throwWrongElement(header.value, expected: value) }
    }
    return header
  }

  /// Reads an `i8` that is an integer of type `type` on the wire; throws when it does not fit.
  @inlinable
  public mutating func readI8(sentAs type: ThriftType) throws(CodecError) -> Int8 {
    type == .i8 ? try readI8() : try readInteger(Int8.self, sentAs: type)
  }

  /// Reads an `i16` that is an integer of type `type` on the wire; throws when it does not fit.
  @inlinable
  public mutating func readI16(sentAs type: ThriftType) throws(CodecError) -> Int16 {
    type == .i16 ? try readI16() : try readInteger(Int16.self, sentAs: type)
  }

  /// Reads an `i32` that is an integer of type `type` on the wire; throws when it does not fit.
  @inlinable
  public mutating func readI32(sentAs type: ThriftType) throws(CodecError) -> Int32 {
    type == .i32 ? try readI32() : try readInteger(Int32.self, sentAs: type)
  }

  /// Reads an `i64` that is an integer of type `type` on the wire.
  @inlinable
  public mutating func readI64(sentAs type: ThriftType) throws(CodecError) -> Int64 {
    type == .i64 ? try readI64() : try readInteger(Int64.self, sentAs: type)
  }

  /// Reads an enum that is an integer of type `type` on the wire; numbers without a name are kept.
  @inlinable
  public mutating func readEnum<Value: ThriftEnum>(
    _ value: Value.Type, sentAs type: ThriftType
  ) throws(CodecError) -> Value {
    Value(rawValue: try readI32(sentAs: type))
  }

  @inlinable @inline(never)  // Rare: what a reader expects should have the registers.
  mutating func readInteger<Integer: FixedWidthInteger>(
    _ integer: Integer.Type, sentAs type: ThriftType
  ) throws(CodecError) -> Integer {
    let value: Int64
    switch type {
    case .i8: value = Int64(try readI8())
    case .i16: value = Int64(try readI16())
    case .i32: value = Int64(try readI32())
    default: value = try readI64()
    }
    guard let exact = Integer(exactly: value) else { try CodecError.throwTooWide(value, bits: Integer.bitWidth) }
    return exact
  }
}
