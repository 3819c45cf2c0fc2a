package import SeaThriftTime

extension BalancerStateMachine {
  /// Chooses the endpoint for an attempt; nil when none is left.
  ///
  /// An endpoint that was unhealthy is chosen for a probe alone, when its time of rest is over: at once, by the next call
  /// that may probe, but few at a time. So the calls find out who is back, and each loses one attempt for it at most.
  ///
  /// - Parameters:
  ///   - tried: The slots that the call was attempted on already, which are not chosen again. A handful: each costs a
  ///     step.
  ///   - key: What consistent hashing goes by, for example `StableHash.hash` of an argument.
  package mutating func choose(
    excluding tried: [Int] = [], key: UInt64 = 0, probing: Probing = .allowed, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> Choice? {
    advance(to: now)
    if isPanicking || due.isEmpty {
      let slot = pickInZone(excluding: tried, key: key, at: now, using: &random)
      return slot.map { take($0, isProbe: endpoints[$0].isDue) }
    }
    if probing == .allowed, probed < max(1, order.count / 10), let slot = probe(excluding: tried, key: key) {
      return take(slot, isProbe: true)
    }
    // Where the share of those that may be left out is bounded, some that are due are among the others.
    let known = pickInZone(
      excluding: tried + due.filter { !endpoints[$0].isEjected }, key: key, at: now, using: &random)
    if let known { return take(known, isProbe: false) }
    guard probing != .never else { return nil }
    let last = due.first { !tried.contains($0) && endpoints[$0].probes == 0 } ?? due.first { !tried.contains($0) }
    return last.map { take($0, isProbe: true) }
  }

  private mutating func take(_ slot: Int, isProbe: Bool) -> Choice {
    takeTurn(slot)
    return Choice(slot: slot, isPanic: isPanicking, isProbe: isProbe)
  }

  /// The endpoint whose probe is due, if the call would do its work there.
  private func probe(excluding tried: [Int], key: UInt64) -> Int? {
    let candidate: (Int) -> Bool = { [self] slot in endpoints[slot].probes == 0 && !tried.contains(slot) }
    switch settings.algorithm {
    case .inOrder:
      // Nobody needs to know of those behind the one that works.
      let works = candidates[0].first(in: order, excluding: tried).map { endpoints[$0].rank } ?? .max
      return due.filter { candidate($0) && endpoints[$0].rank < works }.min { endpoints[$0].rank < endpoints[$1].rank }
    case .consistentHash:
      let owner = ring.slot(for: key) { slot in
        (candidates[0].contains(slot) || endpoints[slot].isDue) && !tried.contains(slot)
      }
      return owner.flatMap { endpoints[$0].isDue && candidate($0) ? $0 : nil }
    default: return due.first(where: candidate)
    }
  }

  private mutating func pickInZone(
    excluding tried: [Int], key: UInt64, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Int? {
    var slot: Int?
    if staysInZone { slot = pickRamped(inZone: true, excluding: tried, key: key, at: now, using: &random) }
    // A retry leaves the zone when there is nobody new in it.
    return slot ?? pickRamped(inZone: false, excluding: tried, key: key, at: now, using: &random)
  }

  /// Whether enough of the own zone may be chosen to stay in it.
  private var staysInZone: Bool {
    candidates[1].count > 0 && Double(candidates[1].count) >= settings.zoneShare * Double(localCount) - 1e-9
  }

  /// Lets an endpoint in its slow start have only its part of the turns that it would get.
  private mutating func pickRamped(
    inZone: Bool, excluding tried: [Int], key: UInt64, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Int? {
    let picked = pick(inZone: inZone, excluding: tried, key: key, at: now, using: &random)
    guard let slowStart = settings.slowStart, now < slowStartEnd, hasRamp, let first = picked else { return picked }
    var slot = first
    var excluded = tried
    for _ in 0..<3 {
      let age = endpoints[slot].joined.duration(to: now)
      let share = max(age / slowStart, 0.1)
      if share >= 1 { return slot }
      excluded.append(slot)
      let next = pick(inZone: inZone, excluding: excluded, key: key, at: now, using: &random)
      let floods = next.map { isFlooded(slot, share: share, beside: $0) } ?? false
      if !floods, random.unit() < share { return slot }
      takeTurn(slot)
      guard let next else { break }
      slot = next
    }
    // Everyone is new; then nobody is.
    return first
  }

  /// The least loaded would get every call until it has as many as the others: hold it to its share of those, too.
  private func isFlooded(_ slot: Int, share: Double, beside other: Int) -> Bool {
    guard case .leastLoaded = settings.algorithm else { return false }
    let (new, old) = (endpoints[slot], endpoints[other])
    return Double(new.running) / new.weight > share * Double(old.running) / old.weight
  }

  private mutating func takeTurn(_ slot: Int) {
    choices += 1
    endpoints[slot].turn = choices
    loadChanged(slot, by: 0)
  }

  private var hasRamp: Bool {
    switch settings.algorithm {
    case .inOrder, .consistentHash: false
    default: true
    }
  }

  private mutating func pick(
    inZone: Bool, excluding tried: [Int], key: UInt64, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Int? {
    let index = inZone ? 1 : 0
    switch settings.algorithm {
    case .inOrder:
      return candidates[index].first(in: order, excluding: tried)
    case .roundRobin:
      return candidates[index].next(in: order, excluding: tried)
    case .shuffled:
      return candidates[index].random(excluding: tried, using: &random)
    case .weighted:
      return candidates[index].weighted(excluding: tried, using: &random)
    case .leastLoaded:
      return candidates[index].leastLoaded(excluding: tried)
    case .powerOfTwoChoices:
      return pickBetter(index, excluding: tried, using: &random) { $0.load }
    case .peakEWMA(let decay, let penalty):
      return pickBetter(index, excluding: tried, using: &random) { endpoint in
        // Nobody knows how fast it is: give it one call, and no second one before it answered.
        if !endpoint.hasAnswered { return endpoint.running == 0 ? 0 : penalty * endpoint.load }
        return endpoint.latency.value(decay: decay, at: now) * endpoint.load
      }
    case .consistentHash(_, let bound):
      return pickFromRing(index, excluding: tried, key: key, bound: bound)
    }
  }

  /// The cheaper of two at random.
  private func pickBetter(
    _ index: Int, excluding tried: [Int], using random: inout some RandomNumberGenerator,
    cost: (EndpointState) -> Double
  ) -> Int? {
    guard let first = candidates[index].random(excluding: tried, using: &random) else { return nil }
    guard let second = candidates[index].random(excluding: tried, and: first, using: &random) else { return first }
    return cost(endpoints[first]) <= cost(endpoints[second]) ? first : second
  }

  private func pickFromRing(_ index: Int, excluding tried: [Int], key: UInt64, bound: Double) -> Int? {
    guard candidates[index].count > 0 else { return nil }
    let fair = bound * Double(candidates[index].running + 1) / candidates[index].totalWeight
    let within = ring.slot(for: key) { slot in
      candidates[index].contains(slot) && !tried.contains(slot)
        && Double(endpoints[slot].running + 1) <= (fair * endpoints[slot].weight).rounded(.up)
    }
    return within ?? ring.slot(for: key) { candidates[index].contains($0) && !tried.contains($0) }
  }
}
