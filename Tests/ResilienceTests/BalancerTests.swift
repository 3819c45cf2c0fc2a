import Resilience
import SeaThriftTime
import Testing

/// A balancer with a generator of its own.
struct BalancerDriver {
  var balancer: BalancerStateMachine
  var random: SeededGenerator
  var slots: [Int] = []

  init(_ policy: Balance, _ endpoints: [BalancedEndpoint] = [], seed: UInt64 = 1) {
    balancer = BalancerStateMachine(policy)
    random = SeededGenerator(seed: seed)
    slots = balancer.update(endpoints, at: .origin)
  }

  mutating func choose(
    excluding tried: [Int] = [], key: UInt64 = 0, probing: BalancerStateMachine.Probing = .allowed,
    _ seconds: Double = 0
  ) -> BalancerStateMachine.Choice? {
    balancer.choose(excluding: tried, key: key, probing: probing, at: .seconds(seconds), using: &random)
  }

  /// So many choices, as counts per slot.
  mutating func count(_ choices: Int, excluding tried: [Int] = [], _ seconds: Double = 0) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for _ in 0..<choices {
      if let choice = choose(excluding: tried, seconds) { counts[choice.slot, default: 0] += 1 }
    }
    return counts
  }
}

/// Endpoints `e0`, `e1`...
func endpoints(_ count: Int) -> [BalancedEndpoint] { (0..<count).map { BalancedEndpoint("e\($0)") } }

let algorithms: [Balance.Algorithm] = [
  .inOrder, .shuffled, .roundRobin, .weighted, .leastLoaded, .powerOfTwoChoices, .peakEWMA(), .consistentHash(),
]

@Suite("Balancing algorithms")
struct BalancerTests {
  @Test("in order: the first, then the next for a retry, then nobody")
  func inOrder() {
    var driver = BalancerDriver(Balance(.inOrder), endpoints(3))
    #expect(driver.count(10) == [0: 10])
    #expect(driver.choose(excluding: [0])?.slot == 1)
    #expect(driver.choose(excluding: [1, 0])?.slot == 2)
    #expect(driver.choose(excluding: [0, 1, 2]) == nil)
  }

  @Test("round robin: each in turn, all around, without those that were tried or are unhealthy")
  func roundRobin() {
    var driver = BalancerDriver(Balance(.roundRobin), endpoints(4))
    #expect((0..<6).map { _ in driver.choose()?.slot } == [0, 1, 2, 3, 0, 1])
    #expect(driver.choose(excluding: [2])?.slot == 3)
    driver.balancer.setUnhealthy(1, at: .origin)
    #expect((0..<4).map { _ in driver.choose()?.slot } == [0, 2, 3, 0])
    #expect(driver.choose(excluding: [0, 2, 3]) == nil)
  }

  @Test("round robin goes on where it was when the list changes")
  func roundRobinUpdate() {
    var driver = BalancerDriver(Balance(.roundRobin), endpoints(4))
    _ = driver.choose()
    _ = driver.choose()
    _ = driver.balancer.update(endpoints(5), at: .origin)
    #expect((0..<4).map { _ in driver.choose()?.slot } == [2, 3, 4, 0])
  }

  @Test("shuffled: all with the same chance", arguments: seeds.prefix(5))
  func shuffled(seed: UInt64) {
    var driver = BalancerDriver(Balance(.shuffled), endpoints(10), seed: seed)
    let counts = driver.count(10_000)
    #expect(counts.count == 10 && counts.values.allSatisfy { (850...1_150).contains($0) })
  }

  @Test("weighted: in proportion to the weights, also without those that were tried", arguments: seeds.prefix(5))
  func weighted(seed: UInt64) {
    let list = [1.0, 2, 0, 7].enumerated().map { BalancedEndpoint("e\($0.offset)", weight: $0.element) }
    var driver = BalancerDriver(Balance(.weighted), list, seed: seed)
    let all = driver.count(10_000)
    #expect((850...1_150).contains(all[0] ?? 0) && (1_800...2_200).contains(all[1] ?? 0))
    #expect((6_800...7_200).contains(all[3] ?? 0) && all[2] ?? 0 < 20, "the least weight is a thousandth")
    let some = driver.count(9_000, excluding: [3, 0, 3])
    #expect(some[3] == nil && some[0] == nil && some[1] ?? 0 > 8_900)
    let others = driver.count(3_000, excluding: [3])
    #expect((850...1_150).contains(others[0] ?? 0) && (1_800...2_200).contains(others[1] ?? 0))
  }

