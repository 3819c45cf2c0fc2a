import SeaThrift
import SeaThriftTesting

let limits: SimulationLimits = {
  var limits = SimulationLimits()
  limits.steps = 1_000_000_000
  return limits
}()

/// Nine services depend on a tenth, which is down for 30 s: how much more the nine get from those who call them.
func retryStorm() async throws -> Plot {
  var plot = Plot(
    "retry-storm", "One service of ten is down for 30 s: load on the nine that call it",
    columns: ["load on the nine, times normal", "load on the tenth before and after, times normal"], bar: 0)
  let retries = Retry(3)
  var budgeted = retries
  budgeted.budget = .share(0.1, floor: 1, over: .seconds(10))
  for (label, retry) in [("3 retries, no budget", retries), ("3 retries, 10 % budget", budgeted)] {
    let (nine, tenth) = try await simulate(seed: 1, limits: limits) { world in
      let (arrivals, calm) = (Tally(), Tally())
      let base = try world.startServers(1, arrivals: calm) { _, _ in .milliseconds(5) }
      let services = (1..<10).map { index in
        world.host("m\(index)").start {
          try await withServiceGroup("base", at: .list(base)) {
            retry
          } body: { group in
            let handler = Relay(world: world, arrivals: arrivals, base: Work.Client(group))
            try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Work.service(handler) }.run()
          }
        }
        return EndpointAddress.tcp("m\(index)", 9090)
      }
      try await world.sleep(for: .seconds(1))
      let down = world.now + .seconds(20)
      world.schedule(at: down) { world.host("s0").kill() }
      world.schedule(at: down + .seconds(30)) { world.host("s0").restart() }
      arrivals.window = down..<down + .seconds(30)
      try await world.host("client").run {
        try await withServiceGroup("work", at: .list(services)) {
          Balance(.roundRobin)
          retry
        } body: { group in
          try await world.load(300, for: .seconds(70), group, Tally())
        }
      }
      return (
        Double(arrivals.counts["relay"] ?? 0) / (300 * 30), Double(calm.counts["s0"] ?? 0) / (300 * 40)
      )
    }
    plot.rows.append((label, [nine, tenth]))
  }
  return plot
}

/// A service that does nothing without another.
struct Relay: Work.Handler {
  let world: World
  let arrivals: Tally
  let base: Work.Client

  nonisolated(nonsending) func work(n: Int32) async throws -> Int32 {
    arrivals.add("relay", at: world.now)
    do { return try await base.work(n: n) } catch { throw Down() }
  }
}

/// Every hundredth call takes 200 ms in place of 5 ms.
func hedging() async throws -> Plot {
  var plot = Plot(
    "hedging", "One call in a hundred takes 200 ms in place of 5 ms",
    columns: ["median, ms", "99 %, ms", "99.9 %, ms", "calls made per call"], bar: 2)
  for isHedged in [false, true] {
    let row = try await simulate(seed: 1, limits: limits) { world in
      let arrivals = Tally()
      let chance = Chance(world)
      let servers = try world.startServers(5, arrivals: arrivals) { _, _ in
        chance.isOne(in: 100) ? .milliseconds(200) : .milliseconds(5)
      }
      try await world.sleep(for: .seconds(1))
      let tally = Tally()
      try await world.host("client").run {
        try await withServiceGroup("work", at: .list(servers)) {
          Balance(.powerOfTwoChoices)
          Method(Work.work) { if isHedged { Hedge(after: .fixed(.milliseconds(10)), extraLoad: 0.05) } }
          PerEndpoint { Pool(size: 100) }
        } body: { group in
          try await world.load(300, for: .seconds(60), group, tally)
        }
      }
      let made = arrivals.counts.values.reduce(0, +)
      return [
        tally.percentile(0.5), tally.percentile(0.99), tally.percentile(0.999),
        Double(made) / Double(tally.latencies.count),
      ]
    }
    plot.rows.append((isHedged ? "hedged after 10 ms" : "not hedged", row))
  }
  return plot
}

