/// The type of a value on the wire, with the numbers of the binary protocol.
///
/// Other protocols translate their own numbers or names to these. A reader may hand out a number that it does not know;
/// stepping over such a value throws.
@frozen
public struct ThriftType: RawRepresentable, Hashable, Sendable {
  /// The number of the type in the binary protocol.
  public let rawValue: UInt8

  /// Creates the type with the given number, known or not.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No value: ends the fields of a struct.
  @inlinable public static var stop: Self { Self(rawValue: 0) }
  /// No value: the result of a method that returns nothing. Never found on the wire.
  @inlinable public static var void: Self { Self(rawValue: 1) }
  /// `bool`, a Swift `Bool`.
  @inlinable public static var bool: Self { Self(rawValue: 2) }
  /// `i8` and `byte`, a Swift `Int8`.
  @inlinable public static var i8: Self { Self(rawValue: 3) }
  /// `double`, a Swift `Double`.
  @inlinable public static var double: Self { Self(rawValue: 4) }
  /// `i16`, a Swift `Int16`.
  @inlinable public static var i16: Self { Self(rawValue: 6) }
  /// `i32` and every enum, a Swift `Int32`.
  @inlinable public static var i32: Self { Self(rawValue: 8) }
  /// `i64`, a Swift `Int64`.
  @inlinable public static var i64: Self { Self(rawValue: 10) }
  /// `string` (a Swift `String`) and `binary` (a Swift `[UInt8]`), which share one number.
  @inlinable public static var string: Self { Self(rawValue: 11) }
  /// A struct, union or exception.
  @inlinable public static var structure: Self { Self(rawValue: 12) }
  /// `map`, a Swift `Dictionary`.
  @inlinable public static var map: Self { Self(rawValue: 13) }
  /// `set`, a Swift `Set`.
  @inlinable public static var set: Self { Self(rawValue: 14) }
  /// `list`, a Swift `Array`.
  @inlinable public static var list: Self { Self(rawValue: 15) }
  /// `uuid`, a ``ThriftUUID``.
  @inlinable public static var uuid: Self { Self(rawValue: 16) }
}

extension ThriftType: CustomStringConvertible {
  /// The name of the type in the IDL, or its number.
  public var description: String {
    switch self {
    case .stop: "stop"
    case .void: "void"
    case .bool: "bool"
    case .i8: "i8"
    case .double: "double"
    case .i16: "i16"
    case .i32: "i32"
    case .i64: "i64"
    case .string: "string"
    case .structure: "struct"
    case .map: "map"
    case .set: "set"
    case .list: "list"
    case .uuid: "uuid"
    default: "type \(rawValue)"
    }
  }
}
