import SeaThriftWire

/// The structs of a schema, as a table: what generated types know, for tests that need many.
struct Schema: Decodable {
  indirect enum FieldType {
    case bool, i8, i16, i32, i64, double, string, binary, uuid
    case list(FieldType), set(FieldType), map(FieldType, FieldType), structure(String)
  }

  struct Field: Decodable {
    let id: Int16
    let name: String
    let type: FieldType
    let `default`: JSONValue?
  }

  let structs: [String: [Field]]

  init(from decoder: any Decoder) throws {
    structs = try decoder.singleValueContainer().decode([String: [Field]].self)
  }

  func fields(_ name: String) -> [Field] { structs[name] ?? [] }
}

extension Schema.FieldType: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      let simple: [String: Self] = [
        "bool": .bool, "i8": .i8, "i16": .i16, "i32": .i32, "i64": .i64, "double": .double, "string": .string,
        "binary": .binary, "uuid": .uuid,
      ]
      self = simple[name] ?? .structure(name)
      return
    }
    var parts = try decoder.unkeyedContainer()
    let kind = try parts.decode(String.self)
    let first = try parts.decode(Self.self)
    switch kind {
    case "list": self = .list(first)
    case "set": self = .set(first)
    default: self = .map(first, try parts.decode(Self.self))
    }
  }

  var wireType: ThriftType {
    switch self {
    case .bool: .bool
    case .i8: .i8
    case .i16: .i16
    case .i32: .i32
    case .i64: .i64
    case .double: .double
    case .string, .binary: .string
    case .uuid: .uuid
    case .list: .list
    case .set: .set
    case .map: .map
    case .structure: .structure
    }
  }
}
