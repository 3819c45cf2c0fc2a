import SeaThriftTime

extension BreakerHints {
  /// What others say about one circuit, and what they are told of it.
  public struct Circuit: Sendable {
    let hints: BreakerHints
    let name: String
  }

  /// A circuit by the name that all instances know it by, such as an address.
  public func circuit(_ name: String) -> Circuit { Circuit(hints: self, name: name) }
}

extension BreakerHints.Circuit {
  /// Opens a breaker when others say that they found its circuit down, unless it had a success here not long ago.
  func heed(
    _ breaker: inout CircuitBreakerStateMachine, lastSuccess: Instant?, at now: Instant
  ) -> CircuitBreaker.Transition? {
    guard breaker.state == .closed, let until = hints.openUntil(name, at: now) else { return nil }
    if let lastSuccess, lastSuccess.duration(to: now) < hints.trust { return nil }
    return breaker.learn(openUntil: until, at: now)
  }

  /// Tells others of a change that has been measured here; not of one that was only heard of.
  func tell(_ transition: CircuitBreaker.Transition?, of breaker: CircuitBreakerStateMachine, at now: Instant) {
    switch transition?.to {
    case .open?: if let until = breaker.reopensAt { hints.note(name, openUntil: until) }
    case .closed?: hints.note(name, openUntil: now)
    default: break
    }
  }
}
