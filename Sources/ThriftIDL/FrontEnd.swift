/// Reads, parses, resolves and checks `.thrift` files: the front end of the compiler.
///
/// It never traps and always ends, whatever the files hold.
package struct FrontEnd: Sendable {
  /// Where files come from.
  let loader: any SourceLoader

  /// Where includes are looked for after the folder of the including file, in this order.
  let includeDirectories: [String]

  /// - Parameters:
  ///   - loader: where files come from.
  ///   - includeDirectories: where includes are looked for after the folder of the including file, in this order.
  package init(loader: any SourceLoader, includeDirectories: [String] = []) {
    self.loader = loader
    self.includeDirectories = includeDirectories
  }

  /// Compiles files and all that they include.
  ///
  /// - Parameter paths: the files, each path as the loader understands it. A file that is named twice counts once.
  /// - Returns: the program, unless there was an error, and everything there is to say to the user.
  package func compile(_ paths: [String]) -> Compilation {
    let diagnostics = DiagnosticCollector()
    var loading = DocumentLoader(loader: loader, includeDirectories: includeDirectories, diagnostics: diagnostics)
    loading.load(paths)
    let program = Resolver(loading.documents, diagnostics: diagnostics).resolve()
    return Compilation(program: program, diagnostics: diagnostics.sorted)
  }
}

/// What a run of the ``FrontEnd`` yields.
package struct Compilation: Sendable {
  /// The program; `nil` when a diagnostic is an error.
  package let program: Program?

  /// Errors and warnings, file by file, each file's in source order.
  package let diagnostics: [Diagnostic]

  /// Whether a diagnostic is an error.
  package var hasErrors: Bool { program == nil }
}