/// One server in ten takes ten times as long.
func balancing() async throws -> Plot {
  var plot = Plot(
    "balancing", "One server in ten is ten times slower",
    columns: ["median, ms", "99 %, ms", "calls to the slow one, %"], bar: 1)
  let algorithms: [(String, Balance.Algorithm)] = [
    ("round-robin", .roundRobin), ("least loaded", .leastLoaded), ("two choices", .powerOfTwoChoices),
    ("peak EWMA", .peakEWMA()),
  ]
  for (label, algorithm) in algorithms {
    let row = try await simulate(seed: 1, limits: limits) { world in
      let arrivals = Tally()
      let servers = try world.startServers(10, arrivals: arrivals, concurrency: 4) { index, _ in
        index == 0 ? .milliseconds(50) : .milliseconds(5)
      }
      try await world.sleep(for: .seconds(1))
      let tally = Tally()
      try await world.host("client").run {
        try await withServiceGroup("work", at: .list(servers)) {
          Balance(algorithm)
          Retry(0)
          PerEndpoint {
            Timeouts(pool: .seconds(5), read: .seconds(5))
            Pool(size: 100, waiters: 1_000)
          }
        } body: { group in
          try await world.load(600, for: .seconds(30), group, tally)
        }
      }
      let all = arrivals.counts.values.reduce(0, +)
      return [tally.percentile(0.5), tally.percentile(0.99), 100 * Double(arrivals.counts["s0"] ?? 0) / Double(all)]
    }
    plot.rows.append((label, row))
  }
  return plot
}

/// Of twenty servers eighteen are down; the two that are left can do twice their normal load, not ten times.
func panicking() async throws -> Plot {
  var plot = Plot(
    "panic", "18 of 20 servers are down",
    columns: ["load on the two that are left, times normal", "calls answered, %"], bar: 1)
  for panicBelow in [0, 0.5] {
    let row = try await simulate(seed: 1, limits: limits) { world in
      let arrivals = Tally()
      let servers = try world.startServers(20, arrivals: arrivals, concurrency: 1) { _, _ in .milliseconds(25) }
      try await world.sleep(for: .seconds(1))
      for index in 2..<20 {
        world.host("s\(index)").refuseConnections()
        world.host("s\(index)").kill()
      }
      let tally = Tally()
      try await world.host("client").run {
        try await withServiceGroup("work", at: .list(servers)) {
          Balance(.roundRobin, panicBelow: panicBelow)
          Retry(0)
          PerEndpoint { Pool(size: 1_000, waiters: 1_000) }
        } body: { group in
          try await world.load(400, for: .seconds(30), group, tally)
        }
      }
      let left = (arrivals.counts["s0"] ?? 0) + (arrivals.counts["s1"] ?? 0)
      return [Double(left) / (2 * 20 * 30), tally.successes]
    }
    plot.rows.append((panicBelow == 0 ? "no panic" : "panic below 50 %", row))
  }
  return plot
}

/// A thousand servers in one group.
func thousand() async throws -> Plot {
  var plot = Plot(
    "thousand", "1,000 servers in one group, 20,000 calls",
    columns: ["fewest calls to a server", "most calls to a server", "99 %, ms", "answered, %"], bar: 1)
  for (label, algorithm) in [
    ("round-robin", Balance.Algorithm.roundRobin), ("shuffled", .shuffled), ("least loaded", .leastLoaded),
    ("two choices", .powerOfTwoChoices), ("peak EWMA", .peakEWMA()),
  ] {
    let row = try await simulate(seed: 1, limits: limits) { world in
      let arrivals = Tally()
      let servers = try world.startServers(1_000, arrivals: arrivals) { _, _ in .milliseconds(5) }
      try await world.sleep(for: .seconds(1))
      let tally = Tally()
      try await world.host("client").run {
        try await withServiceGroup("work", at: .list(servers)) {
          Balance(algorithm)
        } body: { group in
          try await world.load(2_000, for: .seconds(10), group, tally)
        }
      }
      let counts = servers.indices.map { Double(arrivals.counts["s\($0)"] ?? 0) }
      return [counts.min() ?? 0, counts.max() ?? 0, tally.percentile(0.99), tally.successes]
    }
    plot.rows.append((label, row))
  }
  return plot
}

/// Chance, on the world's thread.
final class Chance: @unchecked Sendable {
  // @unchecked: confined to the world's thread.
  private var generator: SeededGenerator

  init(_ world: World) { generator = world.randomNumbers() }

  func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }
}
