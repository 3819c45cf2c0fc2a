extension ThriftType {
  /// The name of the type in the JSON protocol; `nil` when it has none.
  var jsonName: StaticString? {
    switch self {
    case .bool: "tf"
    case .i8: "i8"
    case .i16: "i16"
    case .i32: "i32"
    case .i64: "i64"
    case .double: "dbl"
    case .string: "str"
    case .structure: "rec"
    case .map: "map"
    case .list: "lst"
    case .set: "set"
    case .uuid: "uid"
    default: nil
    }
  }

  /// The type of a name of the JSON protocol; one that no protocol knows when the name means nothing.
  init(jsonName name: String) {
    switch name {
    case "tf": self = .bool
    case "i8": self = .i8
    case "i16": self = .i16
    case "i32": self = .i32
    case "i64": self = .i64
    case "dbl": self = .double
    case "str": self = .string
    case "rec": self = .structure
    case "map": self = .map
    case "lst": self = .list
    case "set": self = .set
    case "uid": self = .uuid
    default: self.init(rawValue: .max)
    }
  }
}
