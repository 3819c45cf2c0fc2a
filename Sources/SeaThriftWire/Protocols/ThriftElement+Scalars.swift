// What a type of the IDL is in Swift.

extension Bool: ThriftElement {
  /// A `bool`.
  @inlinable public static var thriftElementType: ThriftType { .bool }

  /// Reads a `bool`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readBool()
  }

  /// Writes a `bool`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension Int8: ThriftElement {
  /// An `i8`.
  @inlinable public static var thriftElementType: ThriftType { .i8 }

  /// Reads an `i8`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readI8(sentAs: type)
  }

  /// Writes an `i8`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension Int16: ThriftElement {
  /// An `i16`.
  @inlinable public static var thriftElementType: ThriftType { .i16 }

  /// Reads an `i16`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readI16(sentAs: type)
  }

  /// Writes an `i16`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension Int32: ThriftElement {
  /// An `i32`.
  @inlinable public static var thriftElementType: ThriftType { .i32 }

  /// Reads an `i32`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readI32(sentAs: type)
  }

  /// Writes an `i32`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension Int64: ThriftElement {
  /// An `i64`.
  @inlinable public static var thriftElementType: ThriftType { .i64 }

  /// Reads an `i64`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readI64(sentAs: type)
  }

  /// Writes an `i64`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension Double: ThriftElement {
  /// A `double`.
  @inlinable public static var thriftElementType: ThriftType { .double }

  /// Reads a `double`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readDouble()
  }

  /// Writes a `double`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension String: ThriftElement {
  /// A `string`.
  @inlinable public static var thriftElementType: ThriftType { .string }

  /// Reads a `string`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readString()
  }

  /// Writes a `string`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension ThriftUUID: ThriftElement {
  /// A `uuid`.
  @inlinable public static var thriftElementType: ThriftType { .uuid }

  /// Reads a `uuid`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readUUID()
  }

  /// Writes a `uuid`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension UInt8: ThriftElement {
  /// An `i8`.
  @inlinable public static var thriftElementType: ThriftType { .i8 }
  /// A `binary`.
  @inlinable public static var thriftArrayType: ThriftType { .string }

  /// Reads the bits of an `i8`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    Self(bitPattern: try reader.readI8(sentAs: type))
  }

  /// Writes an `i8` of the same bits.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(Int8(bitPattern: self))
  }

  /// Reads a `binary`.
  @inlinable
  public static func readThriftArray<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader
  ) throws(CodecError) -> [UInt8] {
    try reader.readBinary()
  }

  /// Writes a `binary`.
  @inlinable
  public static func writeThriftArray<Writer: ThriftWriter & ~Copyable>(
    _ array: [UInt8], to writer: inout Writer
  ) throws(CodecError) {
    try writer.write(array)
  }
}
