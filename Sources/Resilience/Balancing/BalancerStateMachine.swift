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

  var endpoints: [EndpointState] = []
  /// What the list says of each slot.
  var items: [BalancedEndpoint] = []
  var slots: [String: Int] = [:]
  var freeSlots: [Int] = []
  /// The slots in the order of the list.
  var order: [Int] = []
  /// Those in the list that are unhealthy, the first to become so first.
  var unhealthy: [Int] = []
  var earliestReturn = Instant.distantFuture
  var slowStartEnd = Instant(nanoseconds: .min)

  /// All that may be chosen, and those in the own zone.
  var candidates: [CandidateSet]
  var localCount = 0
  var ring = HashRing()
  var choices: UInt64 = 0

  /// Whether health is not looked at, because too few are healthy.
  package internal(set) var isPanicking = false

  /// How many endpoints may be chosen.
  package var candidateCount: Int { candidates[0].count }

  /// Creates a balancer of no endpoints.
  package init(_ policy: Balance = Balance()) {
    settings = Settings(policy)
    candidates = [CandidateSet(capacity: 0, forms: []), CandidateSet(capacity: 0, forms: [])]
  }

  /// How many attempts run on an endpoint.
  package func running(on slot: Int) -> Int { endpoints.indices.contains(slot) ? endpoints[slot].running : 0 }

  /// Takes a new list. What is known about endpoints that stay is kept; a second one with the same identity is ignored.
  /// Returns the slot of each.
  package mutating func update(_ list: [BalancedEndpoint], at now: Instant) -> [Int] {
    // Those there from the start are all equally new.
    let joined = order.isEmpty ? Instant(nanoseconds: .min) : now
    for slot in order { endpoints[slot].rank = -1 }
    let previous = order
    order = []
    let result = list.map { place($0, joined: joined) }
    for slot in unhealthy where !endpoints[slot].isListed { endpoints[slot].isUnhealthy = false }
    unhealthy.removeAll { !endpoints[$0].isUnhealthy }
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
    guard endpoints.indices.contains(slot), endpoints[slot].isListed else { return }
    endpoints[slot].unhealthyUntil = until
    if !endpoints[slot].isUnhealthy {
      endpoints[slot].isUnhealthy = true
      unhealthy.append(slot)
    }
    reconsider()
  }

  /// An endpoint is well again.
  package mutating func setHealthy(_ slot: Int) {
    guard endpoints.indices.contains(slot), endpoints[slot].isUnhealthy else { return }
    endpoints[slot].isUnhealthy = false
    unhealthy.removeAll { $0 == slot }
    reconsider()
  }

  /// An attempt begins on an endpoint that was chosen.
  package mutating func began(_ slot: Int) {
    guard endpoints.indices.contains(slot), endpoints[slot].isUsed else { return }
    endpoints[slot].running += 1
    loadChanged(slot, by: 1)
  }

  /// An attempt ended. Only peak EWMA looks at how and after what time.
  package mutating func ended(_ slot: Int, _ verdict: Verdict, latency: Duration, at now: Instant) {
    guard endpoints.indices.contains(slot), endpoints[slot].running > 0 else { return }
    if case .peakEWMA(let decay, let penalty) = settings.algorithm, verdict != .ignorable {
      let latency = Double(max(latency.wholeNanoseconds, 0))
      endpoints[slot].latency.observe(verdict == .success ? latency : max(latency, penalty), decay: decay, at: now)
      endpoints[slot].hasAnswered = true
    }
    endpoints[slot].running -= 1
    loadChanged(slot, by: -1)
    freeIfUnused(slot)
  }

  /// An endpoint has so many calls more than before, or had its turn.
  mutating func loadChanged(_ slot: Int, by change: Int) {
    let endpoint = endpoints[slot]
    guard endpoint.isListed else { return }
    candidates[0].loadChanged(slot, endpoint, by: change)
    if endpoint.isLocal { candidates[1].loadChanged(slot, endpoint, by: change) }
  }
}
