import Resilience
import SeaThriftTime

/// The policies of a call as they are in force: the group's, the method's and the IDL's laid over each other.
///
/// Made once for each method that has any of its own, and once for all others. What a call has begun with it keeps, when
/// the policies change meanwhile. Its parts are nil for slots that are not used.
final class CallPlan: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  /// How long a call may take; nil for as long as its attempts take.
  let deadline: Duration?
  let retry: Retry
  let timeouts: Timeouts
  /// The budget of the retries and hedges, which the methods of a group share.
  let budget: SharedBudget
  /// The method whose own circuit breakers are asked; nil for those of the endpoints.
  let breaker: (name: String, policy: CircuitBreaker)?
  let limits: CallLimits
  let hedge: Hedge.Runner?
  let cache: ReplyCache?
  let flight: SingleFlight.Runner<[UInt8], any Sendable>?
  /// What only watches.
  let shadow: SharedShadow?

  /// Whether there is anything around the attempts.
  let isGuarded: Bool

  init(
    deadline: Duration?, retry: Retry, timeouts: Timeouts, budget: SharedBudget,
    breaker: (String, CircuitBreaker)? = nil, limits: CallLimits = CallLimits(), hedge: Hedge.Runner? = nil,
    cache: ReplyCache? = nil, flight: SingleFlight.Runner<[UInt8], any Sendable>? = nil, shadow: SharedShadow? = nil
  ) {
    self.deadline = deadline
    self.retry = retry
    self.timeouts = timeouts
    self.budget = budget
    self.breaker = breaker.map { (name: $0.0, policy: $0.1) }
    self.limits = limits
    self.hedge = hedge
    self.cache = cache
    self.flight = flight
    self.shadow = shadow
    isGuarded = !limits.isEmpty || cache != nil || flight != nil
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
      timeouts: own.timeouts ?? timeouts, budget: budget, breaker: breaker, limits: limits, hedge: ownHedge ?? hedge,
      cache: ownCache ?? cache, flight: flight, shadow: shadow)
  }

  /// The plan of a single endpoint.
  convenience init(_ policy: Policy) {
    self.init(
      deadline: policy.deadline?.after, retry: policy.retry, timeouts: policy.perEndpoint.timeouts,
      budget: SharedBudget(nil))
  }
}

/// A retry budget that several plans share.
final class SharedBudget {
  var machine: RetryBudgetStateMachine?

  init(_ policy: RetryBudget?) { machine = policy.map(RetryBudgetStateMachine.init) }
}

/// Policies that only watch, which the methods of a group share unless they have their own.
final class SharedShadow {
  var machine: ShadowStateMachine
  /// Whether it has to be known which calls are identical.
  let needsKeys: Bool
  let watchesBalance: Bool
  let watchesPool: Bool
  /// What the balance that is watched has been told of.
  var listed: [EndpointEntry] = []

  /// Nil when there is nothing to watch.
  init?(_ policy: ShadowPolicy?) {
    guard let policy, !policy.isEmpty else { return nil }
    machine = ShadowStateMachine(policy)
    needsKeys = policy.cache != nil || policy.singleFlight != nil
    watchesBalance = policy.balance != nil
    watchesPool = policy.pool != nil
  }
}

/// What is around all attempts of a call together.
struct CallLimits {
  var bulkhead: Bulkhead.Runner?
  var rateLimit: RateLimit.Runner?
  var adaptiveLimit: AdaptiveLimit.Runner?

  var isEmpty: Bool { bulkhead == nil && rateLimit == nil && adaptiveLimit == nil }

  /// How many places calls have.
  var placesTaken: Int { (bulkhead?.running ?? 0) + (adaptiveLimit?.running ?? 0) }
}
