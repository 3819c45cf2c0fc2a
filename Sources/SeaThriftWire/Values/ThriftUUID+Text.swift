extension ThriftUUID: LosslessStringConvertible {
  /// Reads `00112233-4455-6677-8899-aabbccddeeff`, in letters of either case, with or without braces around it.
  ///
  /// `nil` for everything else, also for white space and missing hyphens.
  public init?(_ description: String) {
    var text = Substring(description).utf8
    if text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") { text = text.dropFirst().dropLast() }
    self.init(canonicalText: text)
  }

  /// Reads the 36 characters of the canonical form, without braces.
  init?(canonicalText text: some Collection<UInt8>) {
    var digits = 0
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in text.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = byte.hexDigitValue else { return nil }
      digits += 1
      guard digits <= 32 else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    guard digits == 32 else { return nil }
    self.init(high: high, low: low)
  }

  /// The canonical form in lower-case letters: `00112233-4455-6677-8899-aabbccddeeff`.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { text in
      var next = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          text[next] = UInt8(ascii: "-")
          next += 1
        }
        let byte = UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64((7 - index % 8) * 8))
        text[next] = byte.highHexDigit
        text[next + 1] = byte.lowHexDigit
        next += 2
      }
      return next
    }
  }
}
