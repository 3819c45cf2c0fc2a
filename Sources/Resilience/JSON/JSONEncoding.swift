/// Where a value that is being written ends up.
final class JSONBox {
  /// What goes into the box later wins over what is there, save that fields and items are added.
  enum Contents {
    case empty
    case leaf(JSONValue)
    case fields([(key: String, box: JSONBox)])
    case items([JSONBox])
  }

  var contents = Contents.empty

  var value: JSONValue {
    switch contents {
    case .empty: .object([])
    case .leaf(let value): value
    case .fields(let fields): .object(fields.map { ($0.key, $0.box.value) })
    case .items(let items): .array(items.map(\.value))
    }
  }

  func field(_ key: any CodingKey) -> JSONBox {
    let box = JSONBox()
    if case .fields(let fields) = contents {
      contents = .fields(fields + [(key.stringValue, box)])
    } else {
      contents = .fields([(key.stringValue, box)])
    }
    return box
  }

  func item() -> JSONBox {
    let box = JSONBox()
    if case .items(let items) = contents { contents = .items(items + [box]) } else { contents = .items([box]) }
    return box
  }
}

/// Writes `Encodable` types as JSON.
struct JSONEncoding: Encoder {
  let box: JSONBox
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = box.contents { box.contents = .fields([]) }
    return KeyedEncodingContainer(JSONFieldsOut(encoding: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = box.contents { box.contents = .items([]) }
    return JSONItemsOut(encoding: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func inside(_ box: JSONBox, _ key: any CodingKey) -> JSONEncoding {
    JSONEncoding(box: box, codingPath: codingPath + [key])
  }

  fileprivate func write<Value: Encodable>(_ value: Value) throws { try value.encode(to: self) }
}

extension JSONEncoding: SingleValueEncodingContainer {
  func encodeNil() { box.contents = .leaf(.null) }
  func encode(_ value: Bool) { box.contents = .leaf(.bool(value)) }
  func encode(_ value: String) { box.contents = .leaf(.string(value)) }
  func encode(_ value: Double) { box.contents = .leaf(Self.number(value)) }
  func encode(_ value: Float) { encode(Double(value)) }
  func encode(_ value: Int) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: Int8) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: Int16) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: Int32) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: Int64) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: UInt) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: UInt8) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: UInt16) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: UInt32) { box.contents = .leaf(.number("\(value)")) }
  func encode(_ value: UInt64) { box.contents = .leaf(.number("\(value)")) }
  func encode<Value: Encodable>(_ value: Value) throws { try write(value) }

  /// JSON has no infinity and no NaN.
  private static func number(_ value: Double) -> JSONValue { value.isFinite ? .number("\(value)") : .null }
}

private struct JSONFieldsOut<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { encoding.codingPath }

  private func field(_ key: any CodingKey) -> JSONEncoding { encoding.inside(encoding.box.field(key), key) }

  mutating func encodeNil(forKey key: Key) { field(key).encodeNil() }
  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try field(key).write(value) }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    field(key).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    field(key).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { encoding }
  mutating func superEncoder(forKey key: Key) -> any Encoder { field(key) }
}

private struct JSONItemsOut: UnkeyedEncodingContainer {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { encoding.codingPath }
  var count = 0

  init(encoding: JSONEncoding) { self.encoding = encoding }

  private mutating func item() -> JSONEncoding {
    defer { count += 1 }
    return encoding.inside(encoding.box.item(), IndexKey(intValue: count))
  }

  mutating func encodeNil() { item().encodeNil() }
  mutating func encode<Value: Encodable>(_ value: Value) throws { try item().write(value) }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    item().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { item().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { item() }
}
