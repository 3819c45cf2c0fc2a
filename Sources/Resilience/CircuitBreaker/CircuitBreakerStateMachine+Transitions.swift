package import SeaThriftTime

extension CircuitBreakerStateMachine {
  mutating func admitUnlessClosed(at now: Instant) -> Admission {
    switch state {
    case .closed:
      return .allowed(Ticket(generation: generation, probe: 0, started: now))
    case .open:
      guard let reopensAt, reopensAt <= now else { return .refused(until: reopensAt) }
      change(to: .halfOpen)
      return .allowed(probe(at: now))
    case .halfOpen:
      if hasFreeProbe(at: now) { return .allowed(probe(at: now)) }
      return .refused(until: probes.first?.leaseEnd)
    }
  }

  mutating func judge(
    _ verdict: Verdict, ticket: Ticket, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    guard ticket.generation == generation, !isForced else { return nil }
    switch state {
    case .open:
      return nil
    case .closed:
      if verdict == .ignorable { return nil }
      let trips = history.record(
        failed: verdict == .failure, duration: ticket.started.duration(to: now), at: now)
      return trips ? open(at: now, using: &random) : nil
    case .halfOpen:
      // A probe whose place went to another after its lease has no say any more.
      guard let index = probes.firstIndex(where: { $0.number == ticket.probe }) else { return nil }
      probes.remove(at: index)
      if verdict == .ignorable { return nil }
      let isSlow = history.isSlow(ticket.started.duration(to: now))
      if verdict == .failure || isSlow { return open(at: now, using: &random) }
      probeSuccesses += 1
      return probeSuccesses >= probeLimit ? close() : nil
    }
  }

  /// A failure came up that no call reports, for instance of a connection whose caller had left before it could not be
  /// made. Half-open, it says as much as that of a probe. Returns the change of state that follows, if one does.
  package mutating func failed(
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    guard !isForced else { return nil }
    switch state {
    case .open: return nil
    case .closed: return history.record(failed: true, duration: .zero, at: now) ? open(at: now, using: &random) : nil
    case .halfOpen: return open(at: now, using: &random)
    }
  }

  /// Holds the breaker open or closed by hand, whatever the results, until `unforce()`. Half-open is taken as open.
  /// Returns the change of state, if it is one.
  package mutating func force(_ state: CircuitBreaker.State) -> CircuitBreaker.Transition? {
    let transition = state == .closed ? close() : change(to: .open)
    isForced = true
    countsSuccesses = false
    return transition
  }

  /// Ends what `force(_:)` began: the breaker is closed, with an empty history. Does nothing when it was not forced.
  package mutating func unforce() -> CircuitBreaker.Transition? {
    isForced ? close() : nil
  }

  /// Takes over what another instance knows: stay open until `until`, then probe. Ignored unless closed, and when
  /// `until` has passed: another's word is a hint, own knowledge comes first, and so does the own longest delay.
  package mutating func learn(openUntil until: Instant, at now: Instant) -> CircuitBreaker.Transition? {
    guard state == .closed, !isForced, until > now else { return nil }
    openings = 1
    delay = min(now.duration(to: until), reopen.longest)
    let transition = change(to: .open, delay: delay)
    reopensAt = now.advanced(by: delay)
    return transition
  }

  /// A place is free when neither a success nor a probe with a running lease has it.
  func hasFreeProbe(at now: Instant) -> Bool {
    probeSuccesses + probes.count < probeLimit || probes.contains { $0.leaseEnd <= now }
  }

  private mutating func probe(at now: Instant) -> Ticket {
    // The oldest comes first.
    if probeSuccesses + probes.count >= probeLimit, let lost = probes.firstIndex(where: { $0.leaseEnd <= now }) {
      probes.remove(at: lost)
    }
    probesAdmitted &+= 1
    // Number 0 means no probe, number 1 the first of its half-open time.
    if probesAdmitted == 0 { probesAdmitted = 2 }
    probes.append(Probe(number: probesAdmitted, leaseEnd: now.advanced(by: lease)))
    return Ticket(generation: generation, probe: probesAdmitted, started: now)
  }

  private mutating func open(
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Transition? {
    openings += 1
    delay = reopen.delay(attempt: openings, previous: delay, using: &random)
    let transition = change(to: .open, delay: delay)
    reopensAt = now.advanced(by: delay)
    return transition
  }

  private mutating func close() -> CircuitBreaker.Transition? {
    openings = 0
    delay = .zero
    isForced = false
    countsSuccesses = history.countsSuccesses
    return change(to: .closed)
  }

  /// Every change starts a new generation with nothing left of the one before.
  @discardableResult
  private mutating func change(
    to next: CircuitBreaker.State, delay: Duration? = nil
  ) -> CircuitBreaker.Transition? {
    let previous = state
    current = next
    generation &+= 1
    reopensAt = nil
    probes.removeAll(keepingCapacity: true)
    probesAdmitted = 0
    probeSuccesses = 0
    history.clear()
    return previous == next ? nil : CircuitBreaker.Transition(from: previous, to: next, delay: delay)
  }
}
