/// Values as Swift literals.
enum SwiftLiteral {
  /// A string, in quotes. What cannot be seen, or changes how its neighbours are shown, is escaped.
  static func string(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case " "..."~": text.unicodeScalars.append(scalar)
      default:
        if isVisible(scalar) {
          text.unicodeScalars.append(scalar)
        } else {
          text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
    return text + "\""
  }

  /// A double that reads back as the very same value.
  static func double(_ value: Double) -> String {
    if value.isNaN { return "Swift::Double.nan" }
    if value.isInfinite { return value < 0 ? "-Swift::Double.infinity" : "Swift::Double.infinity" }
    // The compiler refuses literals of numbers so small that they have fewer digits.
    if value.isSubnormal { return "Swift::Double(bitPattern: \(hexadecimal(value.bitPattern)))" }
    return value.description
  }

  /// An array of bytes; as text where that says more.
  static func bytes(_ value: [UInt8]) -> String {
    if value.isEmpty { return "[]" }
    if value.allSatisfy({ (0x20...0x7E).contains($0) }) {
      return "[Swift::UInt8](\(string(String(decoding: value, as: UTF8.self))).utf8)"
    }
    let lines = stride(from: 0, to: value.count, by: 16).map { start in
      value[start..<min(start + 16, value.count)].map(hexadecimal).joined(separator: ", ")
    }
    return lines.count == 1 ? "[\(lines[0])]" : "[\n  \(lines.joined(separator: ",\n  ")),\n]"
  }

  /// A number as `0x…`, with all digits.
  static func hexadecimal<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: Number.bitWidth / 4 - digits.count) + digits
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    case .decimalNumber, .letterNumber, .otherNumber: true
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation: true
    case .initialPunctuation, .finalPunctuation, .otherPunctuation: true
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: true
    default: false
    }
  }
}
