/// A file of the run: read, parsed, its includes found.
struct LoadedDocument {
  let id: DocumentID
  let source: SourceText
  /// What tells it from other files, see ``LoadedSource/identity``.
  let identity: String
  let parsed: ParsedDocument
  let isRoot: Bool

  /// The includes that were found and lead to no circle.
  var includes: [Include] = []

  /// Whether syntax errors or missing includes hide parts of it, so that nothing can be concluded from what it seems
  /// to lack.
  var isIncomplete = false

  /// The base name without `.thrift`.
  var name: String { FilePath.stem(of: source.path) }
}
