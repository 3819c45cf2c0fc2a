/// Reads a `.thrift` file by recursive descent.
///
/// After an error it goes on at the next place where something new seems to begin, so that one run shows several.
struct Parser {
  /// How deep types and constants may be nested.
  static let maxDepth = 64

  let document: DocumentID
  let diagnostics: DiagnosticCollector
  private var lexer: Lexer

  /// The token that is looked at.
  private(set) var token: Token

  /// The token before it.
  private(set) var previous: Token

  /// What has been read.
  var parsed = ParsedDocument()

  /// An error that has been reported and makes the construct around it unreadable.
  struct SyntaxError: Error {}

  init(_ source: SourceText, document: DocumentID, diagnostics: DiagnosticCollector) {
    self.document = document
    self.diagnostics = diagnostics
    lexer = Lexer(source, document: document, diagnostics: diagnostics)
    token = lexer.next()
    previous = Token(kind: .endOfFile, offset: 0, end: 0, trivia: Trivia())
  }

  /// Reads the whole file.
  static func parse(_ source: SourceText, document: DocumentID, diagnostics: DiagnosticCollector) -> ParsedDocument {
    var parser = Parser(source, document: document, diagnostics: diagnostics)
    parser.parseDocument()
    return parser.parsed
  }

  // MARK: Tokens

  /// Steps to the next token.
  mutating func advance() {
    previous = token
    token = lexer.next()
  }

  /// Steps over a symbol if it is there.
  mutating func accept(_ symbol: Unicode.Scalar) -> Bool {
    guard token.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  /// Steps over a keyword if it is there.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard token.isKeyword(keyword) else { return false }
    advance()
    return true
  }

  /// Steps over a symbol that must be there.
  mutating func expect(_ symbol: Unicode.Scalar, _ purpose: String) throws(SyntaxError) {
    guard accept(symbol) else { throw fail(expected: "'\(symbol)' \(purpose)") }
  }

  /// Steps over `,` or `;` if there is one.
  mutating func skipSeparator() {
    if token.isSymbol(",") || token.isSymbol(";") { advance() }
  }

  // MARK: Errors

  /// The place of the token; for the end of the file, the place after the last thing in it.
  var location: SourceLocation {
    location(token.kind == .endOfFile ? previous.end : token.offset)
  }

  func location(_ offset: Int) -> SourceLocation {
    SourceLocation(document: document, offset: offset)
  }

  /// Reports that something else should stand here.
  func fail(expected: String) -> SyntaxError {
    let isExplained = token.kind == .endOfFile && lexer.isCutShort
    if !isExplained { diagnostics.error("expected \(expected), found \(token.phrase)", at: location) }
    return SyntaxError()
  }

  /// Whether the token begins a definition, judged by a keyword at a place where one would be written.
  var isAtDefinition: Bool {
    guard case .keyword(let keyword) = token.kind, keyword.startsDefinition else { return false }
    return token.trivia.startsLine || previous.isSymbol("}") || previous.isSymbol(";")
  }

  /// Steps over tokens until one can begin another element of a list in brackets.
  ///
  /// - Parameters:
  ///   - close: the bracket that ends the list.
  ///   - start: where the element that failed begins.
  /// - Throws: when the list itself seems to have no end.
  mutating func recover(inListClosedBy close: Unicode.Scalar, from start: Int) throws(SyntaxError) {
    var depth = 0
    if token.offset == start, !isListEnd(close) { advance() }
    while true {
      if token.kind == .endOfFile || diagnostics.isFull(document) { throw SyntaxError() }
      if isAtDefinition { throw SyntaxError() }
      if depth == 0 {
        if token.isSymbol(close) || token.trivia.startsLine { return }
        if token.isSymbol(",") || token.isSymbol(";") { return advance() }
        if isListEnd(close) { throw SyntaxError() }
      }
      switch token.kind {
      case .symbol("("), .symbol("["), .symbol("{"): depth += 1
      case .symbol(")"), .symbol("]"), .symbol("}"): depth = max(0, depth - 1)
      default: break
      }
      advance()
    }
  }

  /// Whether the token ends a list that is closed by a bracket, or one around it.
  func isListEnd(_ close: Unicode.Scalar) -> Bool {
    token.isSymbol(close) || token.isSymbol("}") || token.kind == .endOfFile
  }
}
