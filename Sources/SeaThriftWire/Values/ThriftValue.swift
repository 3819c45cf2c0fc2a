/// A value of any type, for what no generated type describes.
///
/// Equality is that of the parts; of sets and maps it looks at the order too.
public indirect enum ThriftValue: Hashable, Sendable {
  /// A `bool`.
  case bool(Bool)
  /// An `i8`.
  case i8(Int8)
  /// An `i16`.
  case i16(Int16)
  /// An `i32` or an enum.
  case i32(Int32)
  /// An `i64`.
  case i64(Int64)
  /// A `double`.
  case double(Double)
  /// A `string`, or a `binary` that is valid UTF-8: the wire does not tell them apart.
  case string(String)
  /// A `binary`.
  case binary([UInt8])
  /// A `uuid`.
  case uuid(ThriftUUID)
  /// A struct, union or exception.
  case structure([Field])
  /// A list of elements of one type.
  case list(ThriftType, [ThriftValue])
  /// A set of elements of one type, in the order of the wire.
  case set(ThriftType, [ThriftValue])
  /// A map from keys of one type to values of one type, in the order of the wire.
  case map(ThriftType, ThriftType, [Entry])

  /// A field of a struct.
  public struct Field: Hashable, Sendable {
    /// The number of the field.
    public var id: Int16
    /// Its value.
    public var value: ThriftValue

    /// Creates a field; that no two of a struct have one number is not checked.
    public init(id: Int16, value: ThriftValue) {
      self.id = id
      self.value = value
    }
  }

  /// An entry of a map.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public var key: ThriftValue
    /// Its value.
    public var value: ThriftValue

    /// Creates an entry; that no two of a map have equal keys is not checked.
    public init(key: ThriftValue, value: ThriftValue) {
      self.key = key
      self.value = value
    }
  }

  /// The type of the value on the wire.
  public var type: ThriftType {
    switch self {
    case .bool: .bool
    case .i8: .i8
    case .i16: .i16
    case .i32: .i32
    case .i64: .i64
    case .double: .double
    case .string, .binary: .string
    case .uuid: .uuid
    case .structure: .structure
    case .list: .list
    case .set: .set
    case .map: .map
    }
  }
}
