import SeaThriftTime

/// A balancer that is asked where attempts would go, and is told where they went.
struct ShadowBalancer: Sendable {
  var machine: BalancerStateMachine
  private var slots: [String: Int] = [:]
  private var unhealthy: [String: Instant] = [:]

  init(_ policy: Balance) { machine = BalancerStateMachine(policy) }

  mutating func update(_ list: [BalancedEndpoint], at now: Instant) {
    slots = [:]
    for (endpoint, slot) in zip(list, machine.update(list, at: now)) { slots[endpoint.identity] = slot }
    unhealthy = unhealthy.filter { slots[$0.key] != nil }
  }

  /// Takes which endpoints are down, and until when.
  mutating func update(unhealthy now: [String: Instant], at instant: Instant) {
    if now == unhealthy { return }
    for (endpoint, slot) in slots.sorted(by: { $0.value < $1.value }) {
      if let until = now[endpoint] {
        if unhealthy[endpoint] != until { machine.setUnhealthy(slot, until: until, at: instant) }
      } else if unhealthy[endpoint] != nil {
        machine.setHealthy(slot)
      }
    }
    unhealthy = now
  }

  /// Where an attempt would go, and the slot of the endpoint that it goes to.
  mutating func choose(
    excluding tried: inout [Int], insteadOf endpoint: String, key: UInt64, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> String? {
    var choice = machine.choose(excluding: tried, key: key, at: now, using: &generator)
    if choice == nil, !tried.isEmpty {
      tried = []
      choice = machine.choose(key: key, at: now, using: &generator)
    }
    if let slot = slots[endpoint] { tried.append(slot) }
    return choice.map { machine.items[$0.slot].identity }
  }

  mutating func began(_ endpoint: String) -> Int? {
    guard let slot = slots[endpoint] else { return nil }
    machine.began(slot)
    return slot
  }
}
