/// Durations as people write them: `250ms`, `1.5s`, `10m`.
///
/// The form of every duration in a policy document and in annotations.
package enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
    ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  /// The duration in the largest unit that divides it, rounded towards zero to whole nanoseconds.
  package static func format(_ duration: Duration) -> String {
    let total = duration.wholeNanoseconds
    if total == 0 { return "0s" }
    for unit in units where total % unit.nanoseconds == 0 {
      return "\(total / unit.nanoseconds)\(unit.name)"
    }
    return "\(total)ns"
  }

  /// Reads an optional sign, a decimal number and one of the units `d h m s ms us ns`; nil when the text is anything
  /// else, or out of the range of 64-bit nanoseconds. Digits below a nanosecond are dropped.
  package static func parse(_ text: some StringProtocol) -> Duration? {
    var rest = Substring(text)[...]
    let isNegative = rest.hasPrefix("-")
    if isNegative { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction: Substring = ""
    if rest.hasPrefix(".") {
      fraction = rest.dropFirst().prefix(while: isDigit)
      if fraction.isEmpty { return nil }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard let unit = units.first(where: { $0.name == rest }), let count = Int64(whole) else { return nil }
    var (total, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    if overflow { return nil }
    var scale = unit.nanoseconds
    for digit in fraction {
      // A unit is not always a power of ten: keep the exact part, drop what is below a nanosecond.
      guard let value = digit.wholeNumberValue, scale > 0 else { break }
      (total, overflow) = total.addingReportingOverflow(scale * Int64(value) / 10)
      if overflow { return nil }
      scale /= 10
    }
    return .nanoseconds(isNegative ? -total : total)
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
