import Resilience
import SeaThriftSockets
import SeaThriftTime

extension Endpoint {
  /// Asks the breaker that a call goes by. Nil when there is none, or it is passed over; nothing is recorded then.
  func admit(
    _ plan: CallPlan, isForced: Bool, at now: Instant
  ) throws(RPCError) -> CircuitBreakerStateMachine.Ticket? {
    let asked =
      if let (name, policy) = plan.breaker {
        methodBreakers[name, default: Self.breaker(policy, address, of: name, configuration)].admit(at: now)
      } else {
        breaker?.admit(at: now)
      }
    guard let asked else { return nil }
    if let heard = asked.heard { tell(heard, plan) }
    switch asked.admission {
    case .allowed(let ticket):
      if let transition = ticket.transition { tell(transition, plan) }
      return ticket
    case .refused(let until):
      if isForced { return nil }
      let wait = until.map { ", the next probe is due in \(now.duration(to: $0))" } ?? ""
      throw RPCError(.circuitOpen, "the circuit breaker is open\(wait)", isUnsent: true)
    }
  }

  /// The breaker of an endpoint, or of one of its methods, which says nothing about the endpoint as a whole.
  static func breaker(
    _ policy: CircuitBreaker, _ address: EndpointAddress, of method: String? = nil, _ configuration: ClientConfiguration
  ) -> HintedCircuitBreaker {
    let circuit = method.map { "\(address) \($0)" } ?? "\(address)"
    return HintedCircuitBreaker(policy, hints: configuration.breakerHints?.circuit(circuit))
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
    // A call that took long because this process stood still was not a slow one.
    let ticket = loop.hasStalled(since: ticket.started) ? ticket.restarted(at: now) : ticket
    let transition =
      if let (name, _) = plan.breaker {
        methodBreakers[name]?.record(verdict, ticket: ticket, at: now, using: &generator)
      } else {
        breaker?.record(verdict, ticket: ticket, at: now, using: &generator)
      }
    if let transition { tell(transition, plan) }
  }

  /// Whether a call would find out if the endpoint works again: its circuit is not closed, and lets one through.
  func needsProbe(at now: Instant) -> Bool {
    guard let machine = breaker?.machine, machine.state != .closed else { return false }
    return machine.wouldAdmit(at: now)
  }

  /// For how long what the breakers know of the endpoint matters after its last use.
  var memory: Duration {
    ([breaker].compactMap(\.self) + methodBreakers.values).map(\.machine.memory).max() ?? .zero
  }

  /// The endpoint's circuit has opened where the same group is on another loop.
  func learn(openUntil until: Instant) {
    guard let machine = breaker?.machine, machine.state == .closed else { return }
    if let transition = breaker?.machine.learn(openUntil: until, at: loop.now) { tell(transition, plan) }
  }

  /// A connection could not be made, and no call has heard of it.
  func recordFailure() {
    var generator = LoopGenerator(loop: loop)
    guard let transition = breaker?.failed(at: loop.now, using: &generator) else { return }
    for observer in configuration.observers { observer.breakerChanged(transition, endpoint: address, method: nil) }
    breakerListener?(transition.to, breaker?.machine.reopensAt)
  }

  /// Holds the circuit breaker open or closed by hand, until ``unforceBreaker()``.
  public func forceBreaker(_ state: CircuitBreaker.State) {
    if let transition = breaker?.machine.force(state) { tell(transition, plan) }
  }

  /// Ends ``forceBreaker(_:)``: the breaker is closed.
  public func unforceBreaker() {
    if let transition = breaker?.machine.unforce() { tell(transition, plan) }
  }

  private func tell(_ transition: CircuitBreaker.Transition, _ plan: CallPlan) {
    for observer in configuration.observers {
      observer.breakerChanged(transition, endpoint: address, method: plan.breaker?.name)
    }
    // A method's breaker says nothing about the endpoint as a whole.
    if plan.breaker == nil { breakerListener?(transition.to, breaker?.machine.reopensAt) }
  }
}
