package import ThriftIDL

/// Makes Swift of a program: one file for each `.thrift` file.
///
/// The same program always gives the same text. The text compiles without warnings in the Swift 6 language mode,
/// whatever upcoming features and default isolation a module has chosen.
package struct CodeGenerator: Sendable {
  private let access: AccessLevel

  /// - Parameter access: who can see the generated declarations.
  package init(access: AccessLevel = .public) {
    self.access = access
  }

  /// Makes the files of all of a program's documents, in the program's order.
  ///
  /// - Throws: ``GenerationError`` when two documents would become files of the same name.
  package func generate(_ program: Program) throws(GenerationError) -> [GeneratedFile] {
    var paths: [String: String] = [:]
    for document in program.documents {
      if let other = paths.updateValue(document.path, forKey: document.name) {
        throw .sameFileName(other, document.path)
      }
    }
    let module = Module(program, access: access)
    // Bodies first: they find out which names need an alias, and the alias stands where its name is declared.
    let bodies = program.documents.map { FileGenerator(module, $0).body() }
    return zip(program.documents, bodies).map { document, body in
      GeneratedFile(
        name: document.name + ".swift", contents: FileGenerator(module, document).file(around: body))
    }
  }
}
