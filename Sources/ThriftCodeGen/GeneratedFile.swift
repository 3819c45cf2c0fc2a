/// A file that the generator made.
package struct GeneratedFile: Hashable, Sendable {
  /// The file's name, without a folder.
  package let name: String

  /// Its text.
  package let contents: String

  package init(name: String, contents: String) {
    self.name = name
    self.contents = contents
  }
}
