/// What stands between two tokens.
struct Trivia {
  /// Whether the token after it is the first one of its line.
  var startsLine = false

  /// The documentation comment, cleaned up. Of several, the last one.
  var documentation: String?

  /// The documentation comment before ``documentation``, when there are several.
  var precedingDocumentation: String?
}

extension Lexer {
  /// Steps over white space and comments and remembers documentation.
  mutating func skipTrivia() {
    while offset < bytes.count {
      switch peek() {
      case "\n":
        trivia.startsLine = true
        offset += 1
      case " ", "\t", "\r":
        offset += 1
      case "#":
        skipLine()
      case "/" where peek(1) == "/":
        skipLine()
      case "/" where peek(1) == "*":
        skipBlockComment()
      default:
        return
      }
    }
  }

  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
  }

  /// `/* … */`. With a second star at the start it is documentation, but not when it consists of stars alone.
  private mutating func skipBlockComment() {
    let star = UInt8(ascii: "*")
    let start = offset
    var end = start + 2
    while end + 1 < bytes.count, bytes[end] != star || bytes[end + 1] != UInt8(ascii: "/") {
      if bytes[end] == UInt8(ascii: "\n") { trivia.startsLine = true }
      end += 1
    }
    guard end + 1 < bytes.count else {
      error("unterminated comment", at: start)
      isCutShort = true
      offset = bytes.count
      return
    }
    offset = end + 2
    if bytes[start + 2] == star, bytes[(start + 2)..<end].contains(where: { $0 != star }) {
      trivia.precedingDocumentation = trivia.documentation
      let text = String(decoding: bytes[(start + 3)..<end], as: UTF8.self)
      trivia.documentation = DocumentationComment.text(of: text)
    }
  }
}
