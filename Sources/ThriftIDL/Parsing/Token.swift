/// The smallest piece of a `.thrift` file that has a meaning.
struct Token {
  /// What it is.
  enum Kind: Equatable {
    /// A name, perhaps with dots, that is no keyword.
    case identifier(String)
    case keyword(Keyword)
    /// A string without its quotes, escapes replaced. Not necessarily UTF-8.
    case literal([UInt8])
    /// Also `true` (1) and `false` (0).
    case integer(Int64)
    case double(Double)
    /// One of `: ; , { } ( ) = < > [ ] * &`.
    case symbol(Unicode.Scalar)
    case endOfFile
  }

  /// What it is.
  let kind: Kind

  /// The offset of its first byte.
  let offset: Int

  /// The offset after its last byte.
  let end: Int

  /// What stands before it.
  let trivia: Trivia

  func isSymbol(_ symbol: Unicode.Scalar) -> Bool { kind == .symbol(symbol) }

  func isKeyword(_ keyword: Keyword) -> Bool { kind == .keyword(keyword) }
}

extension Token {
  /// The token as a phrase that can follow "found ".
  var phrase: String {
    switch kind {
    case .identifier(let name): "'\(name.abbreviated)'"
    case .keyword(let keyword): "'\(keyword.rawValue)'"
    case .literal: "a string"
    case .integer(let value): "the number \(value)"
    case .double: "a floating-point number"
    case .symbol(let symbol): "'\(symbol)'"
    case .endOfFile: "the end of the file"
    }
  }
}

extension String {
  /// The text, cut at a length that no sensible name reaches, for messages.
  var abbreviated: String { count > 100 ? prefix(100) + "…" : self }
}
