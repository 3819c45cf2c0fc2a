/// A date of HTTP, in any of the three forms that RFC 9110 (section 5.6.7) demands to be read:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
struct HTTPDate: Hashable, Sendable {
  /// Seconds since 1970.
  let seconds: Int

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "-" || $0 == "," }
    if words.count == 6, words[5] == "GMT" {
      self.init(year: words[3], month: words[2], day: words[1], time: words[4])
    } else if words.count == 5 {
      self.init(year: words[4], month: words[1], day: words[2], time: words[3])
    } else {
      return nil
    }
  }

  private init?(year: Substring, month: Substring, day: Substring, time: Substring) {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    // A minute has 61 seconds when a leap second is in it.
    guard parts.count == 3, let hour = Self.number(parts[0], 0...23), let minute = Self.number(parts[1], 0...59),
      let second = Self.number(parts[2], 0...60), var year = Self.number(year, 0...9999),
      let month = Self.months.firstIndex(of: String(month)), let day = Self.number(day, 1...31)
    else { return nil }
    // Years of two digits are of the time in which they were written so.
    if year < 100 { year += year < 70 ? 2000 : 1900 }
    seconds = ((Self.days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
  }

  private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let number = Int(text), range.contains(number)
    else { return nil }
    return number
  }

  /// Days since 1970. Years begin in March here, so that the day that comes and goes is the last one.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let isBeforeMarch = month < 2
    let year = isBeforeMarch ? year - 1 : year
    let dayOfYear = (153 * (isBeforeMarch ? month + 10 : month - 2) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
