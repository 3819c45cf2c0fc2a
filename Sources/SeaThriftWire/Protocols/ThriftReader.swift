/// Reads values in one of Thrift's protocols; the transport has told the message from the next before.
///
/// Generated code calls it generically and is specialised for each protocol. Whatever the bytes are, reading ends with
/// a value or a ``CodecError``, never with a trap, and reserves no more memory than the bytes that are there justify.
public protocol ThriftReader: ~Copyable {
  /// How many bytes are left to read.
  var bytesRemaining: Int { get }

  /// Reads the envelope of a message.
  mutating func readMessageBegin() throws(CodecError) -> MessageHeader
  /// Reads what the protocol puts behind the struct of a message: nothing, but in JSON.
  mutating func readMessageEnd() throws(CodecError)
  /// Begins a struct, union or exception, one level deeper.
  mutating func readStructBegin() throws(CodecError)
  /// Ends a struct, after a field header of type ``ThriftType/stop``.
  mutating func readStructEnd() throws(CodecError)
  /// Reads what precedes the next field; of type ``ThriftType/stop`` when there is none. The type is not checked.
  mutating func readFieldBegin() throws(CodecError) -> FieldHeader
  /// Reads what the protocol puts behind the value of a field: nothing, but in JSON.
  mutating func readFieldEnd() throws(CodecError)
  /// Begins a list. The count is no larger than the bytes left could hold; the type means nothing when it is 0.
  mutating func readListBegin() throws(CodecError) -> (element: ThriftType, count: Int)
  /// Ends a list, behind the last of as many elements as were announced.
  mutating func readListEnd() throws(CodecError)
  /// Begins a set. The count is no larger than the bytes left could hold; the type means nothing when it is 0.
  mutating func readSetBegin() throws(CodecError) -> (element: ThriftType, count: Int)
  /// Ends a set, behind the last of as many elements as were announced.
  mutating func readSetEnd() throws(CodecError)
  /// Begins a map. The count is no larger than the bytes left could hold; the types mean nothing when it is 0.
  mutating func readMapBegin() throws(CodecError) -> (key: ThriftType, value: ThriftType, count: Int)
  /// Ends a map, behind the last of as many entries as were announced.
  mutating func readMapEnd() throws(CodecError)
  /// Goes one level deeper, without reading anything, for values whose nesting no type bounds.
  mutating func beginNesting() throws(CodecError)
  /// Comes back from ``beginNesting()``.
  mutating func endNesting()

  /// Reads a `bool`; a number that is neither 0 nor 1 is one of both, which one depends on the protocol.
  mutating func readBool() throws(CodecError) -> Bool
  /// Reads an `i8`; in the JSON protocol a larger number is an error.
  mutating func readI8() throws(CodecError) -> Int8
  /// Reads an `i16`; in the compact and the JSON protocol a larger number is an error.
  mutating func readI16() throws(CodecError) -> Int16
  /// Reads an `i32`; in the JSON protocol a larger number is an error.
  mutating func readI32() throws(CodecError) -> Int32
  /// Reads an `i64`; in the JSON protocol a larger number is an error.
  mutating func readI64() throws(CodecError) -> Int64
  /// Reads a `double`, infinities and NaN included.
  mutating func readDouble() throws(CodecError) -> Double
  /// Reads a `string`; bytes that are not UTF-8 are an error, never repaired.
  mutating func readString() throws(CodecError) -> String
  /// Reads a `binary` as a copy of its bytes.
  mutating func readBinary() throws(CodecError) -> [UInt8]
  /// Reads a `uuid`, which the second version of the compact protocol does not have.
  mutating func readUUID() throws(CodecError) -> ThriftUUID
  /// Reads a `string` or `binary`, when the IDL does not say which: a ``ThriftValue/string(_:)`` if it is UTF-8.
  mutating func readStringOrBinary() throws(CodecError) -> ThriftValue
  /// Has a generated type read itself, from the begin of the struct to its end.
  mutating func readStruct<Value: ThriftStruct>(_ type: Value.Type) throws(CodecError) -> Value

  /// Steps over a value; throws for a type that the protocol does not know. Containers count as levels of depth.
  mutating func skip(_ type: ThriftType) throws(CodecError)
}
