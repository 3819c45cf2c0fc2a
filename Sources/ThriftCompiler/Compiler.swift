internal import ThriftCodeGen
internal import ThriftIDL

/// The IDL compiler as commands run it: files on disk become files on disk, and errors and warnings go to the standard error.
package enum Compiler {
  /// The version of the compiler and of the code that it writes.
  package static let version = "0.1.0"

  /// Reports what is wrong in files, and writes nothing.
  ///
  /// - Returns: the exit status.
  package static func check(_ input: CompilerInput) -> Int32 {
    compile(input) == nil ? ExitStatus.failure : ExitStatus.success
  }

  /// Writes one Swift file for each `.thrift` file and for each file that it includes, or none when there are errors.
  ///
  /// - Returns: the exit status.
  package static func generate(_ input: CompilerInput, _ output: CompilerOutput) -> Int32 {
    guard let program = compile(input) else { return ExitStatus.failure }
    do {
      let generator = CodeGenerator(
        access: output.access, optionalDefaults: output.optionalDefaults, suffix: output.suffix)
      let files = generator.generate(program)
      try OutputDirectory(path: output.directory).write(files.map { ($0.name, Array($0.contents.utf8)) })
      return ExitStatus.success
    } catch {
      Terminal.writeError("seathrift: error: \(error)\n")
      return ExitStatus.failure
    }
  }

  /// Compiles files and tells the user what there is to tell.
  private static func compile(_ input: CompilerInput) -> Program? {
    let frontEnd = FrontEnd(loader: DiskSources(), includeDirectories: input.includeDirectories)
    let result = frontEnd.compile(input.files)
    for diagnostic in result.diagnostics { Terminal.writeError("\(diagnostic)\n") }
    return result.program
  }
}

/// What a command exits with.
package enum ExitStatus {
  package static let success: Int32 = 0
  /// The input is faulty, or the output could not be written.
  package static let failure: Int32 = 1
  /// The command was not called as it should be (`EX_USAGE` of BSD's `sysexits.h`).
  package static let usage: Int32 = 64
}
