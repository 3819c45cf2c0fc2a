import Glibc
import SeaThriftTesting

/// What a seed decides on.
enum StormKind: String, CaseIterable {
  /// ``Storm``.
  case storm
  /// ``PartialOutage``.
  case outage

  func run(in world: World) async throws -> Storm.Summary {
    switch self {
    case .storm: try await Storm.run(in: world)
    case .outage: try await PartialOutage.run(in: world)
    }
  }
}

/// Every event of one storm.
func completeTrace(of seed: UInt64, _ kind: StormKind) async throws -> [String] {
  var limits = SimulationLimits()
  limits.traceEvents = .max
  return try await simulate(seed: seed, limits: limits) { world in
    let summary = try await kind.run(in: world)
    return world.trace + ["\(summary.calls) calls, hash \(world.traceHash)"]
  }
}

/// Invariants were broken in storms whose seeds are printed.
struct BrokenStorms: Error, CustomStringConvertible {
  let count: Int
  var description: String { "\(count) storms have broken an invariant; their seeds are above" }
}

/// Runs storms, and prints how the calls ended in all of them together; throws when one has broken an invariant.
///
/// - Parameter time: after what time no further seed is begun; `nil` for no limit.
func runStorms(_ seeds: Range<UInt64>, _ kinds: [StormKind], within time: Duration? = nil) async throws {
  var endings: [String: Int] = [:]
  var sights: [String: Int] = [:]
  var calls = 0
  var broken = 0
  let clock = ContinuousClock()
  let start = clock.now
  var storms = 0
  for seed in seeds {
    if let time, clock.now - start > time { break }
    for kind in kinds {
      storms += 1
      do {
        let summary = try await simulate(seed: seed) { world in try await kind.run(in: world) }
        endings.merge(summary.endings, uniquingKeysWith: +)
        sights.merge(summary.sights, uniquingKeysWith: +)
        calls += summary.calls
      } catch {
        broken += 1
        print("\(kind) of seed \(seed): \(error)")
      }
    }
  }
  print("\(storms) storms, \(calls) calls in \(clock.now - start)")
  for (ending, count) in endings.sorted(by: { $0.value > $1.value }) { print("\(ending): \(count)") }
  print("seen:")
  for (sight, count) in sights.sorted(by: { $0.value > $1.value }) { print("\(sight): \(count)") }
  if broken > 0 { throw BrokenStorms(count: broken) }
}

/// Prints how many calls a second are simulated, and how long a simulated hour of a cluster takes; in the processor's time
/// of the one thread that does it, so that the machine's other work does not count.
func measureSpeed() async throws {
  var start = processorTime()
  let calls = 200_000
  try await simulate(seed: 1) { world in
    serve(on: world.host("server"))
    try await world.sleep(for: .seconds(1))
    try await world.host("client").run {
      try await withServiceGroup("speed", at: [.tcp("server", 9090)]) { group in
        try await withThrowingDiscardingTaskGroup { tasks in
          for caller in 0..<10 {
            tasks.addTask {
              for index in 0..<calls / 10 {
                _ = try await group.call(StormService.work, StormRequest(id: Int64(index * 10 + caller)))
              }
            }
          }
        }
      }
    }
  }
  var seconds = processorTime() - start
  print("\(calls) simulated calls in \(seconds) s: \(Int(Double(calls) / seconds)) a second")
  start = processorTime()
  let made = try await simulate(seed: 1) { world in try await hourOfCluster(in: world) }
  seconds = processorTime() - start
  print("a simulated hour of 50 hosts, \(made) calls, in \(seconds) s")
}

/// The seconds that a processor has worked for this process.
private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func serve(on host: Host) {
  host.start {
    try await ThriftServer(on: .tcp("0.0.0.0", 9090)) {
      StormService.service {
        $0.answer
      } _: {
        $0.answer
      }
    }.run()
  }
}

/// 10 servers, and 40 clients that each make a call a second or so.
private func hourOfCluster(in world: World) async throws -> Int {
  let addresses = (0..<10).map { EndpointAddress.tcp("server\($0)", 9090) }
  for index in 0..<10 { serve(on: world.host("server\(index)")) }
  world.setDefaultLink(LinkProfile(latency: .logNormal(median: .milliseconds(1), sigma: 0.3)))
  let ledger = StormLedger(world)
  for index in 0..<40 {
    world.host("client\(index)").start {
      var generator = world.randomNumbers()
      let mine = addresses.shuffled(using: &generator)
      try await withServiceGroup("cluster", at: .list(mine)) { group in
        while world.now < .seconds(3600) {
          _ = try await group.call(StormService.work, StormRequest(id: ledger.newCall()))
          try await world.sleep(for: .milliseconds(generator.int(1...2000)))
        }
      }
      ledger.recoveredClients += 1
    }
  }
  while ledger.recoveredClients < 40 { try await world.sleep(for: .seconds(1)) }
  return ledger.calls
}
