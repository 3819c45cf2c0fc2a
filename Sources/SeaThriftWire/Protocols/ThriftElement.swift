/// A type of the IDL: what fields and elements of containers may be, and what may be read and written alone.
///
/// Generated types are elements, and so are `Bool`, the integers, `Double`, `String`, ``ThriftUUID``, and arrays, sets and
/// dictionaries of elements; `[UInt8]` is a `binary`. Integers of another size than expected are read when they fit.
public protocol ThriftElement: Sendable {
  /// Its type on the wire.
  static var thriftElementType: ThriftType { get }
  /// The type of an array of it on the wire: a list, but for `UInt8`.
  static var thriftArrayType: ThriftType { get }

  /// Reads a value as an element is: without a field's header.
  ///
  /// - Parameters:
  ///   - reader: where the value begins; behind it when this returns.
  ///   - type: what it is on the wire: of an integer any size, of everything else ``thriftElementType``.
  static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self

  /// Writes the value as an element is: without a field's header.
  func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError)

  /// Reads a list whose elements are of this type; of `UInt8` a `binary`.
  static func readThriftArray<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) -> [Self]
  /// Writes a list whose elements are of this type; of `UInt8` a `binary`.
  static func writeThriftArray<Writer: ThriftWriter & ~Copyable>(
    _ array: [Self], to writer: inout Writer
  ) throws(CodecError)
}

extension ThriftElement {
  /// A list.
  @inlinable public static var thriftArrayType: ThriftType { .list }

  /// Reads a list.
  @inlinable
  public static func readThriftArray<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader
  ) throws(CodecError) -> [Self] {
    let (element, count) = try reader.readListBegin(accepting: thriftElementType)
    var array: [Self] = []
    array.reserveCapacity(reader.reservation(for: count, of: Self.self))
    for _ in 0..<count { array.append(try readThriftElement(from: &reader, sentAs: element)) }
    try reader.readListEnd()
    return array
  }

  /// Writes a list.
  @inlinable
  public static func writeThriftArray<Writer: ThriftWriter & ~Copyable>(
    _ array: [Self], to writer: inout Writer
  ) throws(CodecError) {
    try writer.writeListBegin(thriftElementType, count: array.count)
    for element in array { try element.writeThriftElement(to: &writer) }
    try writer.writeListEnd()
  }
}

extension ThriftStruct {
  /// A struct.
  @inlinable public static var thriftElementType: ThriftType { .structure }

  /// Reads a struct.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readStruct(Self.self)
  }

  /// Writes a struct.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}

extension ThriftEnum {
  /// An `i32`.
  @inlinable public static var thriftElementType: ThriftType { .i32 }

  /// Reads an enum; numbers without a name are kept.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try reader.readEnum(Self.self, sentAs: type)
  }

  /// Writes an enum as an `i32`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.write(self)
  }
}
