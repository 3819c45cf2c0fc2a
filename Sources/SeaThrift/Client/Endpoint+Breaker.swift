import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The breaker of one method at one endpoint.
struct MethodBreaker {
  var machine: CircuitBreakerStateMachine
  /// What others say about the method at this endpoint.
  let hints: BreakerHints.Circuit?
  /// When the method last answered, if there are hints that this outweighs.
  var lastSuccess: Instant?

  init(_ policy: CircuitBreaker, _ hints: BreakerHints.Circuit?) {
    machine = CircuitBreakerStateMachine(policy)
    self.hints = hints
  }

  /// Asks the breaker, after what others say.
  mutating func admit(
    at now: Instant
  ) -> (heard: CircuitBreaker.Transition?, admission: CircuitBreakerStateMachine.Admission) {
    let heard = hints?.heed(&machine, lastSuccess: lastSuccess, at: now)
    return (heard, machine.admit(at: now))
  }

  mutating func record(
    _ verdict: Verdict, ticket: CircuitBreakerStateMachine.Ticket, at now: Instant,
    using generator: inout LoopGenerator
  ) -> CircuitBreaker.Transition? {
    let transition = machine.record(verdict, ticket: ticket, at: now, using: &generator)
    if let hints {
      if verdict == .success { lastSuccess = now }
      hints.tell(transition, of: machine, at: now)
    }
    return transition
  }
}

extension Endpoint {
  /// Asks the breaker that a call goes by. Nil when there is none, or it is passed over; nothing is recorded then.
  func admit(
    _ plan: CallPlan, isForced: Bool, at now: Instant
  ) throws(RPCError) -> CircuitBreakerStateMachine.Ticket? {
    let admission: CircuitBreakerStateMachine.Admission
    if let (name, policy) = plan.breaker {
      let (heard, answer) = methodBreakers[name, default: breaker(of: name, policy)].admit(at: now)
      if let heard { tell(heard, plan) }
      admission = answer
    } else if breaker != nil {
      if let hints, let heard = hints.heed(&breaker!, lastSuccess: lastSuccess, at: now) { tell(heard, plan) }
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

  private func breaker(of method: String, _ policy: CircuitBreaker) -> MethodBreaker {
    // By a name of its own: it says nothing about the endpoint as a whole.
    MethodBreaker(policy, configuration.breakerHints?.circuit("\(address) \(method)"))
  }

  /// Takes the policies of the methods; breakers of those that still have one keep what they know.
  func updateMethodBreakers(_ methods: [String: MethodPolicy]) {
    for name in methodBreakers.keys {
      if let policy = methods[name]?.circuitBreaker {
        methodBreakers[name]?.machine.update(policy)
      } else {
        methodBreakers[name] = nil
      }
    }
  }

  func record(_ answer: Result<Answer, RPCError>, _ ticket: CircuitBreakerStateMachine.Ticket, _ plan: CallPlan) {
    let verdict = Self.error(of: answer).map { configuration.errors.verdict(on: $0) } ?? .success
    var generator = LoopGenerator(loop: loop)
    let now = loop.now
    let transition: CircuitBreaker.Transition?
    if let (name, _) = plan.breaker {
      transition = methodBreakers[name]?.record(verdict, ticket: ticket, at: now, using: &generator)
    } else {
      transition = breaker?.record(verdict, ticket: ticket, at: now, using: &generator)
      if let hints, let breaker {
        if verdict == .success { lastSuccess = now }
        hints.tell(transition, of: breaker, at: now)
      }
    }
    if let transition { tell(transition, plan) }
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
    configuration.observer?.breakerChanged(transition, endpoint: address, method: plan.breaker?.name)
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
