import SeaThrift

/// The value with sets and maps in one order, binaries as bytes, and no type named for what is empty: equal for values
/// that mean the same.
func canonical(_ value: ThriftValue) -> ThriftValue {
  switch value {
  case .string(let text): .binary(Array(text.utf8))
  case .structure(let fields): .structure(fields.map { .init(id: $0.id, value: canonical($0.value)) })
  case .list(let type, let elements): .list(elements.isEmpty ? .void : type, elements.map(canonical))
  case .set(let type, let elements): .set(elements.isEmpty ? .void : type, sorted(elements.map(canonical)) { $0 })
  case .map(let key, let value, let entries):
    .map(
      entries.isEmpty ? .void : key, entries.isEmpty ? .void : value,
      sorted(entries.map { .init(key: canonical($0.key), value: canonical($0.value)) }) { $0.key })
  default: value
  }
}

private func sorted<Element>(_ elements: [Element], by key: (Element) -> ThriftValue) -> [Element] {
  elements.map { (text: "\(key($0))", element: $0) }.sorted { $0.text < $1.text }.map(\.element)
}

/// The bytes of a value in a protocol, written without any generated code.
func bytes(of value: ThriftValue, _ format: ThriftFormat = .binary) throws -> [UInt8] {
  try AnyStruct(value: value).thriftBytes(format)
}

/// A struct of which the fields are not known beforehand.
struct AnyStruct: ThriftStruct {
  static var thriftName: String { "AnyStruct" }
  let value: ThriftValue

  init(value: ThriftValue) { self.value = value }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    value = try ThriftValue(from: &reader, type: .structure)
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try value.write(to: &writer)
  }
}

extension ThriftFormat {
  /// The protocols that have every type of the IDL: version 2 of the compact one has no `uuid`.
  static let complete = allCases.filter { $0 != .compact2 }
}
