/// Something to tell the user about a `.thrift` file.
package struct Diagnostic: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Hashable, Sendable {
    /// The file cannot be compiled.
    case error
    /// The file can be compiled, but perhaps means something else than its author thinks.
    case warning
  }

  /// How bad it is.
  package let severity: Severity

  /// The file as it was opened.
  package let path: String

  /// Where in the file; `nil` when it is about the file as a whole.
  package let position: SourcePosition?

  /// What there is to say: one line, no full stop.
  package let message: String

  /// The line at fault and, below it, a caret under the place; empty without a position.
  package let excerpt: String

  /// A diagnostic about a file as a whole.
  package init(_ severity: Severity, path: String, _ message: String) {
    self.severity = severity
    self.path = path
    self.position = nil
    self.message = message
    self.excerpt = ""
  }

  /// A diagnostic about a place in a file.
  package init(_ severity: Severity, _ source: SourceText, at offset: Int, _ message: String) {
    self.severity = severity
    self.path = source.path
    self.position = source.position(at: offset)
    self.message = message
    self.excerpt = Diagnostic.excerpt(of: source, at: offset)
  }
}
