extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: message`, then the excerpt.
  package var description: String {
    var text = path
    if let position { text += ":\(position.line):\(position.column)" }
    text += ": \(severity.rawValue): \(message)"
    return excerpt.isEmpty ? text : text + "\n" + excerpt
  }

  /// Characters of a line that are shown before and after the place; longer lines (generated files) are cut.
  private static let excerptReach = 100

  /// The line at an offset and a line with a caret below it. Tabs stay tabs so that the caret stands in its place
  /// whatever the terminal's tab width.
  static func excerpt(of source: SourceText, at offset: Int) -> String {
    let (before, rest) = source.line(at: offset)
    var lead = before.printable
    var tail = rest.printable
    if lead.count > excerptReach { lead = "…" + lead.suffix(excerptReach) }
    if tail.count > excerptReach { tail = tail.prefix(excerptReach) + "…" }
    return lead + tail + "\n" + String(lead.map { $0 == "\t" ? "\t" : " " }) + "^"
  }
}

extension String {
  /// The text with U+FFFD in place of control characters, which would do things to a terminal. Tabs stay.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0 != "\t" && ($0.value < 0x20 || $0.value == 0x7F) ? "\u{FFFD}" : $0 }))
  }
}
