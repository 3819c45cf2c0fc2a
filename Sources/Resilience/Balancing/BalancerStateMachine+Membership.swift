import SeaThriftTime

extension BalancerStateMachine {
  /// Gives an endpoint of the list its slot and its rank.
  mutating func place(_ item: BalancedEndpoint, joined: Instant) -> Int {
    let slot: Int
    if let known = slots[item.identity] {
      slot = known
      if endpoints[slot].isListed { return slot }
      items[slot] = item
    } else if let free = freeSlots.popLast() {
      slot = free
      endpoints[slot] = EndpointState(joined: joined)
      items[slot] = item
    } else {
      slot = endpoints.count
      endpoints.append(EndpointState(joined: joined))
      items.append(item)
    }
    slots[item.identity] = slot
    if let slowStart = settings.slowStart {
      slowStartEnd = max(slowStartEnd, endpoints[slot].joined.advanced(by: slowStart))
    }
    endpoints[slot].weight = PolicyCheck.clamp(item.weight, to: 0.001...1_000)
    endpoints[slot].rank = order.count
    order.append(slot)
    return slot
  }

  mutating func freeIfUnused(_ slot: Int) {
    guard endpoints[slot].isUsed, !endpoints[slot].isListed, endpoints[slot].running == 0 else { return }
    endpoints[slot].isUsed = false
    slots[items[slot].identity] = nil
    freeSlots.append(slot)
  }

  /// Makes the candidates anew after the list or the policy changed.
  mutating func rebuild() {
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
      endpoints[slot].isEjected = false
      endpoints[slot].isLocal = settings.zone != nil && items[slot].zone == settings.zone
      candidates[0].insert(slot, endpoints[slot])
      if endpoints[slot].isLocal {
        localCount += 1
        candidates[1].insert(slot, endpoints[slot])
      }
    }
    if case .consistentHash(let points, _) = settings.algorithm {
      let members = order.map { slot in
        HashRing.Member(
          slot: slot, identity: StableHash.hash(items[slot].identity.utf8),
          points: Int(PolicyCheck.clamp(points * endpoints[slot].weight, to: 1...10_000)))
      }
      ring.update(Set(members))
    } else {
      ring = HashRing()
    }
    reconsider()
  }

  /// Notes whose time of rest is over, and which failed attempts do not take up their places any more.
  mutating func advance(to now: Instant) {
    while let slot = failed.next(at: now.nanoseconds) { release(slot) }
    guard now >= earliestReturn else { return }
    earliestReturn = .distantFuture
    for slot in unhealthy where !endpoints[slot].isDue {
      if endpoints[slot].unhealthyUntil <= now {
        endpoints[slot].isDue = true
        due.append(slot)
      } else {
        earliestReturn = min(earliestReturn, endpoints[slot].unhealthyUntil)
      }
    }
  }

  /// Decides anew who is left out, after the health of one changed.
  mutating func reconsider() {
    let total = Double(order.count)
    // The small number is for shares that a Double holds a little above or below their value.
    isPanicking = Double(order.count - unhealthy.count) < settings.panicBelow * total - 1e-9
    let cap = isPanicking ? 0 : Int(settings.maxEjected * total + 1e-9)
    let (out, waiting) = (unhealthy.prefix(cap), unhealthy.dropFirst(cap))
    earliestReturn = .distantFuture
    for slot in unhealthy where !endpoints[slot].isDue {
      earliestReturn = min(earliestReturn, endpoints[slot].unhealthyUntil)
    }
    for slot in order where endpoints[slot].isEjected && !endpoints[slot].isUnhealthy { setEjected(slot, false) }
    for slot in waiting where endpoints[slot].isEjected { setEjected(slot, false) }
    for slot in out where !endpoints[slot].isEjected { setEjected(slot, true) }
  }

  private mutating func setEjected(_ slot: Int, _ isEjected: Bool) {
    endpoints[slot].isEjected = isEjected
    for index in endpoints[slot].isLocal ? 0..<2 : 0..<1 {
      if isEjected {
        candidates[index].remove(slot, endpoints[slot])
      } else {
        candidates[index].insert(slot, endpoints[slot])
      }
    }
  }
}
