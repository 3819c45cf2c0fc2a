import SeaThrift
import SeaThriftTesting

/// A handler that counts, and takes as long as it is told.
struct Worker: Work.Handler {
  let world: World
  let arrivals: Tally
  let name: String
  /// How long the call of that number takes.
  let time: @Sendable (World) -> Duration
  /// Nil for any number of calls at once.
  let gate: Bulkhead.Runner?

  nonisolated(nonsending) func work(n: Int32) async throws -> Int32 {
    arrivals.add(name, at: world.now)
    let duration = time(world)
    guard let gate else {
      try await world.sleep(for: duration)
      return n
    }
    try await gate.run { try await world.sleep(for: duration) }
    return n
  }
}

/// Counts and times, on the world's thread.
final class Tally: @unchecked Sendable {
  // @unchecked: confined to the world's thread.
  private(set) var counts: [String: Int] = [:]
  private(set) var latencies: [Duration] = []
  private(set) var failures = 0
  /// What is counted: from, and up to.
  var window: Range<Duration> = .zero..<Duration.seconds(1_000_000)

  func add(_ name: String, at time: Duration) {
    if window.contains(time) { counts[name, default: 0] += 1 }
  }

  func ended(after latency: Duration, isFailure: Bool) {
    latencies.append(latency)
    if isFailure { failures += 1 }
  }

  /// The latency that the share of the calls did not exceed, in milliseconds.
  func percentile(_ share: Double) -> Double {
    let sorted = latencies.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)] / .milliseconds(1)
  }

  /// How many of the calls succeeded, in percent.
  var successes: Double {
    latencies.isEmpty ? 0 : 100 * Double(latencies.count - failures) / Double(latencies.count)
  }
}

extension World {
  /// Starts servers called `s0`, `s1` and so on, and returns their addresses.
  func startServers(
    _ count: Int, arrivals: Tally, concurrency: Int? = nil, time: @escaping @Sendable (Int, World) -> Duration
  ) throws -> [EndpointAddress] {
    try (0..<count).map { index in
      let gate = try concurrency.map { try Bulkhead($0, waiters: 1_000_000).runner() }
      let worker = Worker(
        world: self, arrivals: arrivals, name: "s\(index)", time: { time(index, $0) }, gate: gate)
      host("s\(index)").start {
        var configuration = ServerConfiguration()
        configuration.log = nil
        try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) { Work.service(worker) }.run()
      }
      return .tcp("s\(index)", 9090)
    }
  }

  /// Makes so many calls a second, at random moments, for some time; each whatever becomes of the others.
  func load(_ perSecond: Double, for length: Duration, _ group: ServiceGroup, _ tally: Tally) async throws {
    var generator = randomNumbers()
    let end = now + length
    let client = Work.Client(group)
    try await withThrowingDiscardingTaskGroup { tasks in
      while now < end {
        let pause = -1 / perSecond * logarithm(Double.random(in: 1e-9...1, using: &generator))
        try await sleep(for: .nanoseconds(Int64(pause * 1e9)))
        tasks.addTask {
          let start = now
          let result = try? await client.work(n: 1)
          tally.ended(after: now - start, isFailure: result == nil)
        }
      }
    }
  }
}
