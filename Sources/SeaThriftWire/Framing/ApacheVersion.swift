/// A version of Apache's libraries, as they name it in headers of HTTP.
package struct ApacheVersion: Comparable, Sendable {
  private let major: Int
  private let minor: Int

  /// Since when those for C++ answer oneway calls over HTTP, and wait for the answer (THRIFT-6021).
  package static let answersOneway = Self(major: 0, minor: 24)

  private init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version in `Thrift/0.17.0` or `Thrift/0.24.0 (C++/THttpClient)`; nil when there is none at the beginning.
  package init?(_ header: String) {
    guard header.hasPrefix("Thrift/") else { return nil }
    let parts = header.dropFirst(7).prefix { $0 != " " }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else { return nil }
    self.init(major: major, minor: minor)
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return Int(text)
  }

  /// Whether `first` is older.
  package static func < (first: Self, second: Self) -> Bool {
    (first.major, first.minor) < (second.major, second.minor)
  }
}
