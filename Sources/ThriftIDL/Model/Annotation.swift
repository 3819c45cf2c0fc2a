/// One `key = "value"` of an annotation list. A key may be repeated; every occurrence is kept, in source order.
package struct Annotation: Hashable, Sendable {
  /// The key, dots included: `cpp.ref`.
  package let key: String

  /// The value; `"1"` for a key that stands alone, as Apache's compiler has it.
  package let value: String

  /// Where the key stands.
  package let location: SourceLocation

  package init(key: String, value: String, location: SourceLocation) {
    self.key = key
    self.value = value
    self.location = location
  }

  /// The value as true or false; nil when it is neither.
  var flag: Bool? {
    switch value {
    case "1", "true", "": true
    case "0", "false": false
    default: nil
    }
  }

  /// Whether the key is `name`, alone or after a prefix such as `cpp.`.
  func isNamed(_ name: String) -> Bool { key == name || key.hasSuffix(".\(name)") }
}

extension [Annotation] {
  /// Every value of a key, in source order; empty when the key is absent.
  package func values(for key: String) -> [String] {
    filter { $0.key == key }.map(\.value)
  }

  /// What an annotation says that is true or false, alone or as `cpp.name` and the like; nil when it is not there.
  package func flag(_ name: String) -> Bool? { last { $0.isNamed(name) }?.flag }
}
