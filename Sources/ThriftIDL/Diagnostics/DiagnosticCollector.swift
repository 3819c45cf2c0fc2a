/// Gathers what is found in the files of one run.
///
/// A class because lexer, parser and resolver of one run all report to it; it never leaves the run.
final class DiagnosticCollector {
  /// Errors of one file, and warnings of one file, that are shown. Garbage would yield millions.
  static let limitPerDocument = 100

  private struct Entry {
    let document: DocumentID
    let offset: Int
    let diagnostic: Diagnostic
  }

  private var entries: [Entry] = []
  private var errorCounts: [DocumentID: Int] = [:]
  private var warningCounts: [DocumentID: Int] = [:]
  private var unplaced: [Diagnostic] = []

  /// Whether anything is an error.
  private(set) var hasErrors = false

  /// The files, by ``DocumentID``.
  private(set) var sources: [SourceText] = []

  /// Makes a file known, so that places in it can be shown.
  func add(_ source: SourceText) {
    sources.append(source)
  }

  /// Whether a file has so many errors that there is no use in going on with it.
  func isFull(_ document: DocumentID) -> Bool {
    errorCounts[document, default: 0] >= DiagnosticCollector.limitPerDocument
  }

  /// Whether a file has errors.
  func hasErrors(in document: DocumentID) -> Bool {
    errorCounts[document, default: 0] > 0
  }

  func error(_ message: String, at location: SourceLocation) {
    hasErrors = true
    report(.error, message, at: location, counts: &errorCounts)
  }

  func warning(_ message: String, at location: SourceLocation) {
    report(.warning, message, at: location, counts: &warningCounts)
  }

  /// An error about a file as a whole.
  func error(_ message: String, path: String) {
    hasErrors = true
    unplaced.append(Diagnostic(.error, path: path, message))
  }

  /// Everything, in an order that depends on the input only: by file, and within a file by place.
  var sorted: [Diagnostic] {
    let ordered = entries.enumerated().sorted { left, right in
      (left.element.document.index, left.element.offset, left.offset)
        < (right.element.document.index, right.element.offset, right.offset)
    }
    return unplaced + ordered.map(\.element.diagnostic)
  }

  private func report(
    _ severity: Diagnostic.Severity, _ message: String, at location: SourceLocation, counts: inout [DocumentID: Int]
  ) {
    let count = counts[location.document, default: 0]
    guard count < DiagnosticCollector.limitPerDocument else { return }
    counts[location.document] = count + 1
    let source = sources[location.document.index]
    let isLast = count + 1 == DiagnosticCollector.limitPerDocument
    let note = isLast ? " (further \(severity.rawValue)s in this file are not shown)" : ""
    entries.append(
      Entry(
        document: location.document, offset: location.offset,
        diagnostic: Diagnostic(severity, source, at: location.offset, message + note)))
  }
}
