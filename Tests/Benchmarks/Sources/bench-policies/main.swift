import BenchService
import Glibc
import SeaThrift

// bench-policies PORT [ROUNDS]: what the policies add to a call of `add` on the loop, in microseconds of processor time,
// user and system. The calls are made by a handler, so that they begin and end on the loop's thread, and nothing else
// runs in this process. Each round makes calls with each policy in turn; the medians of the rounds' differences to no
// policy count, since the machine's speed changes from one round to the next.

let arguments = CommandLine.arguments
guard arguments.count >= 2, let port = Int(arguments[1]), let rounds = Int(arguments.count > 2 ? arguments[2] : "60")
else {
  print("usage: bench-policies PORT [ROUNDS]")
  throw ConfigurationError("PORT and ROUNDS are numbers")
}
let callers = 16
let callsOfCaller = 500
let policies = arguments.count > 3 ? Array(arguments[3...]) : ["none", "default", "recommended"]

func processorMicroseconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
  let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
  return Double(seconds) * 1e6 + Double(microseconds)
}

func costOfCall(_ client: Bench.Client) async throws -> Double {
  let start = processorMicroseconds()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<callers {
      group.addTask { for _ in 0..<callsOfCaller { _ = try await client.add(a: 3, b: 4) } }
    }
    try await group.waitForAll()
  }
  return (processorMicroseconds() - start) / Double(callers * callsOfCaller)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func text(_ microseconds: Double) -> String { "\((microseconds * 100).rounded() / 100)" }

/// A handler of which one call is the whole measurement.
struct Measurement: Bench.Handler {
  let port: Int
  let rounds: Int
  let network: Network

  func ping() async throws {
    let groups = try policies.map {
      try ServiceGroup(
        "bench", at: [.tcp("127.0.0.1", port)], configuration: try configuration(policy: $0, concurrency: callers),
        network: network)
    }
    for group in groups { _ = try await costOfCall(Bench.Client(group)) }
    var costs = policies.map { _ in [Double]() }
    for _ in 0..<max(rounds, 1) {
      for (index, group) in groups.enumerated() { costs[index].append(try await costOfCall(Bench.Client(group))) }
    }
    for group in groups { await group.close() }
    for (policy, found) in zip(policies, costs) {
      let difference = median(zip(found, costs[0]).map { $0 - $1 })
      print("policy \(policy): \(text(median(found))) us, that is \(text(difference)) us more than none")
    }
  }

  func add(a: Int32, b: Int32) async throws -> Int32 { a &+ b }
  func echo(p: Payload) async throws -> Payload { p }
}

let network = try Network(loopCount: 1)
try await withThriftServer(on: .tcp("127.0.0.1", 0), network: network) {
  Bench.service(Measurement(port: port, rounds: rounds, network: network))
} body: { address in
  var configuration = ClientConfiguration()
  configuration.policy.perEndpoint.timeouts.read = nil
  let group = try ServiceGroup("measurement", at: [address], configuration: configuration, network: network)
  try await Bench.Client(group).ping()
  await group.close()
}
