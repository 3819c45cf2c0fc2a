/// A struct, union or exception of an IDL: what generated types conform to.
///
/// Two values are equal when all their fields are. A `double` follows IEEE 754, as everywhere in Swift: a value that
/// holds a NaN is not equal to itself, and -0.0 equals 0.0.
public protocol ThriftStruct: ThriftElement, Hashable, Sendable, CustomStringConvertible {
  /// The name in the IDL.
  static var thriftName: String { get }

  /// Reads a value, from the begin of the struct to its end.
  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError)

  /// Writes the value, from the begin of the struct to its end.
  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError)

  // Entry points of one protocol each, for speed: where the generic code above is visible, it is specialised for the
  // protocol. A type that other modules use declares them itself, one line each as generated code has them, so that
  // these modules find specialised code; else they would call the generic code, which takes ten times as long.

  /// Reads a value in the binary protocol.
  static func decode(_ reader: inout BinaryReader) throws(CodecError) -> Self
  /// Writes the value in the binary protocol.
  func encode(_ writer: inout BinaryWriter) throws(CodecError)
  /// Reads a value in the compact protocol.
  static func decode(_ reader: inout CompactReader) throws(CodecError) -> Self
  /// Writes the value in the compact protocol.
  func encode(_ writer: inout CompactWriter) throws(CodecError)
  /// Reads a value in the JSON protocol.
  static func decode(_ reader: inout JSONReader) throws(CodecError) -> Self
  /// Writes the value in the JSON protocol.
  func encode(_ writer: inout JSONWriter) throws(CodecError)
}

extension ThriftStruct {
  /// Reads a value in the binary protocol.
  @inlinable
  public static func decode(_ reader: inout BinaryReader) throws(CodecError) -> Self { try Self(from: &reader) }

  /// Writes the value in the binary protocol.
  @inlinable
  public func encode(_ writer: inout BinaryWriter) throws(CodecError) { try write(to: &writer) }

  /// Reads a value in the compact protocol.
  @inlinable
  public static func decode(_ reader: inout CompactReader) throws(CodecError) -> Self { try Self(from: &reader) }

  /// Writes the value in the compact protocol.
  @inlinable
  public func encode(_ writer: inout CompactWriter) throws(CodecError) { try write(to: &writer) }

  /// Reads a value in the JSON protocol.
  @inlinable
  public static func decode(_ reader: inout JSONReader) throws(CodecError) -> Self { try Self(from: &reader) }

  /// Writes the value in the JSON protocol.
  @inlinable
  public func encode(_ writer: inout JSONWriter) throws(CodecError) { try write(to: &writer) }

  /// The value as text for people, such as `User(id: 1, name: "x", tags: ["a"])`.
  ///
  /// Long strings, binaries and values are cut: the text has a few thousand characters at most.
  public var description: String { DescriptionWriter.describe(self) }
}

/// An exception of an IDL, which can be thrown.
public protocol ThriftException: ThriftStruct, Error {}

/// A union of an IDL: an enum with one case for each member, and one for members that the IDL does not know.
public protocol ThriftUnion: ThriftStruct {}
