/// A name of the generated Swift, legal where it stands once it is escaped.
struct SwiftName: Hashable, Sendable {
  /// The name without backticks.
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// The name as an identifier: in backticks where it is a keyword.
  var identifier: String {
    Self.keywords.contains(text) ? "`\(text)`" : text
  }

  /// The name behind a dot, where no keyword is one. What means something there too is reserved: `x.self`, `X.Type`.
  var member: String { text }

  /// The name as a label of a declared parameter. Keywords are no keywords there, and the compiler warns of needless
  /// backticks; `inout`, `let` and `var` are, because they once stood in front of parameters.
  var parameterLabel: String {
    ["inout", "let", "var"].contains(text) ? "`\(text)`" : text
  }

  /// The name as a label in a call.
  var callLabel: String {
    text == "inout" ? "`inout`" : text
  }

  /// The reserved words of the language, and the contextual ones that mean something in front of a type or an
  /// expression.
  private static let keywords: Set<String> = [
    "Any", "Self", "actor", "any", "as", "associatedtype", "async", "await", "borrow", "borrowing", "break", "case",
    "catch", "class", "consume", "consuming", "continue", "copy", "default", "defer", "deinit", "discard",
    "distributed", "do", "each", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
    "guard", "if", "import", "in", "init", "inout", "internal", "is", "isolated", "let", "macro", "nil",
    "nonisolated", "operator", "package", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
    "__owned", "__shared", "_const", "return", "self", "sending", "some", "static", "struct", "subscript", "super",
    "switch", "then", "throw", "throws",
    "true", "try", "typealias", "unsafe", "using", "var", "where", "while", "yield",
  ]
}
