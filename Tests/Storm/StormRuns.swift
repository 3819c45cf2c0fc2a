import SeaThriftTesting

/// Every event of one storm.
func completeTrace(of seed: UInt64) async throws -> [String] {
  var limits = SimulationLimits()
  limits.traceEvents = .max
  return try await simulate(seed: seed, limits: limits) { world in
    let summary = try await Storm.run(in: world)
    return world.trace + ["\(summary.calls) calls, hash \(world.traceHash)"]
  }
}

/// Runs storms, and prints how the calls ended in all of them together.
func runStorms(_ seeds: Range<UInt64>) async throws {
  var endings: [String: Int] = [:]
  var calls = 0
  let clock = ContinuousClock()
  let start = clock.now
  for seed in seeds {
    do {
      let summary = try await simulate(seed: seed) { world in try await Storm.run(in: world) }
      endings.merge(summary.endings, uniquingKeysWith: +)
      calls += summary.calls
    } catch {
      print("seed \(seed): \(error)")
    }
  }
  print("\(seeds.count) storms, \(calls) calls in \(clock.now - start)")
  for (ending, count) in endings.sorted(by: { $0.value > $1.value }) { print("\(ending): \(count)") }
}

/// Prints how many calls a second of real time are simulated.
func measureSpeed() async throws {
  let clock = ContinuousClock()
  let calls = 200_000
  let start = clock.now
  try await simulate(seed: 1) { world in
    world.host("server").start {
      try await ThriftServer(on: .tcp("0.0.0.0", 9090)) {
        StormService.service {
          $0.answer
        } _: {
          $0.answer
        }
      }.run()
    }
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
  let seconds = (clock.now - start) / .seconds(1)
  print("\(calls) simulated calls in \(seconds) s: \(Int(Double(calls) / seconds)) a second")
}
