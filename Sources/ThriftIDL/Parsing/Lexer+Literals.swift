extension Lexer {
  /// An integer (decimal or hexadecimal) or a floating-point number, with an optional sign.
  ///
  /// A number ends where it can no longer go on, whatever follows: `1.` is a one and a stray dot, as in Apache's
  /// compiler.
  mutating func number() -> Token.Kind? {
    let start = offset
    let isNegative = peek() == "-"
    if isNegative || peek() == "+" { offset += 1 }
    if peek() == "0", peek(1) == "x", peek(2).hexDigitValue != nil {
      return hexadecimalInteger(from: start, isNegative: isNegative)
    }
    let digits = skipDigits()
    var isInteger = true
    if peek() == ".", peek(1).isDigit {
      isInteger = false
      offset += 1
      skipDigits()
    } else if digits == 0 {
      return notANumber(from: start)
    }
    if skipExponent() { isInteger = false }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard isInteger else { return .double(Double(text) ?? 0) }
    guard let value = Int64(text) else { return tooLarge(text, at: start) }
    return .integer(value)
  }

  /// `0x1F`, of which the offset is at the 0.
  private mutating func hexadecimalInteger(from start: Int, isNegative: Bool) -> Token.Kind {
    offset += 2
    let digits = offset
    while peek().hexDigitValue != nil { offset += 1 }
    let text = (isNegative ? "-" : "") + String(decoding: bytes[digits..<offset], as: UTF8.self)
    guard let value = Int64(text, radix: 16) else {
      return tooLarge(String(decoding: bytes[start..<offset], as: UTF8.self), at: start)
    }
    return .integer(value)
  }

  /// A sign or dot without a number.
  private mutating func notANumber(from start: Int) -> Token.Kind? {
    let isSign = offset > start
    if !isSign { offset += 1 }
    let character = Unicode.Scalar(bytes[start])
    error(isSign ? "expected a number after '\(character)'" : "unexpected character '\(character)'", at: start)
    return isSign ? .integer(0) : nil
  }

  private func tooLarge(_ text: String, at start: Int) -> Token.Kind {
    error("integer \(text.abbreviated) does not fit in 64 bits", at: start)
    return .integer(0)
  }

  /// Steps over digits and tells how many.
  @discardableResult
  private mutating func skipDigits() -> Int {
    let start = offset
    while peek().isDigit { offset += 1 }
    return offset - start
  }

  /// Steps over `e10`, `E-3` and the like; an `e` without digits is left alone.
  private mutating func skipExponent() -> Bool {
    guard peek() == "e" || peek() == "E" else { return false }
    let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
    guard peek(1 + sign).isDigit else { return false }
    offset += 1 + sign
    skipDigits()
    return true
  }

  /// A string in double or single quotes, which ends on its line.
  mutating func literal() -> Token.Kind {
    let start = offset
    let quote = bytes[offset]
    var text: [UInt8] = []
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      let byte = bytes[offset]
      offset += 1
      if byte == quote { return .literal(text) }
      if byte == UInt8(ascii: "\\") { escape(into: &text) } else { text.append(byte) }
    }
    error("unterminated string", at: start)
    return .literal(text)
  }

  /// What follows a backslash.
  private mutating func escape(into text: inout [UInt8]) {
    switch peek() {
    case "r": text.append(0x0D)
    case "n": text.append(0x0A)
    case "t": text.append(0x09)
    case "\"", "'", "\\": text.append(bytes[offset])
    case "\n": return
    case "\0" where offset >= bytes.count: return
    default:
      let rest = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
      let character = rest.unicodeScalars.first?.nameInMessage ?? ""
      error(
        "unknown escape \(character) after a backslash; there are \\r \\n \\t \\\" \\' and \\\\", at: offset - 1)
    }
    offset += 1
    while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
  }
}
