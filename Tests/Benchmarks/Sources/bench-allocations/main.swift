import BenchService
import CAllocationCount
import Glibc
import SeaThrift

// bench-allocations [--check]: memory allocations of one `add` call, once warm, on the server and on the client.
// With --check it fails when there are more than there should be at most.

let mostOnServer = 2.0
let mostOnClient = 8.0
let calls = 20_000

/// Counts what happens in the process while the other side, which allocates nothing itself, is driven or driving.
func allocationsPerCall(_ body: (_ calls: Int) async throws -> Void) async throws -> Double {
  try await body(1_000)
  let before = allocation_count()
  try await body(calls)
  return Double(allocation_count() - before) / Double(calls)
}

let server = try await withThriftServer(on: .tcp("127.0.0.1", 0), network: try Network(loopCount: 1)) {
  Bench.service(BenchHandler())
} body: { address in
  let client = try RawClient(port: address.port ?? 0)
  return try await allocationsPerCall { calls in for _ in 0..<calls { try client.add() } }
}

func allocationsOfClient(policy: String) async throws -> Double {
  let peer = try RawServer()
  let group = try ServiceGroup(
    "bench", at: [.tcp("127.0.0.1", peer.port)], configuration: try configuration(policy: policy, concurrency: 1),
    network: try Network(loopCount: 1))
  let bench = Bench.Client(group)
  let count = try await allocationsPerCall { calls in for _ in 0..<calls { _ = try await bench.add(a: 3, b: 4) } }
  await group.close()
  return count
}

let client = try await allocationsOfClient(policy: "default")
let bare = try await allocationsOfClient(policy: "none")

print("allocations per add: server \(server), client \(client), of these without policies \(bare)")
if CommandLine.arguments.contains("--check"), server > mostOnServer || client > mostOnClient {
  print("the server may make \(mostOnServer), the client \(mostOnClient)")
  exit(1)
}
