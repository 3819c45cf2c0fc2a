/// Finds the name that somebody who wrote another one is likely to have meant.
package struct NameSuggester {
  /// A name that could have been meant.
  package struct Candidate {
    /// What would be written.
    package let text: String
    /// What the name that was written is compared with: the text, or what remains of it without a prefix.
    package let key: String

    package init(_ text: String, key: String? = nil) {
      self.text = text
      self.key = key ?? text
    }
  }

  /// Longer names get no suggestion.
  private static let maxLength = 100

  /// How many more pairs of letters may be compared in this run: a file may have any number of names and errors.
  private var budget = 3_000_000

  package init() {}

  /// The closest of the candidates, when it is close: a third of the letters may differ, at most three, and upper and
  /// lower case do not count. Of several the first in alphabetical order.
  ///
  /// `nil` also when too much was asked for in this run already.
  package mutating func suggestion(for name: String, among candidates: () -> [Candidate]) -> String? {
    let letters = Self.comparable(name)
    guard budget > 0, letters.count <= Self.maxLength else { return nil }
    let limit = letters.count < 3 ? 0 : min(3, max(1, letters.count / 3))
    let candidates = candidates().filter { abs($0.key.utf8.count - letters.count) <= limit }
    // All or nothing, so that the answer does not depend on the order of the candidates.
    budget -= candidates.reduce(0) { $0 + letters.count * max($1.key.utf8.count, 1) }
    guard budget > 0 else { return nil }
    let close = candidates.compactMap { candidate in
      EditDistance.between(letters, Self.comparable(candidate.key), limit: limit)
        .map { (distance: $0, otherCase: candidate.key == name ? 0 : 1, text: candidate.text) }
    }
    return close.min { ($0.distance, $0.otherCase, $0.text) < ($1.distance, $1.otherCase, $1.text) }?.text
  }

  private static func comparable(_ name: String) -> [UInt8] {
    name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
  }
}
