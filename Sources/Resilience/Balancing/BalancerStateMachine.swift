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
    /// Whether the attempt finds out if the endpoint is well again.
    package let isProbe: Bool
  }

  /// What a call may be used for.
  package enum Probing: Hashable, Sendable {
    /// A first attempt: it may find out whether an endpoint is well again, where another could do its work.
    case allowed
    /// A further attempt: it goes to an endpoint that is known to work, if there is one.
    case ifNothingElse
    /// A call that has found out already, or never should.
    case never
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
  /// Those of them whose time is over, the first first.
  var due: [Int] = []
  /// How many of those have a probe.
  var probed = 0
  var slowStartEnd = Instant(nanoseconds: .min)

  /// All that may be chosen, and those in the own zone.
  var candidates: [CandidateSet]
  var localCount = 0
  var ring = HashRing()
  var choices: UInt64 = 0
  /// Attempts that brought nothing, which take up their places until others would have brought something.
  var failed = FailedAttempts()

  /// Whether health is not looked at, because too few are healthy.
  package internal(set) var isPanicking = false

  /// How many endpoints may be chosen.
  package var candidateCount: Int { candidates[0].count }

  /// How many endpoints may be chosen that are none of these.
  package func candidateCount(besides slots: [Int]) -> Int {
    candidateCount - slots.count { endpoints.indices.contains($0) && candidates[0].contains($0) }
  }

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
    for slot in unhealthy where !endpoints[slot].isListed { forget(slot) }
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

  /// An endpoint should not be chosen, until `until`, when a probe is due, or until it is reported healthy. Reporting it
  /// again changes the time.
  package mutating func setUnhealthy(_ slot: Int, until: Instant = .distantFuture, at now: Instant) {
    advance(to: now)
    guard endpoints.indices.contains(slot), endpoints[slot].isListed else { return }
    if endpoints[slot].isDue { due.removeAll { $0 == slot } }
    endpoints[slot].isDue = false
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
    forget(slot)
    unhealthy.removeAll { $0 == slot }
    reconsider()
  }

  /// Forgets that an endpoint was unhealthy.
  private mutating func forget(_ slot: Int) {
    if endpoints[slot].isDue { due.removeAll { $0 == slot } }
    endpoints[slot].isUnhealthy = false
    endpoints[slot].isDue = false
  }

  /// An attempt begins on an endpoint that was chosen.
  package mutating func began(_ slot: Int, isProbe: Bool = false) {
    guard endpoints.indices.contains(slot), endpoints[slot].isUsed else { return }
    if isProbe {
      if endpoints[slot].probes == 0 { probed += 1 }
      endpoints[slot].probes += 1
    }
    endpoints[slot].running += 1
    loadChanged(slot, by: 1)
  }

  /// An attempt ended.
  ///
  /// One that brought nothing takes up its place for as long as others take to bring something, so that an endpoint which
  /// fails, or refuses, at once does not look like one that has nothing to do.
  package mutating func ended(
    _ slot: Int, _ verdict: Verdict, latency: Duration, isProbe: Bool = false, at now: Instant
  ) {
    guard endpoints.indices.contains(slot), endpoints[slot].running > 0 else { return }
    let latency = max(latency.wholeNanoseconds, 0)
    if case .peakEWMA(let decay, let penalty) = settings.algorithm {
      observe(slot, verdict, Double(latency), decay: decay, penalty: penalty, at: now)
    }
    if isProbe { probeEnded(slot) }
    if verdict == .success {
      failed.succeeded(after: latency)
    } else if failed.hold(slot, began: now.nanoseconds - latency, at: now.nanoseconds) {
      return
    }
    release(slot)
  }

  private mutating func observe(
    _ slot: Int, _ verdict: Verdict, _ latency: Double, decay: Double, penalty: Double, at now: Instant
  ) {
    switch verdict {
    case .success:
      endpoints[slot].emptyHanded = 0
      endpoints[slot].latency.observe(latency, decay: decay, at: now)
    case .failure: endpoints[slot].latency.observe(max(latency, penalty), decay: decay, at: now)
    case .ignorable:
      // It would have taken longer than this: that can make it look slower, but never faster. One that brings nothing again
      // and again, whoever's fault it is, does not look faster than others.
      let known = endpoints[slot].hasAnswered ? endpoints[slot].latency.value(decay: decay, at: now) : failed.usual
      endpoints[slot].emptyHanded += 1
      let isSuspicious = endpoints[slot].emptyHanded > 2 && failed.usual > 0
      let observed = isSuspicious ? max(latency, failed.usual) : latency
      if observed <= known || failed.usual == 0 { return }
      endpoints[slot].latency.observe(observed, decay: decay, at: now)
    }
    endpoints[slot].hasAnswered = true
  }

  /// An attempt that was begun was not made after all.
  package mutating func abandoned(_ slot: Int, isProbe: Bool = false) {
    guard endpoints.indices.contains(slot), endpoints[slot].running > 0 else { return }
    if isProbe { probeEnded(slot) }
    release(slot)
  }

  private mutating func probeEnded(_ slot: Int) {
    guard endpoints[slot].probes > 0 else { return }
    endpoints[slot].probes -= 1
    if endpoints[slot].probes == 0 { probed -= 1 }
  }

  /// An attempt does not take up its place any more.
  mutating func release(_ slot: Int) {
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
