// What a protocol needs not say itself.
extension ThriftWriter where Self: ~Copyable {
  /// Writes the enum's number as an `i32`.
  @inlinable
  public mutating func write<Value: ThriftEnum>(_ value: Value) throws(CodecError) { try write(value.rawValue) }

  /// Has the value write itself.
  @inlinable
  public mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError) { try value.write(to: &self) }

  /// Writes a `bool` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Bool) throws(CodecError) {
    try writeFieldBegin(name, .bool, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes an `i8` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int8) throws(CodecError) {
    try writeFieldBegin(name, .i8, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes an `i16` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int16) throws(CodecError) {
    try writeFieldBegin(name, .i16, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes an `i32` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int32) throws(CodecError) {
    try writeFieldBegin(name, .i32, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes an `i64` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int64) throws(CodecError) {
    try writeFieldBegin(name, .i64, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes a `double` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Double) throws(CodecError) {
    try writeFieldBegin(name, .double, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes a `string` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: String) throws(CodecError) {
    try writeFieldBegin(name, .string, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes a `binary` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: [UInt8]) throws(CodecError) {
    try writeFieldBegin(name, .string, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes a `uuid` field as its header, its value and its end.
  @inlinable
  public mutating func writeField(_ name: StaticString, _ id: Int16, _ value: ThriftUUID) throws(CodecError) {
    try writeFieldBegin(name, .uuid, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes an enum field as its header, its value and its end.
  @inlinable
  public mutating func writeField<Value: ThriftEnum>(
    _ name: StaticString, _ id: Int16, _ value: Value
  ) throws(CodecError) {
    try writeFieldBegin(name, .i32, id)
    try write(value)
    try writeFieldEnd()
  }

  /// Writes a field that is a struct as its header, its value and its end.
  @inlinable
  public mutating func writeField<Value: ThriftStruct>(
    _ name: StaticString, _ id: Int16, _ value: Value
  ) throws(CodecError) {
    try writeFieldBegin(name, .structure, id)
    try write(value)
    try writeFieldEnd()
  }
}
