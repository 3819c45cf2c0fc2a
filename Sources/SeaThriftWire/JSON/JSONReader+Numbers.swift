extension JSONReader {
  /// Longer numbers are refused; the longest that a `double` can mean exactly has fewer digits.
  private static let maxNumberBytes = 1100

  /// Reads an integer as a value; as a key it is quoted.
  mutating func readInteger(in range: ClosedRange<Int64>) throws(CodecError) -> Int64 {
    guard try beginValue() else { return try takeInteger(in: range) }
    return try takeQuotedInteger(in: range)
  }

  mutating func takeQuotedInteger(in range: ClosedRange<Int64>) throws(CodecError) -> Int64 {
    try expect("\"")
    let value = try takeInteger(in: range)
    try expect("\"")
    return value
  }

  mutating func takeInteger(in range: ClosedRange<Int64>) throws(CodecError) -> Int64 {
    let isNegative = try peek() == UInt8(ascii: "-")
    if isNegative { input.cursor += 1 }
    var value: Int64 = 0
    var digits = 0
    while input.bytesRemaining > 0 {
      let digit = input.cursor.load(as: UInt8.self) &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooLarge) = tens.addingReportingOverflow(isNegative ? -Int64(digit) : Int64(digit))
      guard !tooLarge, !stillTooLarge else { throw outOfRange() }
      value = sum
      digits += 1
      input.cursor += 1
    }
    guard digits > 0 else {
      try input.need(1)
      throw unexpected("a digit")
    }
    guard range.contains(value) else { throw outOfRange() }
    return value
  }

  private func outOfRange() -> CodecError {
    CodecError(.invalidData, "the number before byte \(position) of JSON is out of range")
  }

  /// Reads a `double`; infinities and NaN are quoted, and so is a key.
  public mutating func readDouble() throws(CodecError) -> Double {
    let isKey = try beginValue()
    guard try peek() == UInt8(ascii: "\"") else {
      if isKey { throw unexpected("'\"'") }
      return try takeDouble()
    }
    input.cursor += 1
    try input.need(1)
    let first = input.cursor.load(as: UInt8.self)
    if isKey, first != UInt8(ascii: "N"), first != UInt8(ascii: "I"), try !startsInfinity() {
      let value = try takeDouble()
      try expect("\"")
      return value
    }
    input.cursor -= 1
    switch try takeText() {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: throw unexpected("a number instead of the text before it")
    }
  }

  /// Whether `-I` comes next.
  private mutating func startsInfinity() throws(CodecError) -> Bool {
    guard input.cursor.load(as: UInt8.self) == UInt8(ascii: "-") else { return false }
    try input.need(2)
    return input.cursor.load(fromByteOffset: 1, as: UInt8.self) == UInt8(ascii: "I")
  }

  private mutating func takeDouble() throws(CodecError) -> Double {
    _ = try peek()
    let token = input.rest.prefix(Self.maxNumberBytes).prefix { $0.isPartOfJSONNumber }
    guard token.isJSONNumber else {
      if let value = try takeWord() { return value }
      if token.count == input.bytesRemaining { throw input.missing(1) }
      throw unexpected("a number")
    }
    guard let value = Double(String(decoding: token, as: UTF8.self)), value.isFinite else { throw outOfRange() }
    input.cursor += token.count
    return value
  }

  /// Takes a number that is no JSON, as Apache's library for Python writes it; `nil` when there is none.
  private mutating func takeWord() throws(CodecError) -> Double? {
    for (word, value) in [("inf", Double.infinity), ("-inf", -.infinity), ("nan", .nan)] {
      let count = word.utf8.count
      if input.rest.starts(with: word.utf8) {
        input.cursor += count
        return value
      }
      if input.bytesRemaining < count, word.utf8.starts(with: input.rest) {
        throw input.missing(count - input.bytesRemaining)
      }
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isPartOfJSONNumber: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}

extension Slice<UnsafeRawBufferPointer> {
  /// Whether these bytes are a number of JSON: a sign, digits, a fraction and an exponent. Leading zeros are let pass.
  fileprivate var isJSONNumber: Bool {
    var rest = self
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard rest.dropDigits() else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard rest.dropDigits() else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard rest.dropDigits() else { return false }
    }
    return rest.isEmpty
  }

  private mutating func dropDigits() -> Bool {
    let count = count
    self = drop { $0.isDigit }
    return self.count < count
  }
}
