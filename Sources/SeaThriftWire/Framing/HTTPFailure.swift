/// A response of HTTP whose status is no success: what of it is told to the caller, and what it says about trying again.
package struct HTTPFailure: Hashable, Sendable {
  /// The status, 100 to 999.
  package let status: Int
  /// What the endpoint calls the status; may be empty.
  package let reason: String
  /// The first line of the body as printable text of at most 200 characters; empty when there is none.
  package let text: String
  /// Where a redirection points to.
  package let location: String?
  /// In how many seconds the endpoint wants to be asked again; nil when it does not say.
  package let retryAfter: Double?

  /// The most bytes of a body that are waited for: what is longer ends the connection instead.
  static let mostBodyBytes = 64 * 1024

  private static let mostCharacters = 200

  init(status: Int, reason: String, headers: [String: String], body: UnsafeRawBufferPointer) {
    self.status = status
    self.reason = Self.printable(reason.utf8)
    // What is compressed says nothing as it is.
    let isPlain = headers["content-encoding"].map { $0.lowercased() == "identity" } ?? true
    text = isPlain ? Self.firstLine(of: body) : ""
    location = headers["location"].map { Self.printable($0.utf8) }
    retryAfter = headers["retry-after"].flatMap { Self.seconds($0, at: headers["date"]) }
  }

  /// The first line that is not empty.
  private static func firstLine(of body: UnsafeRawBufferPointer) -> String {
    let lines = body.prefix(mostBodyBytes).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    for line in lines {
      let text = printable(line)
      if !text.isEmpty { return text }
    }
    return ""
  }

  private static func printable(_ bytes: some Collection<UInt8>) -> String {
    // Characters have up to four bytes; one that is cut is left out as what is no text is.
    let scalars = String(decoding: bytes.prefix(4 * mostCharacters), as: UTF8.self).unicodeScalars.filter {
      $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value) && $0 != "\u{FFFD}" && $0.properties.generalCategory != .format
    }
    var text = String(String.UnicodeScalarView(scalars)).drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text.prefix(mostCharacters))
  }

  /// The value of `Retry-After`: seconds, or a date, which is taken from when the response says that it was made.
  private static func seconds(_ value: String, at date: String?) -> Double? {
    if !value.isEmpty, value.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) { return Double(value) }
    guard let then = HTTPDate(value), let now = date.flatMap({ HTTPDate($0) }) else { return nil }
    return Double(max(0, then.seconds - now.seconds))
  }
}
