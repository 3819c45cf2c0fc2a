import BenchService
import Glibc
import SeaThrift
import Synchronization

// bench-overload [SECONDS]: what comes through a client when ten times as many calls are made as can be, as a share of what
// comes through when just as many are, and what refusing the others costs. Handlers wait for 10 ms each, so that
// places run out, not the processor.
//
// bench-overload serve PORT: the other side, for bench-load: serves such handlers, of which ten run at a time.

let arguments = CommandLine.arguments.dropFirst()
let seconds = Double(arguments.first ?? "3") ?? 3
let overload = 10.0

struct Waiting: Bench.Handler {
  func ping() async throws {}
  func add(a: Int32, b: Int32) async throws -> Int32 {
    try await Task.sleep(for: .milliseconds(10))
    return a &+ b
  }
  func echo(p: Payload) async throws -> Payload {
    try await Task.sleep(for: .seconds(60))
    return p
  }
}

/// How calls ended.
final class Tally: Sendable {
  let succeeded = Atomic<Int>(0)
  let refused = Atomic<Int>(0)
  let failed = Atomic<Int>(0)

  func make(_ client: Bench.Client) async {
    do {
      _ = try await client.add(a: 1, b: 2)
      succeeded.add(1, ordering: .relaxed)
    } catch let error as RPCError where error.isUnexecuted {
      refused.add(1, ordering: .relaxed)
    } catch {
      failed.add(1, ordering: .relaxed)
    }
  }
}

func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

/// As many callers as there are places, one call after the other: calls a second.
func most(_ client: Bench.Client, places: Int) async -> Double {
  let (tally, clock) = (Tally(), ContinuousClock())
  let start = clock.now
  let end = start.advanced(by: .seconds(seconds))
  await withTaskGroup(of: Void.self) { group in
    for _ in 0..<places { group.addTask { while clock.now < end { await tally.make(client) } } }
  }
  let calls = Double(tally.succeeded.load(ordering: .relaxed))
  return calls / ((clock.now - start) / .seconds(1))
}

/// Calls that arrive at a rate, whatever becomes of those before.
func flood(_ client: Bench.Client, rate: Double) async -> (tally: Tally, seconds: Double) {
  let (tally, clock) = (Tally(), ContinuousClock())
  let start = clock.now
  await withDiscardingTaskGroup { group in
    var arrived = 0.0
    while true {
      let now = (clock.now - start) / .seconds(1)
      if now >= seconds { break }
      while arrived < now * rate {
        arrived += 1
        group.addTask { await tally.make(client) }
      }
      try? await Task.sleep(for: .milliseconds(1))
    }
  }
  return (tally, (clock.now - start) / .seconds(1))
}

func compare(_ name: String, _ client: Bench.Client, places: Int) async {
  _ = await most(client, places: places)
  let best = await most(client, places: places)
  let result = await flood(client, rate: best * overload)
  let refusal = await costOfRefusal(client)
  let succeeded = Double(result.tally.succeeded.load(ordering: .relaxed))
  let refused = result.tally.refused.load(ordering: .relaxed)
  let failed = result.tally.failed.load(ordering: .relaxed)
  let goodput = succeeded / result.seconds
  print(
    "\(name): at most \(Int(best)) calls/s; of \(Int(overload)) times as many \(Int(goodput)) calls/s, ",
    "ratio \((goodput / best * 100).rounded() / 100); \(refused) refused, \(failed) failed, ",
    "\((refusal * 1e7).rounded() / 10) us for a refusal", separator: "")
}

/// The processor's seconds for one call that is refused, when all places are taken by calls that last.
func costOfRefusal(_ client: Bench.Client) async -> Double {
  await withTaskGroup(of: Void.self) { group in
    for _ in 0..<1_000 {
      group.addTask { _ = try? await client.echo(p: Payload()) }
    }
    // Those that wait give up after 100 ms.
    try? await Task.sleep(for: .milliseconds(20))
    let (tally, before, end) = (Tally(), processorSeconds(), ContinuousClock.now.advanced(by: .milliseconds(50)))
    while ContinuousClock.now < end { await tally.make(client) }
    let cost = processorSeconds() - before
    group.cancelAll()
    return cost / Double(tally.refused.load(ordering: .relaxed))
  }
}

if arguments.first == "serve" {
  guard let port = arguments.last.flatMap({ Int($0) }) else { throw ConfigurationError("PORT is a number") }
  var configuration = ServerConfiguration()
  configuration.policy = try ServerPolicy { Bulkhead(10) }
  try await ThriftServer(
    on: .tcp("127.0.0.1", port), configuration: configuration, network: try Network(loopCount: 1)
  ) {
    Bench.service(Waiting())
  }.run()
} else {
  for (name, policy) in [("default", Policy.default), ("recommended", .recommended)] {
    try await withThriftServer(on: .tcp("127.0.0.1", 0), network: try Network(loopCount: 1)) {
      Bench.service(Waiting())
    } body: { address in
      var configuration = ClientConfiguration()
      configuration.policy = policy
      let group = try ServiceGroup(
        "bench", at: [address], configuration: configuration, network: try Network(loopCount: 1))
      await compare(name, Bench.Client(group), places: 10)
      await group.close()
    }
  }
}
