import BenchService
import SeaThrift

// bench-server PORT [LOOPS]: serves Bench on 127.0.0.1, framed or unframed binary, until it is killed.

guard CommandLine.arguments.count >= 2, let port = Int(CommandLine.arguments[1]),
  let loops = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) : 1
else {
  print("usage: bench-server PORT [LOOPS]")
  throw ConfigurationError("PORT and LOOPS are numbers")
}
try await ThriftServer(on: .tcp("127.0.0.1", port), network: try Network(loopCount: loops)) {
  Bench.service(BenchHandler())
}.run()
