import SeaThriftWire

/// A value of a type of a ``Schema``; equal when Thrift's values are: sets and maps in any order, doubles by their bits.
enum SchemaValue: Hashable {
  case bool(Bool), integer(Int64), double(UInt64), text(String), bytes([UInt8]), uuid(ThriftUUID)
  case list([SchemaValue]), set([SchemaValue]), map([Entry]), structure([String: SchemaValue])

  struct Entry: Hashable {
    let key: SchemaValue
    let value: SchemaValue
  }

  static func == (lhs: Self, rhs: Self) -> Bool {
    switch (lhs, rhs) {
    case (.bool(let lhs), .bool(let rhs)): lhs == rhs
    case (.integer(let lhs), .integer(let rhs)): lhs == rhs
    case (.double(let lhs), .double(let rhs)): lhs == rhs
    case (.text(let lhs), .text(let rhs)): Array(lhs.utf8) == Array(rhs.utf8)
    case (.bytes(let lhs), .bytes(let rhs)): lhs == rhs
    case (.uuid(let lhs), .uuid(let rhs)): lhs == rhs
    case (.list(let lhs), .list(let rhs)): lhs == rhs
    case (.set(let lhs), .set(let rhs)): Set(lhs) == Set(rhs)
    case (.map(let lhs), .map(let rhs)): Set(lhs) == Set(rhs)
    case (.structure(let lhs), .structure(let rhs)): lhs == rhs
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value)
    case .text(let value): hasher.combine(value)
    case .bytes(let value): hasher.combine(value)
    case .uuid(let value): hasher.combine(value)
    case .list(let value): hasher.combine(value)
    case .set(let value): hasher.combine(Set(value))
    case .map(let value): hasher.combine(Set(value))
    case .structure(let value): hasher.combine(value)
    }
  }
}

extension Schema {
  /// The value that JSON of the vectors' files stands for.
  func value(_ json: JSONValue, _ type: FieldType) -> SchemaValue? {
    switch (type, json) {
    case (.bool, .bool(let value)): .bool(value)
    case (.i8, .int(let value)), (.i16, .int(let value)), (.i32, .int(let value)), (.i64, .int(let value)):
      .integer(value)
    case (.double, .int(let value)): .double(Double(value).bitPattern)
    case (.double, .double(let value)): .double(value.bitPattern)
    case (.double, .text(let text)): Double(text).map { .double($0.bitPattern) }
    case (.string, .text(let text)): .text(text)
    case (.binary, .text(let text)): .bytes([UInt8](hex: text))
    case (.uuid, .text(let text)): ThriftUUID(text).map { .uuid($0) }
    case (.list(let element), .array(let elements)): .list(elements.compactMap { value($0, element) })
    case (.set(let element), .array(let elements)): .set(elements.compactMap { value($0, element) })
    case (.map(let key, let value), .array(let entries)): .map(entries.compactMap { entry($0, key, value) })
    case (.structure(let name), .object(let object)): structure(name, object)
    default: nil
    }
  }

  private func entry(_ json: JSONValue, _ keyType: FieldType, _ valueType: FieldType) -> SchemaValue.Entry? {
    guard case .array(let pair) = json, pair.count == 2, let key = value(pair[0], keyType),
      let value = value(pair[1], valueType)
    else { return nil }
    return SchemaValue.Entry(key: key, value: value)
  }

  private func structure(_ name: String, _ object: [String: JSONValue]) -> SchemaValue {
    var values: [String: SchemaValue] = [:]
    for field in fields(name) { values[field.name] = object[field.name].flatMap { value($0, field.type) } }
    return .structure(values)
  }
}
