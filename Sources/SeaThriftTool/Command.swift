internal import ThriftCompiler

/// What the user asks for.
enum Command {
  case help
  case version
  case check(CompilerInput)
  case generate(CompilerInput, CompilerOutput)

  static let usage = """
    Usage: seathrift generate [-I DIR]... [--out DIR] [--suffix TEXT] [--access LEVEL] [--optional-defaults] FILE...
           seathrift check [-I DIR]... FILE...
           seathrift --help | --version

    generate   Writes one Swift file for each .thrift file and for each file that it includes.
    check      Reports errors and writes nothing.

      -I DIR               Look for included files in DIR too, after the folder of the including file.
      --out DIR            Write into DIR (default: the current folder).
      --suffix TEXT        End the names of the files with TEXT (default: .swift).
      --access LEVEL       Declare everything as public (default), package or internal.
      --optional-defaults  Fields that are neither required nor optional become optionals: what is left out stays out.

    Exit status: 0 done, 1 an error in a file, 64 wrong usage.

    """

  /// Understands the arguments after the command's own name.
  static func parse(_ arguments: [String]) throws(UsageError) -> Command {
    guard let name = arguments.first else { throw UsageError(message: "what is to be done?") }
    var reader = ArgumentReader(arguments.dropFirst())
    switch name {
    case "--help", "-h", "help":
      return .help
    case "--version":
      return .version
    case "check":
      return try reader.read(allowingOutput: false).map { .check($0.input) } ?? .help
    case "generate":
      return try reader.read(allowingOutput: true).map { .generate($0.input, $0.output) } ?? .help
    default:
      throw UsageError(message: "unknown command '\(name)'")
    }
  }
}
