import BenchService
import SeaThrift

// bench-chain PORT BACK one|every [LOOPS]: serves Bench on 127.0.0.1:PORT; each call calls Bench at 127.0.0.1:BACK, through a
// group on one loop or on every one of LOOPS (default 2). Runs until it is killed.

/// Passes calls on.
struct Middle: Bench.Handler {
  let back: Bench.Client

  func ping() async throws { try await back.ping() }
  func add(a: Int32, b: Int32) async throws -> Int32 { try await back.add(a: a, b: b) }
  func echo(p: Payload) async throws -> Payload { try await back.echo(p: p) }
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let port = Int(arguments[1]), let back = Int(arguments[2]),
  let spread = ["one": ClientConfiguration.Spread.oneLoop, "every": .everyLoop][arguments[3]],
  let loops = arguments.count > 4 ? Int(arguments[4]) : 2
else {
  print("usage: bench-chain PORT BACK one|every [LOOPS]")
  throw ConfigurationError("PORT, BACK and LOOPS are numbers")
}
let network = try Network(loopCount: loops)
var client = try configuration(policy: "default", concurrency: 64)
client.spread = spread
try await withServiceGroup("back", at: [.tcp("127.0.0.1", back)], configuration: client, network: network) { group in
  try await ThriftServer(on: .tcp("127.0.0.1", port), network: network) {
    Bench.service(Middle(back: Bench.Client(group)))
  }.run()
}
