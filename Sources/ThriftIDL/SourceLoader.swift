/// Where the contents of `.thrift` files come from.
package protocol SourceLoader: Sendable {
  /// Reads a file.
  ///
  /// - Returns: the file, or `nil` when there is none at this path.
  /// - Throws: when there is one that cannot be read.
  func load(_ path: String) throws(SourceLoadingError) -> LoadedSource?
}

/// A file that a ``SourceLoader`` found.
package struct LoadedSource: Sendable {
  /// A text that is equal for two paths exactly when they lead to the same file, say its canonical path.
  package let identity: String

  /// The contents.
  package let bytes: [UInt8]

  package init(identity: String, bytes: [UInt8]) {
    self.identity = identity
    self.bytes = bytes
  }
}

/// A file that is there and cannot be read.
package struct SourceLoadingError: Error, Hashable, Sendable {
  /// Why, as a phrase that can follow "cannot be read: ".
  package let reason: String

  package init(reason: String) {
    self.reason = reason
  }
}

/// Files that exist only in memory, for tests and for callers that have the text at hand.
package struct InMemorySources: SourceLoader {
  /// Contents by path.
  private let files: [String: [UInt8]]

  /// - Parameter files: contents by path; `.` and `..` in paths that are asked for are understood.
  package init(_ files: [String: String]) {
    self.files = files.mapValues { Array($0.utf8) }
  }

  /// - Parameter bytes: contents by path, not necessarily UTF-8.
  package init(bytes: [String: [UInt8]]) {
    self.files = bytes
  }

  package func load(_ path: String) -> LoadedSource? {
    let identity = FilePath.normalized(path)
    return files[identity].map { LoadedSource(identity: identity, bytes: $0) }
  }
}
