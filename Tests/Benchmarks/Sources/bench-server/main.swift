import BenchService
import SeaThrift

// bench-server PORT [LOOPS [SECONDS]]: serves Bench on 127.0.0.1, framed or unframed binary, until it is killed, or stops
// after so many seconds and says how long stopping took.

let numbers = CommandLine.arguments.dropFirst().map { Int($0) }
guard let port = numbers.first ?? nil, let loops = numbers.count > 1 ? numbers[1] : 1, !numbers.contains(nil) else {
  print("usage: bench-server PORT [LOOPS [SECONDS]]")
  throw ConfigurationError("PORT, LOOPS and SECONDS are numbers")
}
let network = try Network(loopCount: loops)
let running = Task {
  try await ThriftServer(on: .tcp("127.0.0.1", port), network: network) { Bench.service(BenchHandler()) }.run()
}
if numbers.count > 2, let seconds = numbers[2] {
  try await Task.sleep(for: .seconds(seconds))
  let start = ContinuousClock.now
  running.cancel()
  try? await running.value
  print("stopped_ms=\(start.duration(to: .now) / .milliseconds(1))")
} else {
  try await running.value
}
