/// Writes values in one of Thrift's protocols; the transport puts around the message what tells it from the next.
///
/// Generated code calls it generically and is specialised for each protocol. Names of structs and fields are for text
/// forms made for people; the protocols of the wire ignore them. A container of `n` elements is its begin, `n` values
/// (for a map `n` times key, value) and its end; a struct is its begin, its fields, ``writeFieldStop()`` and its end.
/// Everything throws ``CodecError`` when a limit is exceeded; what was written before stays in the buffer.
public protocol ThriftWriter: ~Copyable {
  /// Begins a message.
  mutating func writeMessageBegin(_ name: String, _ type: MessageType, _ sequenceID: Int32) throws(CodecError)
  /// Writes what the protocol puts behind the struct of a message: nothing, but in JSON.
  mutating func writeMessageEnd() throws(CodecError)
  /// Begins a struct, union or exception, one level deeper.
  mutating func writeStructBegin(_ name: StaticString) throws(CodecError)
  /// Ends a struct, after its ``writeFieldStop()``.
  mutating func writeStructEnd() throws(CodecError)
  /// Begins a field.
  mutating func writeFieldBegin(_ name: StaticString, _ type: ThriftType, _ id: Int16) throws(CodecError)
  /// Ends a field, behind its value.
  mutating func writeFieldEnd() throws(CodecError)
  /// Says that no more fields follow.
  mutating func writeFieldStop() throws(CodecError)
  /// Begins a list of `count` elements.
  mutating func writeListBegin(_ element: ThriftType, count: Int) throws(CodecError)
  /// Ends a list, behind the last of as many elements as were announced.
  mutating func writeListEnd() throws(CodecError)
  /// Begins a set of `count` elements.
  mutating func writeSetBegin(_ element: ThriftType, count: Int) throws(CodecError)
  /// Ends a set, behind the last of as many elements as were announced.
  mutating func writeSetEnd() throws(CodecError)
  /// Begins a map of `count` entries.
  mutating func writeMapBegin(_ key: ThriftType, _ value: ThriftType, count: Int) throws(CodecError)
  /// Ends a map, behind the last of as many entries as were announced.
  mutating func writeMapEnd() throws(CodecError)
  /// Goes one level deeper, without writing anything, for values whose nesting no type bounds.
  mutating func beginNesting() throws(CodecError)
  /// Comes back from ``beginNesting()``.
  mutating func endNesting()

  /// Writes a `bool`.
  mutating func write(_ value: Bool) throws(CodecError)
  /// Writes an `i8`.
  mutating func write(_ value: Int8) throws(CodecError)
  /// Writes an `i16`.
  mutating func write(_ value: Int16) throws(CodecError)
  /// Writes an `i32`.
  mutating func write(_ value: Int32) throws(CodecError)
  /// Writes an `i64`.
  mutating func write(_ value: Int64) throws(CodecError)
  /// Writes a `double`, infinities and NaN included.
  mutating func write(_ value: Double) throws(CodecError)
  /// Writes a `string` as UTF-8.
  mutating func write(_ value: String) throws(CodecError)
  /// Writes a `binary`: its length and its bytes; in the JSON protocol base64.
  mutating func write(_ value: [UInt8]) throws(CodecError)
  /// Writes a `uuid`.
  mutating func write(_ value: ThriftUUID) throws(CodecError)
  /// Writes an enum, on the wire an `i32`.
  mutating func write<Value: ThriftEnum>(_ value: Value) throws(CodecError)
  /// Has a generated value write itself, from the begin of the struct to its end.
  mutating func write<Value: ThriftStruct>(_ value: Value) throws(CodecError)

  // Whole fields, so that a protocol can check once for header and value.

  /// Writes a `bool` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Bool) throws(CodecError)
  /// Writes an `i8` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int8) throws(CodecError)
  /// Writes an `i16` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int16) throws(CodecError)
  /// Writes an `i32` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int32) throws(CodecError)
  /// Writes an `i64` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Int64) throws(CodecError)
  /// Writes a `double` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: Double) throws(CodecError)
  /// Writes a `string` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: String) throws(CodecError)
  /// Writes a `binary` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: [UInt8]) throws(CodecError)
  /// Writes a `uuid` field.
  mutating func writeField(_ name: StaticString, _ id: Int16, _ value: ThriftUUID) throws(CodecError)
  /// Writes an enum field.
  mutating func writeField<Value: ThriftEnum>(_ name: StaticString, _ id: Int16, _ value: Value) throws(CodecError)
  /// Writes a field that is a struct, union or exception.
  mutating func writeField<Value: ThriftStruct>(_ name: StaticString, _ id: Int16, _ value: Value) throws(CodecError)
}
