import Resilience
import SeaThriftTime
import Testing

@Suite("Balancing, random sequences")
struct BalancerPropertyTests {
  struct Known {
    var slot: Int
    var running = 0
    var until: Instant?
    /// Whether the time is over, and it was not reported well since.
    var isDue = false
    var since = 0

    var isUnhealthy: Bool { until != nil || isDue }
  }

  @Test("whoever is chosen may be chosen, and someone is whenever anyone may be", arguments: algorithms)
  func againstModel(algorithm: Balance.Algorithm) {
    for seed in seeds.prefix(10) {
      var random = SeededGenerator(seed: seed)
      let panicBelow: Double = [0, 0.4, 1].randomElement(using: &random) ?? 0
      let maxEjected: Double = [0, 0.5, 1].randomElement(using: &random) ?? 0
      var balancer = BalancerStateMachine(
        Balance(
          algorithm, panicBelow: panicBelow, maxEjected: maxEjected, slowStart: .seconds(20), zone: "z0",
          zoneShare: 0.5))
      var known: [String: Known] = [:]
      var running: [(slot: Int, isProbe: Bool)] = []
      var now = Instant.origin
      for step in 1...600 {
        now = now.advanced(by: .milliseconds(Int.random(in: 0...500, using: &random)))
        for (name, endpoint) in known where endpoint.until.map({ $0 <= now }) ?? false {
          known[name]?.until = nil
          known[name]?.isDue = true
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0:
          let names = (0..<12).shuffled(using: &random).prefix(Int.random(in: 0...12, using: &random))
          let list = names.map { BalancedEndpoint("e\($0)", weight: Double($0) / 3, zone: "z\($0 % 3)") }
          let slots = balancer.update(list, at: now)
          let previous = known
          known = [:]
          for (item, slot) in zip(list, slots) {
            if let old = previous[item.identity] { check(old.slot == slot) }
            known[item.identity] = previous[item.identity] ?? Known(slot: slot)
          }
          check(Set(slots).count == slots.count)
        case 1..<4:
          guard let name = known.keys.sorted().randomElement(using: &random), let slot = known[name]?.slot else {
            continue
          }
          let until = now.advanced(by: .seconds(Int.random(in: 1...30, using: &random)))
          if known[name]?.isUnhealthy != true { known[name]?.since = step }
          known[name]?.until = until
          known[name]?.isDue = false
          balancer.setUnhealthy(slot, until: until, at: now)
        case 4:
          guard let name = known.keys.sorted().randomElement(using: &random), let slot = known[name]?.slot else {
            continue
          }
          known[name]?.until = nil
          known[name]?.isDue = false
          balancer.setHealthy(slot)
        case 5..<10:
          guard let index = running.indices.randomElement(using: &random) else { continue }
          let verdict = [Verdict.success, .failure, .ignorable].randomElement(using: &random) ?? .success
          let ended = running.remove(at: index)
          balancer.ended(ended.slot, verdict, latency: .milliseconds(step), isProbe: ended.isProbe, at: now)
        default:
          let unhealthy = known.values.filter(\.isUnhealthy).sorted { $0.since < $1.since }
          let healthy = Double(known.count - unhealthy.count)
          let panics = healthy < panicBelow * Double(known.count)
          let cap = panics ? 0 : Int(maxEjected * Double(known.count))
          let out = Set(unhealthy.prefix(cap).map(\.slot))
          let all = known.values.map(\.slot).sorted()
          let tried = Array(all.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
          let due = panics ? [] : Set(known.values.filter(\.isDue).map(\.slot)).subtracting(tried)
          let probing = [BalancerStateMachine.Probing.allowed, .ifNothingElse, .never].randomElement(using: &random)
          // Those that are known to work, or at least not to have failed lately.
          let works = Set(all).subtracting(out).subtracting(due).subtracting(tried)
          let choice = balancer.choose(
            excluding: tried, key: random.next(), probing: probing ?? .allowed, at: now, using: &random)
          check((choice == nil) == (works.isEmpty && (due.isEmpty || probing == .never)))
          guard let choice else { continue }
          check(choice.isPanic == panics && balancer.candidateCount == all.count - out.count)
          if panics {
            check(works.contains(choice.slot))
          } else if choice.isProbe {
            check(due.contains(choice.slot) && (probing == .allowed || works.isEmpty) && probing != .never)
          } else {
            check(works.contains(choice.slot))
          }
          balancer.began(choice.slot, isProbe: choice.isProbe)
          running.append((choice.slot, choice.isProbe))
        }
      }
    }
  }

  @Test("the least loaded is the least loaded", arguments: seeds.prefix(10))
  func leastLoaded(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var balancer = BalancerStateMachine(Balance(.leastLoaded))
    let slots = balancer.update(endpoints(30), at: .origin)
    var running = Array(repeating: 0, count: 30)
    var out: Set<Int> = []
    for _ in 0..<1_000 {
      let slot = Int.random(in: 0..<30, using: &random)
      if out.remove(slot) != nil {
        balancer.setHealthy(slot)
      } else if out.count < 10 {
        balancer.setUnhealthy(slot, at: .origin)
        out.insert(slot)
      }
      let tried = Array(slots.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random)))
      guard let choice = balancer.choose(excluding: tried, at: .origin, using: &random) else {
        Issue.record("nobody was chosen")
        return
      }
      let least = slots.filter { !tried.contains($0) && !out.contains($0) }.map { running[$0] }.min()
      check(running[choice.slot] == least)
      balancer.began(choice.slot)
      running[choice.slot] += 1
      if let busy = slots.filter({ running[$0] > 0 }).randomElement(using: &random), Bool.random(using: &random) {
        balancer.ended(busy, .success, latency: .zero, at: .origin)
        running[busy] -= 1
      }
    }
  }
}
