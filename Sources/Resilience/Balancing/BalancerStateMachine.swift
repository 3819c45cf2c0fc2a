package import SeaThriftTime

/// Chooses endpoints, from what it is told about them: the list, which are unhealthy, which calls run, how they ended.
///
/// An endpoint has a *slot*, a small number that it keeps while it is in the list or has running calls. A choice takes
/// constant or logarithmic time in the number of endpoints (around the ring of a consistent hash, as many steps as there
/// are places in a row that may not be chosen); a change of the list or of an endpoint's health takes linear time.
/// Memory is linear in the endpoints.
package struct BalancerStateMachine: Sendable {
  /// The endpoint for one attempt.
  package struct Choice: Hashable, Sendable {
    /// Its slot.
    package let slot: Int
    /// Whether so few endpoints are healthy that health was not looked at: the attempt should be made even if the
    /// endpoint's breaker is open.
    package let isPanic: Bool
  }

  var settings: Settings

  var endpoints: [EndpointState?] = []
  private var slots: [String: Int] = [:]
  private var freeSlots: [Int] = []
  /// The slots in the order of the list.
  private(set) var order: [Int] = []
  /// Those in the list that are unhealthy, the first to become so first.
  private var unhealthy: [Int] = []
  private var earliestReturn = Instant.distantFuture
  private var localCount = 0
  var slowStartEnd = Instant(nanoseconds: .min)

  /// All that may be chosen, and those in the own zone.
  var candidates: [CandidateSet]
  var ring = HashRing()
  var choices: UInt64 = 0

  /// Whether health is not looked at, because too few are healthy.
  package private(set) var isPanicking = false

  /// How many endpoints may be chosen.
  package var candidateCount: Int { candidates[0].count }

  /// How many attempts run on an endpoint.
  package func running(on slot: Int) -> Int { endpoints.indices.contains(slot) ? endpoints[slot]?.running ?? 0 : 0 }

  /// Creates a balancer of no endpoints.
  package init(_ policy: Balance = Balance()) {
    settings = Settings(policy)
    candidates = [CandidateSet(capacity: 0, forms: []), CandidateSet(capacity: 0, forms: [])]
  }

  /// Whether enough of the own zone may be chosen to stay in it.
  var staysInZone: Bool {
    localCount > 0 && candidates[1].count > 0
      && Double(candidates[1].count) >= settings.zoneShare * Double(localCount) - 1e-9
  }

  /// Takes a new list. What is known about endpoints that stay is kept; a second one with the same identity is ignored.
  /// Returns the slot of each.
  package mutating func update(_ list: [BalancedEndpoint], at now: Instant) -> [Int] {
    // Those there from the start are all equally new.
    let joined = order.isEmpty ? Instant(nanoseconds: .min) : now
    for slot in order { endpoints[slot]?.rank = -1 }
    let previous = order
    order = []
    let result = list.map { place($0, joined: joined) }
    for slot in unhealthy where endpoints[slot]?.rank ?? -1 < 0 { endpoints[slot]?.isUnhealthy = false }
    unhealthy.removeAll { !(endpoints[$0]?.isUnhealthy ?? false) }
    for slot in previous { freeIfUnused(slot) }
    rebuild()
    return result
  }

  /// Takes a new policy; what is known about the endpoints is kept.
  package mutating func update(_ policy: Balance) {
    settings = Settings(policy)
    rebuild()
  }

  /// An endpoint should not be chosen, until `until` or until it is reported healthy. Reporting it again changes the
  /// time.
  package mutating func setUnhealthy(_ slot: Int, until: Instant = .distantFuture, at now: Instant) {
    readmit(at: now)
    guard endpoints.indices.contains(slot), let endpoint = endpoints[slot], endpoint.rank >= 0 else { return }
    endpoints[slot]?.unhealthyUntil = until
    if !endpoint.isUnhealthy {
      endpoints[slot]?.isUnhealthy = true
      unhealthy.append(slot)
    }
    reconsider()
  }

  /// An endpoint is well again.
  package mutating func setHealthy(_ slot: Int) {
    guard endpoints.indices.contains(slot), endpoints[slot]?.isUnhealthy ?? false else { return }
    endpoints[slot]?.isUnhealthy = false
    unhealthy.removeAll { $0 == slot }
    reconsider()
  }

  /// An attempt begins on an endpoint that was chosen.
  package mutating func began(_ slot: Int) { changeLoad(slot, by: 1) }

  /// An attempt ended. Only peak EWMA looks at how and after what time.
  package mutating func ended(_ slot: Int, _ verdict: Verdict, latency: Duration, at now: Instant) {
    guard endpoints.indices.contains(slot), endpoints[slot]?.running ?? 0 > 0 else { return }
    if case .peakEWMA(let decay, let penalty) = settings.algorithm, verdict != .ignorable {
      let observed = verdict == .success ? latency : max(latency, penalty)
      endpoints[slot]?.latency.observe(observed, decay: Double(decay.wholeNanoseconds), at: now)
      endpoints[slot]?.hasAnswered = true
    }
    changeLoad(slot, by: -1)
    freeIfUnused(slot)
  }

  /// Lets those be chosen again whose time is over.
  mutating func readmit(at now: Instant) {
    guard now >= earliestReturn else { return }
    for slot in unhealthy where endpoints[slot]?.unhealthyUntil ?? now <= now { endpoints[slot]?.isUnhealthy = false }
    unhealthy.removeAll { !(endpoints[$0]?.isUnhealthy ?? false) }
    reconsider()
  }
}

