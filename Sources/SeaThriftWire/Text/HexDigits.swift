extension UInt8 {
  /// The value of this character as a hexadecimal digit, `nil` when it is none.
  var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The lower-case hexadecimal digit of the upper four bits.
  var highHexDigit: UInt8 { (self >> 4).hexDigit }
  /// The lower-case hexadecimal digit of the lower four bits.
  var lowHexDigit: UInt8 { (self & 15).hexDigit }

  private var hexDigit: UInt8 { self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "a") - 10 + self }
}
