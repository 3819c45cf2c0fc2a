import Resilience
import SeaThriftTime

/// What a choice costs, with all that the balancer learns of the attempt, in nanoseconds of real time.
func choosingTable() -> String {
  let algorithms: [(String, Balance.Algorithm)] = [
    ("in order", .inOrder), ("shuffled", .shuffled), ("round robin", .roundRobin), ("weighted", .weighted),
    ("least loaded", .leastLoaded), ("two choices", .powerOfTwoChoices), ("peak EWMA", .peakEWMA()),
    ("consistent hash", .consistentHash()),
  ]
  let counts = [1, 10, 100, 1000, 10_000]
  var lines = [
    "| nanoseconds for a choice among | \(counts.map { "\($0)" }.joined(separator: " | ")) |",
    "|---|\(counts.map { _ in "---|" }.joined())",
  ]
  for (name, algorithm) in algorithms {
    let costs = counts.map { count in "\((0..<3).map { _ in costOfChoice(algorithm, among: count) }.min() ?? 0)" }
    lines.append("| \(name) | \(costs.joined(separator: " | ")) |")
  }
  return lines.joined(separator: "\n")
}

/// One in ten endpoints is unhealthy, and eight attempts run at any time.
private func costOfChoice(_ algorithm: Balance.Algorithm, among count: Int) -> Int {
  let choices = 100_000
  var balancer = BalancerStateMachine(Balance(algorithm))
  var random = SeededGenerator(seed: 1)
  let slots = balancer.update((0..<count).map { BalancedEndpoint("e\($0)") }, at: .origin)
  for slot in slots where slot % 10 == 9 { balancer.setUnhealthy(slot, at: .origin) }
  var running: [Int] = []
  var now = Instant.origin
  let start = ContinuousClock.now
  for number in 0..<choices {
    now = now.advanced(by: .microseconds(10))
    let key = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
    guard let choice = balancer.choose(excluding: [], key: key, at: now, using: &random) else { continue }
    balancer.began(choice.slot)
    running.append(choice.slot)
    if running.count > 8 {
      balancer.ended(running[number % 8], .success, latency: .microseconds(number % 1000), at: now)
      running.swapAt(number % 8, 8)
      running.removeLast()
    }
  }
  return Int((ContinuousClock.now - start) / .nanoseconds(choices))
}
