internal import ThriftCodeGen

/// What is to be read.
package struct CompilerInput {
  /// Where includes are looked for after the folder of the including file.
  var includeDirectories: [String] = []
  /// The `.thrift` files, at least one.
  var files: [String] = []
}

/// What is to be written.
package struct CompilerOutput {
  /// The folder of the Swift files; created if it is not there.
  var directory = "."
  /// The access level of what is generated.
  var access = AccessLevel.public
  /// Whether fields of default requiredness become optional ones.
  var optionalDefaults = false
  /// What the names of the files end with.
  var suffix = ".swift"
}

/// Arguments that make no sense.
package struct UsageError: Error {
  package let message: String

  package init(message: String) { self.message = message }
}

/// Reads the arguments of one command of the compiler.
package struct ArgumentReader {
  private var rest: ArraySlice<String>

  package init(_ arguments: ArraySlice<String>) {
    rest = arguments
  }

  /// Reads everything; `nil` if the user asks for help.
  package mutating func read(
    allowingOutput: Bool
  ) throws(UsageError) -> (input: CompilerInput, output: CompilerOutput)? {
    var input = CompilerInput()
    var output = CompilerOutput()
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
