package import ThriftIDL

/// Makes Swift of a program: one file for each `.thrift` file.
///
/// The same program always gives the same text. The text compiles without warnings in the Swift 6 language mode,
/// whatever upcoming features and default isolation a module has chosen.
package struct CodeGenerator: Sendable {
  private let access: AccessLevel
  private let optionalDefaults: Bool
  private let suffix: String

  /// - Parameters:
  ///   - access: who can see the generated declarations.
  ///   - optionalDefaults: whether a field that is neither required nor optional becomes an optional one, so that what a
  ///     peer leaves out stays out. Arguments of functions stay what they are.
  ///   - suffix: what the names of the files end with.
  package init(access: AccessLevel = .public, optionalDefaults: Bool = false, suffix: String = ".swift") {
    self.access = access
    self.optionalDefaults = optionalDefaults
    self.suffix = suffix
  }

  /// Makes the files of all of a program's documents, in the program's order.
  package func generate(_ program: Program) -> [GeneratedFile] {
    let module = Module(program, access: access, optionalDefaults: optionalDefaults)
    // Bodies first: they find out which names need an alias, and the alias stands where its name is declared.
    let bodies = program.documents.map { FileGenerator(module, $0).body() }
    return zip(program.documents, bodies).map { document, body in
      GeneratedFile(
        name: document.uniqueName + suffix, contents: FileGenerator(module, document).file(around: body))
    }
  }
}
