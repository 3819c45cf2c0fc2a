internal import Glibc
internal import ThriftCompiler

// What the build plugin runs: `seathrift generate` and nothing else, so that a package that uses the plugin builds the
// compiler alone.
var reader = ArgumentReader(CommandLine.arguments.dropFirst())
do throws(UsageError) {
  guard let (input, output) = try reader.read(allowingOutput: true) else {
    throw UsageError(message: "this is for the build plugin; 'seathrift --help' says more")
  }
  exit(Compiler.generate(input, output))
} catch {
  Terminal.writeError("SeaThriftGenerator: \(error.message)\n")
  exit(ExitStatus.usage)
}
