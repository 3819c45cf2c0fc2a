internal import ThriftCodeGen

/// What the user asks for.
enum Command {
  /// What to read.
  struct Input {
    /// Where includes are looked for after the folder of the including file.
    var includeDirectories: [String] = []
    /// The `.thrift` files, at least one.
    var files: [String] = []
  }

  /// What to write.
  struct Output {
    /// The folder of the Swift files; created if it is not there.
    var directory = "."
    /// The access level of what is generated.
    var access = AccessLevel.public
    /// Whether fields of default requiredness become optional ones.
    var optionalDefaults = false
    /// What the names of the files end with.
    var suffix = ".swift"
  }

  case help
  case version
  case check(Input)
  case generate(Input, Output)

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

/// Arguments that make no sense.
struct UsageError: Error {
  let message: String
}

/// Reads the arguments of one command.
struct ArgumentReader {
  private var rest: ArraySlice<String>

  init(_ arguments: ArraySlice<String>) {
    rest = arguments
  }

  /// Reads everything; `nil` if the user asks for help.
  mutating func read(
    allowingOutput: Bool
  ) throws(UsageError) -> (input: Command.Input, output: Command.Output)? {
    var input = Command.Input()
    var output = Command.Output()
    while let argument = rest.popFirst() {
      if argument == "--" {
        input.files += rest
        rest = []
      } else if argument == "--help" || argument == "-h" {
        return nil
      } else if let directory = try value(of: "-I", in: argument) {
        input.includeDirectories.append(directory)
      } else if allowingOutput, let directory = try value(of: "--out", in: argument) {
        output.directory = directory
      } else if allowingOutput, let suffix = try value(of: "--suffix", in: argument) {
        guard suffix.hasSuffix(".swift"), !suffix.contains("/") else {
          throw UsageError(message: "'\(suffix)' is no end of the name of a Swift file")
        }
        output.suffix = suffix
      } else if allowingOutput, let name = try value(of: "--access", in: argument) {
        guard let access = AccessLevel(rawValue: name) else {
          throw UsageError(message: "'\(name)' is no access level; there are public, package and internal")
        }
        output.access = access
      } else if allowingOutput, argument == "--optional-defaults" {
        output.optionalDefaults = true
      } else if argument.hasPrefix("-") {
        throw UsageError(message: "unknown option '\(argument)'")
      } else {
        input.files.append(argument)
      }
    }
    if input.files.isEmpty { throw UsageError(message: "which files?") }
    return (input, output)
  }

  /// The value of an option, in the next argument or in the same one: `-I DIR`, `-IDIR`, `--out DIR`, `--out=DIR`.
  private mutating func value(of option: String, in argument: String) throws(UsageError) -> String? {
    let attached = option.hasPrefix("--") ? option + "=" : option
    var value: String?
    if argument == option {
      value = rest.popFirst()
    } else if argument.hasPrefix(attached) {
      value = String(argument.dropFirst(attached.count))
    } else {
      return nil
    }
    guard let value, !value.isEmpty else { throw UsageError(message: "option '\(option)' needs a value") }
    return value
  }
}
