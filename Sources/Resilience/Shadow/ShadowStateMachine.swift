package import SeaThriftTime

/// The state machines of a ``ShadowPolicy``: told what calls do, they answer what the policies would have done.
///
/// A call that would have been refused holds no place in what comes after. A breaker and a pool are kept for each
/// endpoint, up to 1,000 of them.
package struct ShadowStateMachine: Sendable {
  /// What is known of one call that is watched.
  package struct Call: Sendable {
    fileprivate let start: Instant
    fileprivate var bulkhead = Place.none
    fileprivate var adaptive = Place.none
    fileprivate var retry: RetryStateMachine?
    /// What the retry policy would do after the last failure.
    fileprivate var next: RetryStateMachine.Next?
    fileprivate var hedgeDelay: Duration?
    fileprivate var key: [UInt8]?
    fileprivate var leads = false
    fileprivate var isKept = false
    /// The slots of the balancer that it went to.
    var tried: [Int] = []

    /// Whether no endpoint has been chosen for it.
    package var isUntried: Bool { tried.isEmpty }
  }

  /// What is known of one attempt.
  package struct Attempt: Sendable {
    fileprivate let start: Instant
    fileprivate let endpoint: String
    fileprivate var ticket: CircuitBreakerStateMachine.Ticket?
    /// That of the endpoint, in a balancer.
    let slot: Int?
  }

  fileprivate enum Place: Sendable {
    case none, held
    case waiting(WaiterID)
  }

  /// Places, and who has been given one while waiting.
  private struct Gate: Sendable {
    var machine: BulkheadStateMachine
    var admitted: Set<WaiterID> = []

    mutating func enter() -> (Place, ShadowEvent.Action?) {
      switch machine.enter() {
      case .enter: (.held, nil)
      case .wait(let waiter): (.waiting(waiter), .delayed(nil))
      case .refuse: (.none, .refused)
      }
    }

    mutating func leave(_ place: Place) {
      switch place {
      case .none: break
      case .held: if let next = machine.leave() { admitted.insert(next) }
      case .waiting(let waiter):
        if admitted.remove(waiter) != nil {
          leave(.held)
        } else {
          _ = machine.waiterLeft(waiter)
        }
      }
    }
  }

  /// Of how many endpoints something is known at most.
  static let mostEndpoints = 1_000

  let policy: ShadowPolicy
  private var bulkhead: Gate?
  private var rateLimit: RateLimitStateMachine?
  private var adaptive: Gate?
  private var limit: AdaptiveLimitStateMachine?
  private var budget: RetryBudgetStateMachine?
  private var hedge: HedgeStateMachine?
  private var breakers: [String: CircuitBreakerStateMachine] = [:]
  private var cache: CacheStateMachine<[UInt8], Bool>?
  private var flights: SingleFlightStateMachine<[UInt8]>?
  var balancer: ShadowBalancer?
  var pools: [String: ShadowPool] = [:]

  /// What happened, since it was last taken.
  private var events: [ShadowEvent] = []

  /// Creates machines that know nothing yet.
  package init(_ policy: ShadowPolicy) {
    self.policy = policy
    bulkhead = policy.bulkhead.map { Gate(machine: BulkheadStateMachine($0)) }
    rateLimit = policy.rateLimit.map { RateLimitStateMachine($0) }
    adaptive = policy.adaptiveLimit.map {
      Gate(machine: BulkheadStateMachine(Bulkhead($0.initial, waiters: $0.waiters)))
    }
    limit = policy.adaptiveLimit.map { AdaptiveLimitStateMachine($0) }
    budget = policy.retry?.budget.map { RetryBudgetStateMachine($0) }
    hedge = policy.hedge.map { HedgeStateMachine($0) }
    cache = policy.cache.map { CacheStateMachine($0) }
    flights = policy.singleFlight.map { _ in SingleFlightStateMachine() }
    balancer = policy.balance.map { ShadowBalancer($0) }
  }

  /// Takes the events that have come up.
  package mutating func takeEvents() -> [ShadowEvent] {
    defer { events = [] }
    return events
  }

  /// A call begins.
  ///
  /// - Parameters:
  ///   - idempotency: whether it may be tried again; only what is idempotent may be hedged, kept and shared.
  ///   - key: what tells it from others; nil where that is not known.
  package mutating func began(
    _ idempotency: RetryStateMachine.Idempotency, key: [UInt8]? = nil, at now: Instant
  ) -> Call {
    var call = Call(start: now)
    call.retry = policy.retry.map { RetryStateMachine($0, idempotency: idempotency) }
    if idempotency == .idempotent {
      call.key = key
      if let key, let found = cache?.lookup(key, at: now) {
        switch found {
        case .fresh, .stale(_, revalidate: false):
          call.isKept = true
          note(Cache.self, .served)
          return call
        default: break
        }
      }
      if let key, let role = flights?.join(key) {
        call.leads = role == .lead
        if !call.leads {
          note(SingleFlight.self, .shared)
          return call
        }
      }
      call.hedgeDelay = hedge?.callBegan(at: now)
    }
    if let (place, action) = bulkhead?.enter() {
      call.bulkhead = place
      if let action { note(Bulkhead.self, action) }
      if action == .refused { return call }
    }
    if rateLimit != nil {
      guard let delay = rateLimit?.reserve(at: now) else {
        note(RateLimit.self, .refused)
        bulkhead?.leave(call.bulkhead)
        call.bulkhead = .none
        return call
      }
      if delay > .zero { note(RateLimit.self, .delayed(delay)) }
    }
    if let (place, action) = adaptive?.enter() {
      call.adaptive = place
      if let action { note(AdaptiveLimit.self, action) }
      if action == .refused {
        bulkhead?.leave(call.bulkhead)
        call.bulkhead = .none
      }
    }
    return call
  }

  /// A call ended.
  ///
  /// - Parameters:
  ///   - bytes: how large its result is.
  ///   - isReplaceable: whether a fallback would replace its error.
  package mutating func ended(
    _ call: Call, _ verdict: Verdict, bytes: Int = 0, isReplaceable: Bool = false, at now: Instant
  ) {
    if isReplaceable, policy.fallback { note(named: "Fallback", .served) }
    if call.isKept { return }
    let duration = call.start.duration(to: now)
    bulkhead?.leave(call.bulkhead)
    if case .held = call.adaptive, let running = adaptive?.machine.running,
      let changed = limit?.record(verdict, latency: duration, running: running, at: now)
    {
      for waiter in adaptive?.machine.setLimit(changed) ?? [] { adaptive?.admitted.insert(waiter) }
    }
    adaptive?.leave(call.adaptive)
    if let key = call.key {
      if call.leads { _ = flights?.finish(key) }
      if verdict == .success { cache?.store(true, for: key, bytes: key.count + bytes, at: now) }
    }
    if let deadline = policy.deadline?.after, duration > deadline { note(Deadline.self, .ended(after: deadline)) }
    if let delay = call.hedgeDelay, duration > delay, hedge?.beginHedge(at: now) == true {
      note(Hedge.self, .hedged(after: delay))
    }
    if verdict == .success {
      hedge?.record(duration, at: now)
      budget?.deposit(at: now)
    } else if verdict == .failure, case .retry(let delay)? = call.next {
      note(Retry.self, .retried(after: delay))
    }
  }

  /// An attempt of a call begins.
  package mutating func attemptBegan(at endpoint: String, at now: Instant) -> Attempt {
    var attempt = Attempt(start: now, endpoint: endpoint, slot: balancer?.began(endpoint))
    guard let breaker = policy.circuitBreaker else { return attempt }
    if breakers[endpoint] == nil, breakers.count >= Self.mostEndpoints {
      breakers = breakers.filter { $0.value.state != .closed }
      if breakers.count >= Self.mostEndpoints { breakers = [:] }
    }
    switch breakers[endpoint, default: CircuitBreakerStateMachine(breaker)].admit(at: now) {
    case .allowed(let ticket):
      attempt.ticket = ticket
      if let transition = ticket.transition { note(CircuitBreaker.self, .changed(transition)) }
    case .refused: note(CircuitBreaker.self, .refused)
    }
    return attempt
  }

  /// An attempt ended.
  ///
  /// - Parameter failure: what it is to retries; nil for a result.
  package mutating func attemptEnded(
    _ attempt: Attempt, of call: inout Call, _ verdict: Verdict, _ failure: RetryStateMachine.Failure?,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    if let ticket = attempt.ticket,
      let transition = breakers[attempt.endpoint]?.record(verdict, ticket: ticket, at: now, using: &generator)
    {
      note(CircuitBreaker.self, .changed(transition))
    }
    let duration = attempt.start.duration(to: now)
    if let slot = attempt.slot { balancer?.machine.ended(slot, verdict, latency: duration, at: now) }
    if let timeout = policy.timeout?.after, duration > timeout { note(AttemptTimeout.self, .ended(after: timeout)) }
    stepEnded(.attempt, after: duration)
    guard let failure else { return }
    let left = policy.deadline.map { max(.zero, now.duration(to: call.start.advanced(by: $0.after))) }
    call.next = call.retry?.failed(failure, remaining: left, budget: &budget, at: now, using: &generator)
  }

  mutating func note(_ policy: any PolicyValue.Type, part: String? = nil, _ action: ShadowEvent.Action) {
    note(named: part.map { "\(policy.policyName).\($0)" } ?? policy.policyName, action)
  }

  private mutating func note(named policy: String, _ action: ShadowEvent.Action) {
    events.append(ShadowEvent(policy: policy, action: action))
  }
}