extension BalancerStateMachine {
  /// Gives an endpoint of the list its slot and its rank.
  private mutating func place(_ item: BalancedEndpoint, joined: Instant) -> Int {
    let slot: Int
    if let known = slots[item.identity] {
      slot = known
      if endpoints[slot]?.rank ?? -1 >= 0 { return slot }
    } else {
      slot = freeSlots.popLast() ?? endpoints.count
      if slot == endpoints.count { endpoints.append(nil) }
      endpoints[slot] = EndpointState(identity: item.identity, joined: joined)
      slots[item.identity] = slot
      if let slowStart = settings.slowStart { slowStartEnd = max(slowStartEnd, joined.advanced(by: slowStart)) }
    }
    endpoints[slot]?.weight = PolicyCheck.clamp(item.weight, to: 0.001...1_000)
    endpoints[slot]?.zone = item.zone
    endpoints[slot]?.rank = order.count
    order.append(slot)
    return slot
  }

  private mutating func freeIfUnused(_ slot: Int) {
    guard let endpoint = endpoints[slot], endpoint.rank < 0, endpoint.running == 0 else { return }
    slots[endpoint.identity] = nil
    endpoints[slot] = nil
    freeSlots.append(slot)
  }

  private mutating func changeLoad(_ slot: Int, by change: Int) {
    guard endpoints.indices.contains(slot), endpoints[slot] != nil else { return }
    endpoints[slot]?.running += change
    loadChanged(slot, by: change)
  }

  mutating func loadChanged(_ slot: Int, by change: Int) {
    guard let endpoint = endpoints[slot], endpoint.rank >= 0 else { return }
    for index in candidates.indices { candidates[index].loadChanged(slot, endpoint, by: change) }
  }

  /// Makes the candidates anew after the list changed.
  private mutating func rebuild() {
    let forms: CandidateSet.Forms =
      switch settings.algorithm {
      case .inOrder, .roundRobin: .ranks
      case .weighted: .weights
      case .leastLoaded: .loads
      default: []
      }
    candidates = candidates.map { CandidateSet(capacity: endpoints.count, forms: forms, after: $0) }
    localCount = 0
    for slot in order {
      guard var endpoint = endpoints[slot] else { continue }
      endpoint.isEjected = false
      endpoint.isLocal = settings.zone != nil && endpoint.zone == settings.zone
      endpoints[slot] = endpoint
      candidates[0].insert(slot, endpoint)
      if endpoint.isLocal {
        localCount += 1
        candidates[1].insert(slot, endpoint)
      }
    }
    if case .consistentHash(let points, _) = settings.algorithm {
      ring.update(
        Set(
          order.compactMap { slot in
            endpoints[slot].map {
              let places = PolicyCheck.clamp(Double(points) * $0.weight, to: 1...10_000)
              return HashRing.Member(
                slot: slot, identity: StableHash.hash($0.identity.utf8), points: Int(places))
            }
          }))
    }
    reconsider()
  }

  /// Decides anew who is left out, after the health of one changed.
  private mutating func reconsider() {
    let healthy = order.count - unhealthy.count
    isPanicking = !order.isEmpty && Double(healthy) < settings.panicBelow * Double(order.count) - 1e-9
    let ejected = isPanicking ? 0 : min(unhealthy.count, Int(settings.maxEjected * Double(order.count) + 1e-9))
    let out = unhealthy[..<ejected]
    earliestReturn = .distantFuture
    for slot in unhealthy { earliestReturn = min(earliestReturn, endpoints[slot]?.unhealthyUntil ?? .distantFuture) }
    // First those that come back: among `order`, all that are ejected and should not be.
    let stay = Set(out)
    for slot in order where endpoints[slot]?.isEjected ?? false && !stay.contains(slot) { setEjected(slot, false) }
    for slot in out where !(endpoints[slot]?.isEjected ?? true) { setEjected(slot, true) }
  }

  private mutating func setEjected(_ slot: Int, _ isEjected: Bool) {
    guard let endpoint = endpoints[slot] else { return }
    endpoints[slot]?.isEjected = isEjected
    for index in endpoint.isLocal ? 0..<2 : 0..<1 {
      if isEjected { candidates[index].remove(slot, endpoint) } else { candidates[index].insert(slot, endpoint) }
    }
  }
}
