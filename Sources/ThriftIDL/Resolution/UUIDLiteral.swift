/// The text form of a uuid: `01234567-89ab-cdef-0123-456789abcdef`, perhaps in braces.
enum UUIDLiteral {
  /// The sixteen bytes, or `nil` if the text is no uuid.
  static func bytes(of text: [UInt8]) -> [UInt8]? {
    var text = text[...]
    if text.count == 38, text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") {
      text = text.dropFirst().dropLast()
    }
    guard text.count == 36 else { return nil }
    var digits: [UInt8] = []
    for (position, byte) in text.enumerated() {
      if [8, 13, 18, 23].contains(position) {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = Unicode.Scalar(byte).hexDigitValue else { return nil }
        digits.append(digit)
      }
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
