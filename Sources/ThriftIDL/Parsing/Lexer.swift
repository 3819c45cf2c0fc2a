/// Cuts a `.thrift` file into tokens. It reports what it cannot read, steps over it and goes on.
struct Lexer {
  let document: DocumentID
  let bytes: [UInt8]
  let diagnostics: DiagnosticCollector

  /// The offset of the next byte.
  var offset = 0

  /// Whether an unterminated comment has swallowed the rest of the file, so that what seems to be missing there
  /// deserves no error of its own.
  var isCutShort = false

  /// What stands between the last token and the next.
  var trivia = Trivia()

  init(_ source: SourceText, document: DocumentID, diagnostics: DiagnosticCollector) {
    self.document = document
    self.bytes = source.bytes
    self.diagnostics = diagnostics
    if bytes.starts(with: byteOrderMark) { offset = byteOrderMark.count }
  }

  /// The next token; after the last one, `.endOfFile` for ever.
  mutating func next() -> Token {
    trivia = Trivia(startsLine: offset == 0 || offset == byteOrderMark.count)
    while true {
      skipTrivia()
      let start = offset
      if let kind = token() {
        return Token(kind: kind, offset: start, end: offset, trivia: trivia)
      }
    }
  }

  /// The byte `distance` further on as the character that it is in ASCII; NUL beyond the end. (A NUL in the file is
  /// taken for what it is: no token has one.)
  func peek(_ distance: Int = 0) -> Unicode.Scalar {
    offset + distance < bytes.count ? Unicode.Scalar(bytes[offset + distance]) : "\0"
  }

  func error(_ message: String, at offset: Int) {
    diagnostics.error(message, at: SourceLocation(document: document, offset: offset))
  }

  /// One token, or `nil` after stepping over something that is none.
  private mutating func token() -> Token.Kind? {
    guard offset < bytes.count else { return .endOfFile }
    switch peek() {
    case "_", "a"..."z", "A"..."Z":
      return word()
    case "0"..."9", "+", "-", ".":
      return number()
    case "\"", "'":
      return literal()
    case ":", ";", ",", "{", "}", "(", ")", "=", "<", ">", "[", "]", "*", "&":
      offset += 1
      return .symbol(Unicode.Scalar(bytes[offset - 1]))
    default:
      skipUnexpectedCharacters()
      return nil
    }
  }

  /// A name or keyword. A dot belongs to it when a letter, digit or underscore follows.
  private mutating func word() -> Token.Kind {
    let start = offset
    while peek().isWordCharacter || (peek() == "." && peek(1).isWordCharacter) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    switch text {
    case "true": return .integer(1)
    case "false": return .integer(0)
    default: return Keyword(rawValue: text).map { .keyword($0) } ?? .identifier(text)
    }
  }

  /// Bytes that start no token: one error for all that stand together.
  private mutating func skipUnexpectedCharacters() {
    let start = offset
    offset += 1
    while offset < bytes.count, !peek().canFollowUnexpectedCharacter { offset += 1 }
    let text = String(decoding: bytes[start..<min(start + 16, bytes.count)], as: UTF8.self)
    error("unexpected character \(text.unicodeScalars.first?.nameInMessage ?? "")", at: start)
  }
}

extension Unicode.Scalar {
  /// Whether it may stand in a name.
  var isWordCharacter: Bool {
    switch self {
    case "_", "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }

  /// Whether it is a decimal digit.
  var isDigit: Bool { ("0"..."9").contains(self) }

  /// Its value as a hexadecimal digit.
  var hexDigitValue: UInt8? {
    switch self {
    case "0"..."9": UInt8(value - 0x30)
    case "a"..."f": UInt8(value - 0x61 + 10)
    case "A"..."F": UInt8(value - 0x41 + 10)
    default: nil
    }
  }

  /// The character in quotes, or its number when it cannot be seen.
  var nameInMessage: String {
    let isVisible = value > 0x20 && value != 0x7F && properties.generalCategory != .format
    let code = String(value, radix: 16, uppercase: true)
    return isVisible ? "'\(self)'" : "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
  }

  /// Whether a token, a comment or white space may begin with it.
  fileprivate var canFollowUnexpectedCharacter: Bool {
    switch self {
    case " ", "\t", "\r", "\n", "#", "/", "\"", "'", "+", "-", ".": true
    case ":", ";", ",", "{", "}", "(", ")", "=", "<", ">", "[", "]", "*", "&": true
    default: isWordCharacter
    }
  }
}
