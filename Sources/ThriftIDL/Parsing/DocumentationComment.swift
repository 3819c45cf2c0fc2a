/// Cleans up the text of `/** … */`.
enum DocumentationComment {
  /// The text without the stars at line starts, without common indentation, without blanks at line ends and without
  /// empty lines at start and end; `nil` when nothing is left.
  ///
  /// - Parameter contents: what stands between `/**` and `*/`.
  static func text(of contents: String) -> String? {
    var lines = contents.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { $0.droppingTrailingBlanks }
    let first = lines.removeFirst().drop(while: \.isBlank)
    removeStars(from: &lines)
    removeIndentation(from: &lines)
    lines.insert(first, at: 0)
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// Stars are decoration only when every line has one.
  private static func removeStars(from lines: inout [Substring]) {
    let stripped = lines.map { line in line.isEmpty ? line : line.drop(while: \.isBlank) }
    guard stripped.allSatisfy({ $0.isEmpty || $0.hasPrefix("*") }) else { return }
    lines = stripped.map { $0.dropFirst().droppingTrailingBlanks }
  }

  private static func removeIndentation(from lines: inout [Substring]) {
    let indentation = lines.filter { !$0.isEmpty }.map { $0.prefix(while: \.isBlank).count }.min() ?? 0
    lines = lines.map { $0.dropFirst(indentation) }
  }
}

extension Character {
  fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" }
}

extension Substring {
  fileprivate var droppingTrailingBlanks: Substring {
    var text = self
    while text.last?.isBlank == true { text.removeLast() }
    return text
  }
}
