import Resilience
import SeaThriftTime
import Testing

@Suite("Balancing by health, zone and age")
struct BalancerHealthTests {
  @Test("an unhealthy endpoint is left out until it is reported healthy, or its time is over", arguments: algorithms)
  func unhealthy(algorithm: Balance.Algorithm) {
    var driver = BalancerDriver(Balance(algorithm), endpoints(2))
    driver.balancer.setUnhealthy(0, at: .origin)
    #expect(driver.count(50) == [1: 50])
    driver.balancer.setHealthy(0)
    driver.balancer.setUnhealthy(1, until: .seconds(10), at: .origin)
    #expect(driver.count(50, 9.99) == [0: 50])
    driver.balancer.setUnhealthy(0, until: .seconds(30), at: .origin)
    #expect(driver.choose(5) == nil)
    #expect(driver.count(50, 10) == [1: 50])
    driver.balancer.setUnhealthy(1, until: .seconds(20), at: .seconds(10))
    driver.balancer.setUnhealthy(1, until: .seconds(40), at: .seconds(10))
    #expect(driver.count(50, 30) == [0: 50], "the last word counts")
  }

  @Test("panic: when fewer than the share are healthy, all are chosen, and the choice says so")
  func panic() {
    var driver = BalancerDriver(Balance(.roundRobin, panicBelow: 0.5), endpoints(4))
    driver.balancer.setUnhealthy(0, at: .origin)
    driver.balancer.setUnhealthy(1, at: .origin)
    #expect(driver.balancer.isPanicking == false)
    #expect(driver.count(40) == [2: 20, 3: 20])
    driver.balancer.setUnhealthy(2, until: .seconds(10), at: .origin)
    #expect(driver.balancer.isPanicking)
    #expect(driver.count(40) == [0: 10, 1: 10, 2: 10, 3: 10])
    #expect(driver.choose()?.isPanic == true)
    #expect(driver.choose(10)?.isPanic == true, "that a probe is due is not yet that it is well")
    driver.balancer.setHealthy(2)
    #expect(driver.choose(10)?.isPanic == false)
    #expect(driver.count(40, 10) == [2: 20, 3: 20])
  }

