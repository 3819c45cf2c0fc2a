package import SeaThriftTime

/// The circuit breaker as a pure state machine: told what happens and when, it answers what to do.
///
/// Every call asks `admit(at:)` and, when it was let through, reports once with `record(_:ticket:at:using:)`. A result
/// whose ticket is older than the last change of state is ignored: it says nothing about the endpoint as it is now.
/// Policy values out of range are taken as the nearest one in range. Memory: one instant per failure that matters, at
/// most `over` + 1, and ten counters per rate.
package struct CircuitBreakerStateMachine: Sendable {
  /// What a call that asks gets.
  package enum Admission: Hashable, Sendable {
    /// Go on, and report with this ticket.
    case allowed(Ticket)
    /// Do not call. A call will be let through no later than the instant given; nil when nobody knows when.
    case refused(until: Instant?)
  }

  /// The right to one call, and the duty to report its result.
  package struct Ticket: Hashable, Sendable {
    let generation: UInt32
    /// 0 for an ordinary call, else the probe's own number.
    let probe: UInt32
    /// When the call was admitted.
    package let started: Instant

    init(generation: UInt32, probe: UInt32, started: Instant) {
      self.generation = generation
      self.probe = probe
      self.started = started
    }

    /// The same right, of a call that is taken to have begun later.
    package func restarted(at now: Instant) -> Self { Self(generation: generation, probe: probe, started: now) }

    /// Whether this call finds out if the endpoint is back.
    package var isProbe: Bool { probe != 0 }

    /// The change of state that admitting this call was, if it was one: the first probe makes the breaker half-open.
    package var transition: CircuitBreaker.Transition? {
      probe == 1 ? CircuitBreaker.Transition(from: .open, to: .halfOpen) : nil
    }
  }

  struct Probe: Sendable {
    let number: UInt32
    let leaseEnd: Instant
  }

  // The policy, with every value in range.
  var reopen: Backoff
  var probeLimit: Int
  var lease: Duration

  /// Whether calls are let through.
  package var state: CircuitBreaker.State { current }
  var current: CircuitBreaker.State = .closed
  /// Whether a success in the closed state has to be counted.
  var countsSuccesses: Bool
  /// Counts the changes of state; wraps around.
  var generation: UInt32 = 0

  /// Whether the state was set by hand.
  package internal(set) var isForced = false
  /// When the first probe will be let through; nil unless open by itself.
  package internal(set) var reopensAt: Instant?
  /// How often it opened since it was last closed.
  package internal(set) var openings = 0
  var delay: Duration = .zero
  var history: TripHistory
  var probes: [Probe] = []
  var probesAdmitted: UInt32 = 0
  var probeSuccesses = 0

  /// Creates a closed breaker with an empty history.
  package init(_ policy: CircuitBreaker = CircuitBreaker()) {
    reopen = policy.reopen
    probeLimit = min(max(policy.probes, 1), 1_000)
    lease = PolicyCheck.clamp(policy.lease)
    history = TripHistory(policy.trip)
    countsSuccesses = history.countsSuccesses
  }

  /// Takes a new policy: the state stays, and an opening keeps its delay; the history begins anew.
  package mutating func update(_ policy: CircuitBreaker) {
    let fresh = Self(policy)
    (reopen, probeLimit, lease, history) = (fresh.reopen, fresh.probeLimit, fresh.lease, fresh.history)
    countsSuccesses = history.countsSuccesses && !isForced
    // One more success has to close it, or nothing would.
    probeSuccesses = min(probeSuccesses, probeLimit - 1)
  }

  /// For how long after the last call what the breaker knows matters: until well after the last probe, unless it is closed
  /// and the last call did not fail.
  package var memory: Duration { state == .closed && !history.isFailing ? .zero : reopen.longest * 2 }

  /// Asks whether a call may be made now.
  package mutating func admit(at now: Instant) -> Admission {
    if current == .closed { return .allowed(Ticket(generation: generation, probe: 0, started: now)) }
    return admitUnlessClosed(at: now)
  }

  /// Reports how a call that was let through ended; once per ticket. Returns the change of state that follows, if one
  /// does. A call that ends without a report is forgotten, a probe after its lease.
  package mutating func record(
    _ verdict: Verdict, ticket: Ticket, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    if verdict == .success, current == .closed, !countsSuccesses { return nil }
    return judge(verdict, ticket: ticket, at: now, using: &generator)
  }

  /// Whether `admit(at:)` would let a call through, without admitting one.
  package func wouldAdmit(at now: Instant) -> Bool {
    switch state {
    case .closed: true
    case .open: reopensAt.map { $0 <= now } ?? false
    case .halfOpen: hasFreeProbe(at: now)
    }
  }
}