  @Test("least loaded: the fewest running calls per weight; equals take turns")
  func leastLoaded() {
    var driver = BalancerDriver(Balance(.leastLoaded), endpoints(3))
    #expect((0..<6).map { _ in driver.choose()?.slot } == [0, 1, 2, 0, 1, 2])
    driver.balancer.began(0)
    driver.balancer.began(1)
    #expect(driver.count(10) == [2: 10])
    driver.balancer.began(2)
    driver.balancer.ended(1, .failure, latency: .zero, at: .origin)
    #expect(driver.count(10) == [1: 10])
    #expect(driver.choose(excluding: [1])?.slot == 0)
    _ = driver.balancer.update([BalancedEndpoint("e0", weight: 4), BalancedEndpoint("e1")], at: .origin)
    #expect(driver.count(10) == [0: 10], "two calls by four are less than one by one")
  }

  @Test("power of two choices: never the most loaded, when there is another", arguments: seeds.prefix(5))
  func powerOfTwo(seed: UInt64) {
    var driver = BalancerDriver(Balance(.powerOfTwoChoices), endpoints(5), seed: seed)
    for _ in 0..<3 { driver.balancer.began(2) }
    let counts = driver.count(5_000)
    #expect(counts[2] == nil && counts.count == 4)
    #expect(driver.count(10, excluding: [0, 1, 3, 4]) == [2: 10])
  }

  @Test("peak EWMA: a slow endpoint and a failing one get little, until the memory of it fades")
  func peakEWMA() {
    var driver = BalancerDriver(Balance(.peakEWMA(decay: .seconds(10), penalty: .seconds(1))), endpoints(3))
    for slot in 0..<3 {
      driver.balancer.began(slot)
      driver.balancer.ended(slot, slot == 2 ? .failure : .success, latency: .milliseconds(10), at: .origin)
    }
    #expect(driver.count(1_000)[2] == nil)
    // Nothing is remembered after 32 times the decay.
    for slot in 0..<2 {
      driver.balancer.began(slot)
      driver.balancer.ended(slot, .success, latency: .milliseconds(10), at: .seconds(320))
    }
    #expect(driver.count(1_000, 320)[2] ?? 0 > 500)
  }

  @Test("peak EWMA: who has not answered yet gets one call, and is then left in peace until it answers")
  func peakEWMANew() {
    var driver = BalancerDriver(Balance(.peakEWMA()), endpoints(2))
    driver.balancer.began(0)
    driver.balancer.ended(0, .success, latency: .milliseconds(50), at: .origin)
    #expect(driver.count(20) == [1: 20])
    driver.balancer.began(1)
    #expect(driver.count(20) == [0: 20])
    driver.balancer.ended(1, .ignorable, latency: .milliseconds(1), at: .origin)
    #expect(driver.count(20) == [0: 20], "it takes up its place until others would have answered")
    #expect(driver.count(20, 0.06) == [1: 20], "an ignorable call is no answer")
  }

