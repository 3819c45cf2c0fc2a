import Resilience
import SeaThriftSockets
import SeaThriftTime

extension Endpoint {
  /// Asks the breaker that a call goes by. Nil when there is none, or it is passed over; nothing is recorded then.
  func admit(
    _ plan: CallPlan, isForced: Bool, at now: Instant
  ) throws(RPCError) -> CircuitBreakerStateMachine.Ticket? {
    let admission: CircuitBreakerStateMachine.Admission
    if let (name, policy) = plan.breaker {
      admission = methodBreakers[name, default: CircuitBreakerStateMachine(policy)].admit(at: now)
    } else if breaker != nil {
      if let hints = configuration.breakerHints { heed(hints, plan, at: now) }
      // In place: a copy would cost more than the question.
      admission = breaker!.admit(at: now)
    } else {
      return nil
    }
    switch admission {
    case .allowed(let ticket):
      if let transition = ticket.transition { tell(transition, plan) }
      return ticket
    case .refused(let until):
      if isForced { return nil }
      let wait = until.map { ", the next probe is due in \(now.duration(to: $0))" } ?? ""
      throw RPCError(.circuitOpen, "the circuit breaker is open\(wait)", isUnsent: true)
    }
  }

  func record(_ answer: Result<Answer, RPCError>, _ ticket: CircuitBreakerStateMachine.Ticket, _ plan: CallPlan) {
    let verdict = Self.error(of: answer).map { configuration.errors.verdict(on: $0) } ?? .success
    var generator = LoopGenerator(loop: loop)
    let transition: CircuitBreaker.Transition?
    if let (name, _) = plan.breaker {
      transition = methodBreakers[name]?.record(verdict, ticket: ticket, at: loop.now, using: &generator)
    } else {
      transition = breaker?.record(verdict, ticket: ticket, at: loop.now, using: &generator)
      if let hints = configuration.breakerHints { inform(hints, verdict, transition) }
    }
    if let transition { tell(transition, plan) }
  }

  /// Opens the breaker when others say that they found the endpoint down, unless it has answered here.
  private func heed(_ hints: BreakerHints, _ plan: CallPlan, at now: Instant) {
    guard breaker?.state == .closed, let until = hints.openUntil("\(address)", at: now) else { return }
    if let lastSuccess, lastSuccess.duration(to: now) < hints.trust { return }
    if let transition = breaker?.learn(openUntil: until, at: now) { tell(transition, plan) }
  }

  /// Tells others what has been measured here; not what was only heard.
  private func inform(_ hints: BreakerHints, _ verdict: Verdict, _ transition: CircuitBreaker.Transition?) {
    if verdict == .success { lastSuccess = loop.now }
    switch transition?.to {
    case .open?: if let until = breaker?.reopensAt { hints.note("\(address)", openUntil: until) }
    case .closed?: hints.note("\(address)", openUntil: loop.now)
    default: break
    }
  }

  /// Holds the circuit breaker open or closed by hand, until ``unforceBreaker()``.
  public func forceBreaker(_ state: CircuitBreaker.State) {
    if let transition = breaker?.force(state) { tell(transition, plan) }
  }

  /// Ends ``forceBreaker(_:)``: the breaker is closed.
  public func unforceBreaker() {
    if let transition = breaker?.unforce() { tell(transition, plan) }
  }

  private func tell(_ transition: CircuitBreaker.Transition, _ plan: CallPlan) {
    configuration.observer?.breakerChanged(transition, endpoint: address)
    // A method's breaker says nothing about the endpoint as a whole.
    if plan.breaker == nil { breakerListener?(transition.to, breaker?.reopensAt) }
  }
}

extension RPCError {
  /// The error of a step whose time was cut short by that of the attempt, or of the whole call.
  func limited(by limit: Instant, _ deadline: Instant, at now: Instant) -> RPCError {
    guard limit != .distantFuture, now >= limit else { return self }
    switch code {
    case .connectTimeout, .poolTimeout, .writeTimeout, .readTimeout:
      var error = self
      error.code = limit == deadline ? .deadlineExceeded : .attemptTimeout
      error.message = "\(limit == deadline ? "the deadline is over" : "the attempt took too long"): \(message)"
      return error
    default: return self
    }
  }
}
