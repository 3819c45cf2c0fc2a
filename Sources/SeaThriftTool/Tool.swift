internal import ThriftCompiler

/// The `seathrift` command.
enum Tool {
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
        Terminal.write("seathrift \(Compiler.version)\n")
      case .check(let input):
        return Compiler.check(input)
      case .generate(let input, let output):
        return Compiler.generate(input, output)
      }
      return ExitStatus.success
    } catch {
      Terminal.writeError("seathrift: \(error.message)\n\n\(Command.usage)")
      return ExitStatus.usage
    }
  }
}
