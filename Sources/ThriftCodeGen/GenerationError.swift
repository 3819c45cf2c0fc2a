/// A program that is correct and for which no Swift can be generated.
package enum GenerationError: Error, Hashable, Sendable {
  /// Two files of one base name, whose Swift would be one file.
  case sameFileName(String, String)
}

extension GenerationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sameFileName(let first, let second):
      "\(first) and \(second) have the same name, and so would have the Swift files made of them"
    }
  }
}
