/// Writes a value as text for people: `User(id: 1, name: "x", tags: ["a"])`.
///
/// The text is bounded: long strings and binaries are cut, and after ``maxBytes`` nothing more is written.
struct DescriptionWriter: ~Copyable {
  /// What comes before the next value.
  enum Context {
    /// Nothing: the value is the whole text, or follows its field's name.
    case none
    /// A comma, unless it is the first field of a struct.
    case field(isFirst: Bool)
    /// A comma, unless it is the first element of a list or set.
    case element(isFirst: Bool)
    /// A comma, unless it is the first key of a map.
    case key(isFirst: Bool)
    /// A colon: the value of a key.
    case value
  }

  static let maxBytes = 4096
  static let maxStringBytes = 256
  static let maxBinaryBytes = 32
  static let maxDepth = 64

  var text = ""
  var contexts: [Context] = [.none]

  /// The text of a value; where it was cut, it ends in an ellipsis.
  static func describe(_ value: some ThriftStruct) -> String {
    var writer = DescriptionWriter()
    do {
      try value.write(to: &writer)
      return writer.text
    } catch {
      return writer.text + "…"
    }
  }

  /// Appends what separates the next value from the one before, and the value.
  mutating func append(_ value: String) throws(CodecError) {
    switch contexts[contexts.count - 1] {
    case .none: break
    case .field(let isFirst):
      if !isFirst { text += ", " }
      contexts[contexts.count - 1] = .field(isFirst: false)
    case .element(let isFirst):
      if !isFirst { text += ", " }
      contexts[contexts.count - 1] = .element(isFirst: false)
    case .key(let isFirst):
      if !isFirst { text += ", " }
      contexts[contexts.count - 1] = .value
    case .value:
      text += ": "
      contexts[contexts.count - 1] = .key(isFirst: false)
    }
    text += value
    guard text.utf8.count <= Self.maxBytes else { throw CodecError(.sizeLimitExceeded, "the text is long enough") }
  }
}
