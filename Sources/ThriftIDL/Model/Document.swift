/// One `.thrift` file, resolved.
package struct Document: Sendable {
  /// Its place in ``Program/documents``.
  package let id: DocumentID

  /// Its contents and path.
  package let source: SourceText

  /// The base name without `.thrift`, which is also the prefix under which others refer to it: `a.b` for `x/a.b.thrift`.
  package let name: String

  /// ``name``, with a number behind it when another file of the program has the same: a name for what is made of the
  /// file. Names that differ in case only count as the same, as they do for some file systems.
  package let uniqueName: String

  /// The documentation comment of the file itself: one that stands before a header line, or before another one.
  package let documentation: String?

  /// The namespace lines, in order.
  package let namespaces: [Namespace]

  /// The included files, in order; a file that is included twice is listed twice.
  package let includes: [Include]

  /// The arguments of `cpp_include` lines.
  package let cppIncludes: [String]

  /// The definitions of this file, in source order.
  package let definitions: [DefinitionID]

  /// Whether the file was named by the user, as opposed to being included by such a file.
  package let isRoot: Bool

  /// The path of the file, as it was opened.
  package var path: String { source.path }

  /// The last `namespace LANGUAGE …` line; `*` is a language of its own and not looked at for others.
  package func namespace(for language: String) -> Namespace? {
    namespaces.last { $0.language == language }
  }
}

/// A line `namespace LANGUAGE name (annotations)`.
package struct Namespace: Sendable {
  /// `swift`, `*`, `py.twisted`, …
  package let language: String

  /// The dotted name as written.
  package let name: String

  /// The annotations after the name.
  package let annotations: [Annotation]

  /// Where the line begins.
  package let location: SourceLocation

  /// The name, split at its dots.
  package var components: [String] { name.split(separator: ".").map(String.init) }
}

/// A line `include "path"`.
package struct Include: Sendable {
  /// The path as written.
  package let path: String

  /// The file that was found.
  package let document: DocumentID

  /// Where the line begins.
  package let location: SourceLocation
}
