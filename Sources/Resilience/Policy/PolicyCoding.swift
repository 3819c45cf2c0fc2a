/// A key of any name, to see keys that nobody asked for.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension Decoder {
  /// The container for `keys`; throws when the document has a key that is none of them, so that a misspelt field is
  /// not silently its default.
  package func policyContainer<Keys: CodingKey & CaseIterable>(_ keys: Keys.Type) throws -> KeyedDecodingContainer<Keys>
  {
    _ = try policyContainer(Keys.allCases.map(\.stringValue))
    return try container(keyedBy: keys)
  }

  /// The container for keys of these names; throws when the document has any other.
  func policyContainer(_ names: [String]) throws -> KeyedDecodingContainer<AnyKey> {
    let found = try container(keyedBy: AnyKey.self)
    for key in found.allKeys where !names.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: found,
        debugDescription: "unknown field '\(key.stringValue)', known are: \(names.sorted().joined(separator: ", "))")
    }
    return found
  }
}

extension KeyedDecodingContainer {
  /// The value of `key`, or `fallback` when the document does not mention it.
  package func value<Value: Decodable>(_ key: Key, default fallback: Value) throws -> Value {
    contains(key) ? try decode(Value.self, forKey: key) : fallback
  }

  /// The value of `key`, nil when the document says `null`, or `fallback` when it does not mention it.
  package func optional<Value: Decodable>(_ key: Key, default fallback: Value?) throws -> Value? {
    contains(key) ? try decodeIfPresent(Value.self, forKey: key) : fallback
  }

  /// The duration at `key`, or `fallback` when the document does not mention it.
  func duration(_ key: Key, default fallback: Duration) throws -> Duration {
    contains(key) ? try duration(key, decode(String.self, forKey: key)) : fallback
  }

  /// The duration at `key`, nil when the document says `null`, or `fallback` when it does not mention it.
  func optionalDuration(_ key: Key, default fallback: Duration?) throws -> Duration? {
    guard contains(key) else { return fallback }
    return try decodeIfPresent(String.self, forKey: key).map { text in try duration(key, text) }
  }

  /// The one of `choices` that has the name at `key`; nil when the document does not mention it.
  func choice<Value>(_ key: Key, of choices: [Value], name: (Value) -> String) throws -> Value? {
    guard contains(key) else { return nil }
    let text = try decode(String.self, forKey: key)
    if let value = choices.first(where: { name($0) == text }) { return value }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self,
      debugDescription: "'\(text)' is none of: \(choices.map(name).joined(separator: ", "))")
  }

  /// The key of an object that stands for one choice among several.
  func onlyKey(_ what: String) throws -> Key {
    if let key = allKeys.first, allKeys.count == 1 { return key }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(codingPath: codingPath, debugDescription: "\(what) has exactly one field"))
  }

  private func duration(_ key: Key, _ text: String) throws -> Duration {
    if let duration = DurationText.parse(text) { return duration }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self,
      debugDescription: "'\(text)' is no duration: a number and one of d, h, m, s, ms, us, ns, for example 250ms")
  }
}

extension KeyedEncodingContainer {
  mutating func encode(_ duration: Duration, forKey key: Key) throws {
    try encode(DurationText.format(duration), forKey: key)
  }

  /// Writes `null` for nil: an absent key would mean the default.
  mutating func encode(_ duration: Duration?, forKey key: Key) throws {
    try encode(duration.map { DurationText.format($0) }, forKey: key)
  }
}