  @Test("an endpoint whose rest is over gets probes alone, one at a time, from first attempts, until it is well")
  func probes() {
    var driver = BalancerDriver(Balance(.roundRobin), endpoints(4))
    driver.balancer.setUnhealthy(1, until: .seconds(10), at: .origin)
    driver.balancer.setUnhealthy(2, until: .seconds(10), at: .origin)
    func choose(_ probing: BalancerStateMachine.Probing, excluding tried: [Int] = []) -> BalancerStateMachine.Choice? {
      driver.choose(excluding: tried, probing: probing, 10)
    }
    #expect(
      (0..<4).map { _ in choose(.ifNothingElse)?.slot } == [0, 3, 0, 3], "a retry goes where it is known to work")
    let probe = choose(.allowed)
    #expect(probe?.slot == 1 && probe?.isProbe == true)
    driver.balancer.began(1, isProbe: true)
    #expect((0..<4).map { _ in choose(.allowed)?.slot } == [0, 3, 0, 3], "one probe at a time")
    driver.balancer.ended(1, .failure, latency: .seconds(1), isProbe: true, at: .seconds(10))
    driver.balancer.setUnhealthy(1, until: .seconds(20), at: .seconds(10))
    #expect(choose(.allowed)?.slot == 2, "the next one's turn")
    driver.balancer.setHealthy(2)
    #expect(Set((0..<6).compactMap { _ in choose(.allowed)?.slot }) == [0, 2, 3])
    // Where nothing is known to work, a retry may find out; but not a call that has found out already.
    driver.balancer.setUnhealthy(2, until: .seconds(10), at: .seconds(10))
    #expect(choose(.ifNothingElse, excluding: [0, 3])?.isProbe == true)
    #expect(choose(.never, excluding: [0, 3]) == nil)
  }

  @Test("in order, an endpoint that is well again is found out only before the first that works")
  func probesInOrder() {
    var driver = BalancerDriver(Balance(.inOrder), endpoints(3))
    driver.balancer.setUnhealthy(0, until: .seconds(10), at: .origin)
    driver.balancer.setUnhealthy(2, until: .seconds(10), at: .origin)
    let first = driver.choose(10)
    #expect(first?.slot == 0 && first?.isProbe == true)
    driver.balancer.setHealthy(0)
    #expect(driver.choose(10)?.slot == 0)
    #expect(driver.choose(excluding: [0], 10)?.slot == 1, "nobody needs to know of the last")
  }

  @Test("a key goes on to its endpoint when that is due, and to no other endpoint for the sake of a probe")
  func probesByKey() {
    var driver = BalancerDriver(Balance(.consistentHash(points: 50, bound: 100)), endpoints(5))
    let keys = (0..<100).map { StableHash.hash("key \($0)".utf8) }
    let owners = keys.map { driver.choose(key: $0)?.slot }
    driver.balancer.setUnhealthy(3, until: .seconds(10), at: .origin)
    for (key, owner) in zip(keys, owners) where owner != 3 { #expect(driver.choose(key: key, 10)?.slot == owner) }
    for (key, owner) in zip(keys, owners) where owner == 3 {
      let choice = driver.choose(key: key, 10)
      #expect(choice?.slot == 3 && choice?.isProbe == true)
    }
  }

  @Test("no more than the share is left out; the first to become unhealthy are")
  func ejectionCap() {
    var driver = BalancerDriver(Balance(.roundRobin, maxEjected: 0.5), endpoints(4))
    for slot in [3, 1, 0] { driver.balancer.setUnhealthy(slot, at: .origin) }
    #expect(driver.count(40) == [0: 20, 2: 20])
    driver.balancer.setHealthy(3)
    #expect(driver.count(40) == [2: 20, 3: 20], "the next in line takes its place")
    #expect(driver.balancer.candidateCount == 2)
  }

  @Test("the own zone is preferred while enough of it may be chosen; a retry may leave it", arguments: algorithms)
  func zone(algorithm: Balance.Algorithm) {
    let list = (0..<6).map { BalancedEndpoint("e\($0)", zone: $0 < 4 ? "near" : "far") }
    var driver = BalancerDriver(Balance(algorithm, zone: "near", zoneShare: 0.5), list)
    func zones(_ seconds: Double = 0) -> Set<Int> {
      Set((0..<200).compactMap { driver.choose(key: StableHash.hash("\($0)".utf8), seconds)?.slot })
    }
    #expect(zones().isDisjoint(with: [4, 5]))
    #expect(driver.choose(excluding: [0, 1, 2, 3]).map { $0.slot >= 4 } == true)
    driver.balancer.setUnhealthy(0, at: .origin)
    driver.balancer.setUnhealthy(1, at: .origin)
    #expect(zones().isSubset(of: [2, 3]))
    driver.balancer.setUnhealthy(2, at: .origin)
    #expect(zones().isSubset(of: [3, 4, 5]))
    if algorithm != .inOrder { #expect(zones() == [3, 4, 5]) }
    driver.balancer.setHealthy(1)
    #expect(zones().isSubset(of: [1, 3]))
  }

  @Test(
    "slow start: a new endpoint gets a tenth of its share at first, half of it at half the time, then all",
    arguments: [Balance.Algorithm.shuffled, .roundRobin, .weighted, .leastLoaded, .powerOfTwoChoices])
  func slowStart(algorithm: Balance.Algorithm) {
    var driver = BalancerDriver(Balance(algorithm, slowStart: .seconds(100)), endpoints(9))
    let start = driver.count(9_000)
    #expect(start.values.allSatisfy { $0 > 700 }, "those there from the start are not new")
    _ = driver.balancer.update(endpoints(10), at: .seconds(1_000))
    for (second, range) in [(1_000.0, 50...180), (1_050, 400...600), (1_100, 850...1_150)] {
      let counts = driver.count(10_000, second)
      #expect(range.contains(counts[9] ?? 0), "\(algorithm), second \(second)")
    }
  }

  @Test("slow start: the least loaded is not flooded for having no load yet")
  func slowStartUnderLoad() {
    var driver = BalancerDriver(Balance(.leastLoaded, slowStart: .seconds(100)), endpoints(9))
    for slot in 0..<9 { for _ in 0..<20 { driver.balancer.began(slot) } }
    _ = driver.balancer.update(endpoints(10), at: .seconds(1_000))
    for (second, most) in [(1_000.0, 4), (1_050, 20)] {
      for _ in 0..<90 {
        guard let choice = driver.choose(second) else { continue }
        driver.balancer.began(choice.slot)
      }
      for slot in 0..<9 { for _ in 0..<10 { driver.balancer.ended(slot, .success, latency: .zero, at: .origin) } }
      let running = driver.balancer.running(on: 9)
      #expect(running > 0 && running <= most, "second \(second)")
    }
  }

  @Test("when all are new, none is held back for it")
  func allNew() {
    var driver = BalancerDriver(Balance(.roundRobin, slowStart: .seconds(100)), endpoints(1))
    _ = driver.balancer.update((10..<14).map { BalancedEndpoint("e\($0)") }, at: .seconds(1))
    #expect(driver.count(400, 1).values.reduce(0, +) == 400)
  }

  @Test("an endpoint keeps its slot and what is known about it while the list changes around it")
  func update() {
    var driver = BalancerDriver(Balance(.leastLoaded), endpoints(3))
    driver.balancer.began(1)
    driver.balancer.setUnhealthy(2, at: .origin)
    let slots = driver.balancer.update(
      [BalancedEndpoint("new"), BalancedEndpoint("e2"), BalancedEndpoint("e1"), BalancedEndpoint("e2")], at: .origin)
    #expect(slots == [3, 2, 1, 2])
    #expect(driver.count(10) == [3: 10], "e1 has a call, e2 is unhealthy")
    // e0 is gone, and its slot free.
    #expect(driver.balancer.update([BalancedEndpoint("x"), BalancedEndpoint("e1")], at: .origin) == [0, 1])
  }

  @Test("an endpoint that left with calls running keeps its slot until they end")
  func retired() {
    var driver = BalancerDriver(Balance(.leastLoaded), endpoints(2))
    driver.balancer.began(0)
    driver.balancer.setUnhealthy(0, at: .origin)
    #expect(driver.balancer.update([BalancedEndpoint("e1")], at: .origin) == [1])
    #expect(driver.balancer.update([BalancedEndpoint("a"), BalancedEndpoint("e1")], at: .origin) == [2, 1])
    #expect(driver.balancer.update([BalancedEndpoint("e0")], at: .origin) == [0], "it came back")
    #expect(driver.count(5) == [0: 5], "and is not unhealthy any more")
    driver.balancer.setUnhealthy(0, at: .origin)
    #expect(driver.choose() == nil)
    #expect(driver.balancer.update([BalancedEndpoint("b")], at: .origin) == [1], "not 0, which has a call")
    driver.balancer.ended(0, .success, latency: .zero, at: .origin)
    driver.balancer.ended(0, .success, latency: .zero, at: .origin)
    #expect(driver.balancer.update([BalancedEndpoint("b"), BalancedEndpoint("c")], at: .origin) == [1, 0])
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(
      policyError(Balance(panicBelow: 2).validate)?.description == "Balance.panicBelow is 2.0, allowed is 0.0...1.0")
    #expect(policyError(Balance(.peakEWMA(decay: .zero)).validate)?.field == "peakEWMA.decay")
    #expect(policyError(Balance(.consistentHash(points: 0)).validate)?.field == "consistentHash.points")
    #expect(policyError(Balance(.consistentHash(bound: 1)).validate)?.field == "consistentHash.bound")
    #expect(policyError(Balance(slowStart: .zero).validate)?.field == "slowStart")
    #expect(policyError(Balance(zoneShare: .nan).validate)?.field == "zoneShare")
    for algorithm in algorithms {
      let balance = Balance(
        algorithm, panicBelow: 0.5, maxEjected: 0.3, slowStart: .seconds(3), zone: "z", zoneShare: 0.1)
      #expect(policyError(balance.validate) == nil)
      try expectRoundTrip(balance)
    }
    try expectRoundTrip(Balance(.peakEWMA(decay: .seconds(3), penalty: .milliseconds(7))))
    try expectRoundTrip(Balance(.consistentHash(points: 3, bound: 2)))
  }
}
