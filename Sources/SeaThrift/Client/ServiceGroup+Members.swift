import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The endpoints of a group, and what it knows of each.
extension ServiceGroup {
  /// The endpoint of a slot of the balancer.
  func member(slot: Int) -> GroupMember {
    if slot < membersBySlot.count, let member = membersBySlot[slot] { return member }
    let member = member(for: addresses[slot])
    attach(member, to: slot)
    return member
  }

  func member(for address: EndpointAddress) -> GroupMember {
    if let member = membersByAddress[address] { return member }
    var configuration = configuration
    configuration.policy = plans.policy
    let endpoint = Endpoint(address, configuration: configuration, loop: loop)
    let member = GroupMember(endpoint, at: loop.now)
    endpoint.assumeIsolated { endpoint in
      endpoint.breakerListener = { [weak self, weak member] state, until in
        self?.assumeIsolated { group in
          if let slot = member?.slot { group.breakerChanged(slot, state, until) }
          if state == .open, let until { group.tellOthers(that: address, isOpenUntil: until) }
        }
      }
      endpoint.minimum.changed = { [weak self] in self?.assumeIsolated { $0.life?.wakeUp() } }
    }
    membersByAddress[address] = member
    members.append(member)
    setReaper()
    sayLaterIfLifeless()
    return member
  }

  /// Takes the slots of a new list: what is known of an endpoint goes with it to its slot.
  func attachMembers(to slots: [Int]) {
    for member in members { member.slot = nil }
    setKeepsMinimum(false)
    membersBySlot = []
    for slot in slots {
      if let member = membersByAddress[addresses[slot]] { attach(member, to: slot) }
    }
  }

  private func attach(_ member: GroupMember, to slot: Int) {
    member.slot = slot
    while membersBySlot.count <= slot { membersBySlot.append(nil) }
    membersBySlot[slot] = member
    let breaker = member.endpoint.assumeIsolated { $0.breaker?.machine }
    if let breaker, breaker.state != .closed { breakerChanged(slot, breaker.state, breaker.reopensAt) }
  }

  /// How many calls the endpoints have room for that may be chosen. Where something stands around the attempts, calls may
  /// wait there or do without any.
  ///
  /// Never none: when all circuits are open it is the calls that find out who is back.
  func setPlaces() {
    let pool = plans.policy.perEndpoint.pool
    let isKnown = plans.hasNothingAround && !listed.isEmpty && !configuration.errors.fullPoolIsFailure
    gate.set(plans.meetsGroupLimitsFirst ? plans.limits : nil)
    gate.set(isKnown ? pool.waiters.map { max(1, balancer.candidateCount) * (pool.size + $0) } : nil)
  }

  private func breakerChanged(_ slot: Int, _ state: CircuitBreaker.State, _ until: Instant?) {
    defer {
      setPlaces()
      life?.wakeUp()
    }
    switch state {
    case .closed: balancer.setHealthy(slot)
    case .open: balancer.setUnhealthy(slot, until: until ?? .distantFuture, at: loop.now)
    // A probe is due, or under way.
    case .halfOpen: balancer.setUnhealthy(slot, until: loop.now, at: loop.now)
    }
  }

  /// Has the circuit of an endpoint opened on the other loops, too. What was only heard of is told to nobody.
  private func tellOthers(that address: EndpointAddress, isOpenUntil until: Instant) {
    if isHearing { return }
    for other in others.groups {
      other.loop.execute { [weak other] in
        other?.assumeIsolated { group in
          if group.isClosed { return }
          group.isHearing = true
          group.member(for: address).endpoint.assumeIsolated { $0.learn(openUntil: until) }
          group.isHearing = false
        }
      }
    }
  }

  private func setReaper() {
    guard reaper == nil, configuration.endpointIdle != nil else { return }
    reaper = loop.schedule(
      at: loop.now.advanced(by: configuration.reapInterval),
      .call { [weak self] in
        self?.assumeIsolated { $0.reap() }
      })
  }

  /// Closes the endpoints that no call used for some time: those that a changing source no longer names.
  ///
  /// An endpoint whose circuit is not closed is unused for that very reason: what is known of it is kept, for as long as it
  /// is listed, or may come back before its next probe would have been due.
  private func reap() {
    reaper = nil
    guard let idle = configuration.endpointIdle else { return }
    let now = loop.now
    members.removeAll { member in
      guard member.attempts == 0, member.lastUsed.duration(to: now) >= idle else { return false }
      if member.endpoint.assumeIsolated({ $0.pool.isKept }) { return false }
      let memory = member.endpoint.assumeIsolated { $0.memory }
      if memory > .zero {
        guard member.slot == nil, member.lastUsed.duration(to: now) >= idle + memory else { return false }
      }
      member.endpoint.assumeIsolated { $0.close() }
      membersByAddress[member.endpoint.address] = nil
      if let slot = member.slot, slot < membersBySlot.count { membersBySlot[slot] = nil }
      return true
    }
    if !members.isEmpty { setReaper() }
  }
}
