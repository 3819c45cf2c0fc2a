import BenchService
import SeaThrift

// bench-client PORT CONCURRENCY SECONDS add|echo [--policy none|default|recommended]
// calls a framed binary Bench on 127.0.0.1.

let arguments = CommandLine.arguments
guard arguments.count >= 5, let port = Int(arguments[1]), let concurrency = Int(arguments[2]),
  let seconds = Double(arguments[3])
else {
  print("usage: bench-client PORT CONCURRENCY SECONDS add|echo [--policy none|default|recommended]")
  throw ConfigurationError("PORT, CONCURRENCY and SECONDS are numbers")
}
let policy = arguments.count > 6 && arguments[5] == "--policy" ? arguments[6] : "default"
let network = try Network(loopCount: 1)
let group = try ServiceGroup(
  "bench", at: [.tcp("127.0.0.1", port)], configuration: try configuration(policy: policy, concurrency: concurrency),
  network: network)
let result = await Load(concurrency: concurrency, seconds: seconds, method: arguments[4]).run(group)
print(
  "callers=\(concurrency) \(arguments[4]) policy=\(policy) rps=\(Int(result.callsPerSecond)) failures=\(result.failures)"
)
await group.close()
