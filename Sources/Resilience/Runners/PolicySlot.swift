/// A place for a policy in the way of a call. Every place is taken by one policy at most.
///
/// The order of the cases is that of the way: outermost first; what holds others comes last.
package enum PolicySlot: String, CaseIterable, Sendable {
  case fallback = "Fallback"
  case cache = "Cache"
  case singleFlight = "SingleFlight"
  case bulkhead = "Bulkhead"
  case rateLimit = "RateLimit"
  case adaptiveLimit = "AdaptiveLimit"
  case deadline = "Deadline"
  case retry = "Retry"
  case hedge = "Hedge"
  case balance = "Balance"
  case circuitBreaker = "CircuitBreaker"
  case timeout = "AttemptTimeout"
  case timeouts = "Timeouts"
  case pool = "Pool"
  case perEndpoint = "PerEndpoint"
  case method = "Method"
  case hashKey = "HashKey"
  case shadow = "Shadow"
}

/// Notes which slots are taken.
package struct SlotTable: Sendable {
  private var taken: Set<PolicySlot> = []
  private let place: String

  package init(_ place: String) { self.place = place }

  /// Takes a slot; throws an error that names it when it is taken.
  package mutating func take(_ slot: PolicySlot) throws(PolicyError) {
    if taken.insert(slot).inserted { return }
    throw PolicyError(policy: place, field: slot.rawValue, value: "given twice", allowed: "one")
  }
}
