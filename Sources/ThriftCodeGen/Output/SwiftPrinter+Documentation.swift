extension SwiftPrinter {
  /// Appends a documentation comment, if there is one.
  mutating func documentation(_ text: String?) {
    comment(text, marker: "///")
  }

  /// Appends a comment of whole lines. Whatever the text is, it cannot end the comment.
  mutating func comment(_ text: String?, marker: String) {
    guard let text else { return }
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // A carriage return would end the line for the Swift compiler, and it warns of a NUL.
      var comment = String.UnicodeScalarView()
      for scalar in part.unicodeScalars { comment.append(scalar.properties.isLineNoise ? " " : scalar) }
      while comment.last == " " { comment.removeLast() }
      line(comment.isEmpty ? marker : "\(marker) \(String(comment))")
    }
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isLineNoise: Bool {
    switch generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
