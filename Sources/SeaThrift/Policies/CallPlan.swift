import Resilience
import SeaThriftTime

/// The policies of a call as they are in force: the group's, the method's and the IDL's laid over each other.
///
/// Made once for each method that has any of its own, and once for all others. What a call has begun with it keeps, when
/// the policies change meanwhile. Its parts are nil for slots that are not used.
///
/// What it counts (budgets, limits, caches) is that of the whole group, on whichever loops it is.
final class CallPlan: Sendable {
  /// How long a call may take; nil for as long as its attempts take.
  let deadline: Duration?
  let retry: Retry
  let timeouts: Timeouts
  /// The budget of the retries and hedges, which the methods of a group share.
  let budget: SharedBudget
  /// The method whose own circuit breakers are asked; nil for those of the endpoints.
  let breaker: (name: String, policy: CircuitBreaker)?
  /// Those of all calls.
  let limits: CallLimits
  /// Those of the method, which its calls meet first; nil for none.
  let methodLimits: CallLimits?
  let hedge: Hedge.Runner?
  let cache: ReplyCache?
  let flight: SingleFlight.Runner<[UInt8], any Sendable>?
  /// What only watches.
  let shadow: SharedShadow?

  /// Whether there is anything around the attempts.
  let isGuarded: Bool

  init(
    deadline: Duration?, retry: Retry, timeouts: Timeouts, budget: SharedBudget,
    breaker: (String, CircuitBreaker)? = nil, limits: CallLimits = CallLimits(), methodLimits: CallLimits? = nil,
    hedge: Hedge.Runner? = nil, cache: ReplyCache? = nil, flight: SingleFlight.Runner<[UInt8], any Sendable>? = nil,
    shadow: SharedShadow? = nil
  ) {
    self.deadline = deadline
    self.retry = retry
    self.timeouts = timeouts
    self.budget = budget
    self.breaker = breaker.map { (name: $0.0, policy: $0.1) }
    self.limits = limits
    self.methodLimits = methodLimits
    self.hedge = hedge
    self.cache = cache
    self.flight = flight
    self.shadow = shadow
    isGuarded = !limits.isEmpty || methodLimits != nil || cache != nil || flight != nil
  }

  /// The plan of a call that has policies of its own.
  ///
  /// - Parameters: the runners that take the place of the method's.
  func overridden(
    by override: CallOverride?, hedge ownHedge: Hedge.Runner? = nil, cache ownCache: ReplyCache? = nil
  ) -> CallPlan {
    guard let own = override?.policy else { return self }
    return CallPlan(
      deadline: [deadline, own.deadline?.after].compactMap(\.self).min(), retry: own.retry ?? retry,
      timeouts: own.timeouts ?? timeouts, budget: budget, breaker: breaker, limits: limits, methodLimits: methodLimits,
      hedge: ownHedge ?? hedge,
      cache: ownCache ?? cache, flight: flight, shadow: shadow)
  }

  /// The plan of a single endpoint.
  convenience init(_ policy: Policy) {
    self.init(
      deadline: policy.deadline?.after, retry: policy.retry, timeouts: policy.perEndpoint.timeouts,
      budget: SharedBudget(nil))
  }
}

/// A retry budget that several plans share, on whichever loops.
final class SharedBudget: Sendable {
  private let machine: Lock<RetryBudgetStateMachine?>
  private let isLimited: Bool

  init(_ policy: RetryBudget?) {
    machine = Lock(policy.map(RetryBudgetStateMachine.init))
    isLimited = policy != nil
  }

  /// A call has succeeded.
  func deposit(at now: Instant) {
    if isLimited { machine.withLock { $0?.deposit(at: now) } }
  }

  /// Takes what a hedge costs, if there is as much.
  func withdrawHedge(at now: Instant) -> Bool { machine.withLock { $0?.withdrawHedge(at: now) ?? true } }

  func withMachine<Value>(_ body: (inout RetryBudgetStateMachine?) -> Value) -> Value {
    if isLimited { return machine.withLock { body(&$0) } }
    var unlimited: RetryBudgetStateMachine?
    return body(&unlimited)
  }
}

/// Policies that only watch, which the methods of a group share unless they have their own, on whichever loops.
final class SharedShadow: Sendable {
  struct State {
    var machine: ShadowStateMachine
    /// What the balance that is watched has been told of.
    var listed: [EndpointEntry] = []
  }

  private let state: Lock<State>
  /// Whether it has to be known which calls are identical.
  let needsKeys: Bool
  let watchesBalance: Bool
  let watchesPool: Bool

  /// Nil when there is nothing to watch.
  init?(_ policy: ShadowPolicy?) {
    guard let policy, !policy.isEmpty else { return nil }
    state = Lock(State(machine: ShadowStateMachine(policy)))
    needsKeys = policy.cache != nil || policy.singleFlight != nil
    watchesBalance = policy.balance != nil
    watchesPool = policy.pool != nil
  }

  func withMachine<Value>(_ body: (inout ShadowStateMachine) -> Value) -> Value {
    state.withLock { body(&$0.machine) }
  }

  /// Tells the balance that is watched of the endpoints that there are.
  func watch(_ list: [EndpointEntry], at now: Instant) {
    state.withLock { state in
      if list == state.listed { return }
      state.listed = list
      state.machine.update(list.map(\.forBalancer), at: now)
    }
  }
}
