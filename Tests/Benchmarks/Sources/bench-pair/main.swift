import BenchService
import SeaThrift

// bench-pair [SECONDS]: a client and a server in one process, each with one event loop.

let seconds = CommandLine.arguments.count > 1 ? Double(CommandLine.arguments[1]) ?? 2 : 2
try await withThriftServer(on: .tcp("127.0.0.1", 0), network: try Network(loopCount: 1)) {
  Bench.service(BenchHandler())
} body: { address in
  for (method, concurrency) in [("add", 1), ("add", 64), ("echo", 64)] {
    let group = try ServiceGroup(
      "bench", at: [address], configuration: try configuration(policy: "default", concurrency: concurrency),
      network: try Network(loopCount: 1))
    let result = await Load(concurrency: concurrency, seconds: seconds, method: method).run(group)
    print("pair callers=\(concurrency) \(method) rps=\(Int(result.callsPerSecond)) failures=\(result.failures)")
    await group.close()
  }
}
