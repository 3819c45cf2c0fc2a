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
}

extension [Annotation] {
  /// Every value of a key, in source order; empty when the key is absent.
  package func values(for key: String) -> [String] {
    filter { $0.key == key }.map(\.value)
  }
}
