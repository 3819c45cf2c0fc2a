internal import ThriftCodeGen
internal import ThriftIDL

/// The `seathrift` command.
enum Tool {
  /// The version of the command and of the code that it writes.
  static let version = "0.1.0"

  /// Does what the arguments ask for.
  ///
  /// - Parameter arguments: the arguments after the command's own name.
  /// - Returns: the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    do throws(UsageError) {
      switch try Command.parse(arguments) {
      case .help:
        Terminal.write(Command.usage)
      case .version:
        Terminal.write("seathrift \(version)\n")
      case .check(let input):
        return compile(input) == nil ? ExitStatus.failure : ExitStatus.success
      case .generate(let input, let output):
        return generate(input, output)
      }
      return ExitStatus.success
    } catch {
      Terminal.writeError("seathrift: \(error.message)\n\n\(Command.usage)")
      return ExitStatus.usage
    }
  }

  /// Compiles files and tells the user what there is to tell.
  private static func compile(_ input: Command.Input) -> Program? {
    let frontEnd = FrontEnd(loader: DiskSources(), includeDirectories: input.includeDirectories)
    let result = frontEnd.compile(input.files)
    for diagnostic in result.diagnostics { Terminal.writeError("\(diagnostic)\n") }
    return result.program
  }

  private static func generate(_ input: Command.Input, _ output: Command.Output) -> Int32 {
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
}

/// What the command exits with.
enum ExitStatus {
  static let success: Int32 = 0
  /// The input is faulty, or the output could not be written.
  static let failure: Int32 = 1
  /// The command was not called as it should be (`EX_USAGE` of BSD's `sysexits.h`).
  static let usage: Int32 = 64
}