  @Test("consistent hash: a key stays where it is; only the keys of an endpoint that left move")
  func consistentHash() {
    var driver = BalancerDriver(Balance(.consistentHash()), endpoints(10))
    let keys = (0..<2_000).map { StableHash.hash("key \($0)".utf8) }
    let before = keys.map { driver.choose(key: $0)?.slot ?? -1 }
    let shares = Dictionary(grouping: before, by: { $0 }).mapValues(\.count)
    #expect(shares.count == 10 && shares.values.allSatisfy { (100...320).contains($0) })
    _ = driver.balancer.update(endpoints(10).filter { $0.identity != "e4" }, at: .origin)
    let after = keys.map { driver.choose(key: $0)?.slot ?? -1 }
    for (old, new) in zip(before, after) { #expect(old == 4 ? new != 4 : new == old) }
    driver.balancer.setUnhealthy(2, at: .origin)
    #expect(keys.allSatisfy { driver.choose(key: $0)?.slot != 2 })
    driver.balancer.setHealthy(2)
    _ = driver.balancer.update(endpoints(10), at: .origin)
    #expect(keys.map { driver.choose(key: $0)?.slot ?? -1 } == before)
  }

  @Test("consistent hash: the places are the same in every process")
  func stableHash() {
    #expect(StableHash.hash([]) == StableHash.hash("".utf8))
    #expect(StableHash.hash("users/1".utf8) == 14_941_668_259_685_753_076)
  }

  @Test("consistent hash: a popular key spreads once its endpoint has more than its bound")
  func boundedLoad() {
    var driver = BalancerDriver(Balance(.consistentHash(bound: 1.25)), endpoints(10))
    var running: [Int: Int] = [:]
    for call in 1...1_000 {
      guard let choice = driver.choose(key: 42) else {
        Issue.record("nobody was chosen")
        return
      }
      driver.balancer.began(choice.slot)
      running[choice.slot, default: 0] += 1
      #expect(running[choice.slot] ?? 0 <= Int((1.25 * Double(call) / 10).rounded(.up)))
    }
    #expect(running.count >= 8)
    for _ in 0..<running[9, default: 0] { driver.balancer.ended(9, .success, latency: .zero, at: .origin) }
  }

  @Test("every algorithm excludes what was tried, until nobody is left", arguments: algorithms)
  func exclusion(algorithm: Balance.Algorithm) {
    var driver = BalancerDriver(Balance(algorithm, slowStart: .seconds(5)), endpoints(20))
    var tried: [Int] = []
    for _ in 0..<20 {
      guard let choice = driver.choose(excluding: tried, key: 7) else { break }
      #expect(!tried.contains(choice.slot))
      tried.append(choice.slot)
    }
    #expect(Set(tried) == Set(0..<20))
    #expect(driver.choose(excluding: tried, key: 7) == nil)
  }

  @Test("nobody is chosen from an empty list", arguments: algorithms)
  func empty(algorithm: Balance.Algorithm) {
    var driver = BalancerDriver(Balance(algorithm, zone: "a"))
    #expect(driver.choose() == nil)
    driver.balancer.began(5)
    driver.balancer.ended(5, .success, latency: .zero, at: .origin)
    driver.balancer.setUnhealthy(5, at: .origin)
    driver.balancer.setHealthy(5)
    #expect(driver.choose() == nil)
  }

  @Test(
    "an endpoint that fails at once has no more calls than others",
    arguments: [
      Balance.Algorithm.leastLoaded, .powerOfTwoChoices, .peakEWMA(decay: .seconds(10)),
    ])
  func failingFast(algorithm: Balance.Algorithm) {
    for verdict in [Verdict.failure, .ignorable] {
      var driver = BalancerDriver(Balance(algorithm), endpoints(3))
      var running: [(end: Double, slot: Int)] = []
      var counts = [0, 0, 0]
      // A call each millisecond; two endpoints take 20 ms for it, the first fails at once.
      for millisecond in 0..<10_000 {
        let now = Double(millisecond) / 1000
        for call in running where call.end <= now {
          driver.balancer.ended(call.slot, .success, latency: .milliseconds(20), at: .seconds(now))
        }
        running.removeAll { $0.end <= now }
        guard let slot = driver.choose(now)?.slot else { continue }
        driver.balancer.began(slot)
        if millisecond > 1_000 { counts[slot] += 1 }
        if slot == 0 {
          driver.balancer.ended(0, verdict, latency: .microseconds(100), at: .seconds(now))
        } else {
          running.append((now + 0.02, slot))
        }
      }
      #expect(counts[0] <= 3_150, "\(algorithm), \(verdict): \(counts)")
    }
  }

  @Test("peak EWMA: an endpoint that was never heard of is not asked for ever")
  func silentFromTheStart() {
    var driver = BalancerDriver(Balance(.peakEWMA()), endpoints(4))
    var counts = [0, 0, 0, 0]
    for millisecond in 0..<4_000 {
      let now = Double(millisecond) / 100
      guard let slot = driver.choose(now)?.slot else { continue }
      driver.balancer.began(slot)
      counts[slot] += 1
      // Callers give up early, so that it is never found to have failed.
      let (verdict, latency) = slot == 0 ? (Verdict.ignorable, Duration.milliseconds(50)) : (.success, .milliseconds(2))
      driver.balancer.ended(slot, verdict, latency: latency, at: .seconds(now))
    }
    #expect(counts[0] < 100, "\(counts)")
  }
}
