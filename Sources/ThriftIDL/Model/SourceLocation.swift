/// Identifies one `.thrift` file of a compilation: the index of its ``Document`` in ``Program/documents``.
package struct DocumentID: Hashable, Sendable, Comparable {
  /// The position of the document in ``Program/documents``.
  package let index: Int

  package init(_ index: Int) {
    self.index = index
  }

  package static func < (left: DocumentID, right: DocumentID) -> Bool {
    left.index < right.index
  }
}

/// A place in a `.thrift` file. Line and column are computed on demand, see ``SourceText/position(at:)``.
package struct SourceLocation: Hashable, Sendable {
  /// The file.
  package let document: DocumentID

  /// The offset from the start of the file, in bytes.
  package let offset: Int

  package init(document: DocumentID, offset: Int) {
    self.document = document
    self.offset = offset
  }
}

/// A line and a column, both counted from 1. Columns count characters, a tab is one character.
package struct SourcePosition: Hashable, Sendable {
  /// The line, counted from 1.
  package let line: Int

  /// The column in characters, counted from 1.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
