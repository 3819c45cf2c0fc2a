package import SeaThriftTime

/// A circuit breaker that heeds what others say about its circuit, and tells them what it finds out; by itself without.
package struct HintedCircuitBreaker: Sendable {
  package var machine: CircuitBreakerStateMachine
  private let hints: BreakerHints.Circuit?
  /// When a call last succeeded, if there are hints that this outweighs.
  private var lastSuccess: Instant?

  /// Creates a closed breaker.
  package init(_ policy: CircuitBreaker, hints: BreakerHints.Circuit?) {
    machine = CircuitBreakerStateMachine(policy)
    self.hints = hints
  }

  /// Asks the breaker, after what others say.
  package mutating func admit(
    at now: Instant
  ) -> (heard: CircuitBreaker.Transition?, admission: CircuitBreakerStateMachine.Admission) {
    let heard = hints?.heed(&machine, lastSuccess: lastSuccess, at: now)
    return (heard, machine.admit(at: now))
  }

  /// Takes how a call that was admitted ended.
  package mutating func record(
    _ verdict: Verdict, ticket: CircuitBreakerStateMachine.Ticket, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    let transition = machine.record(verdict, ticket: ticket, at: now, using: &generator)
    tell(transition, verdict, at: now)
    return transition
  }

  /// A failure came up that no call reports.
  package mutating func failed(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    let transition = machine.failed(at: now, using: &generator)
    tell(transition, .failure, at: now)
    return transition
  }

  private mutating func tell(_ transition: CircuitBreaker.Transition?, _ verdict: Verdict, at now: Instant) {
    if let hints {
      if verdict == .success { lastSuccess = now }
      hints.tell(transition, of: machine, at: now)
    }
  }
}
