public import Resilience

/// How the calls of a ``ServiceGroup`` may fail: all of its policies as one value.
///
/// Written in Swift as a list of policies (``PolicyBuilder``), or as JSON (``init(json:)``). Code that cannot be written
/// as JSON, a ``Fallback`` and a ``HashKey``, is no part of it.
public struct Policy: PolicyValue {
  /// How long a call may take in all. Default `nil`: as long as its attempts take.
  public var deadline: Deadline?
  /// How many calls run at once. Default `nil`: any number.
  public var bulkhead: Bulkhead?
  /// How many calls begin within a time. Default `nil`: any number.
  public var rateLimit: RateLimit?
  /// How many calls run at once, found out by itself. Default `nil`: any number.
  public var adaptiveLimit: AdaptiveLimit?
  /// How often a call is tried again. Default: once, at once, against the next endpoint.
  public var retry = Retry()
  /// Which endpoint an attempt goes to. Default: in order.
  public var balance = Balance()
  /// What each endpoint has for itself.
  public var perEndpoint = EndpointPolicy()
  /// What only watches. Default `nil`: nothing.
  public var shadow: ShadowPolicy?
  /// What is different for a method, by its name as `Service.method`.
  public var methods: [String: MethodPolicy] = [:]

  /// Creates the default policy.
  public init() {}

  /// The reference client's documented behaviour: pool of 10, timeouts of 100 ms to connect and for a connection of the
  /// pool and 250 ms for a reply, a circuit breaker that opens after more than 3 failures within 60 s and probes after
  /// 10 s, and one retry, at once, against the next endpoint of those in the order given.
  public static let `default` = Policy()

  /// What is known today to work for most services: a deadline of 800 ms, two retries that back off and keep to a budget
  /// of a tenth of the calls, the faster of two endpoints at random, a breaker that looks at the error rate too and backs
  /// off while an endpoint stays down, and health that is not looked at when less than half of the endpoints are healthy.
  public static let recommended: Policy = {
    var policy = Policy()
    policy.deadline = Deadline(.milliseconds(800))
    policy.retry = Retry(
      2, backoff: .exponential(from: .milliseconds(20), cap: .milliseconds(200), jitter: .full),
      budget: .share(0.1, floor: 1, over: .seconds(10)))
    policy.balance = Balance(.peakEWMA(decay: .seconds(10)), panicBelow: 0.5)
    policy.perEndpoint.circuitBreaker = CircuitBreaker(
      // The balancer keeps away from what fails, so that failures may be few and far between.
      .any(.failures(over: 3, within: .seconds(60)), .consecutive(5), .errorRate(0.5, of: 20, within: .seconds(10))),
      reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .equal))
    policy.perEndpoint.pool = Pool(lifetime: .seconds(1800))
    return policy
  }()
}

extension Policy: SlottedPolicy {
  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("deadline", \.deadline), PolicySlot("bulkhead", \.bulkhead), PolicySlot("rateLimit", \.rateLimit),
    PolicySlot("adaptiveLimit", \.adaptiveLimit), PolicySlot("retry", \.retry), PolicySlot("balance", \.balance),
    PolicySlot("perEndpoint", \.perEndpoint), PolicySlot("shadow", \.shadow),
    PolicySlot(named: "methods", \.methods) { $0.inside(method: $1) },
  ]
}

extension PolicyError {
  fileprivate func inside(method: String) -> Self {
    Self(policy: "Method(\(method))", field: "\(policy).\(field)", value: value, allowed: allowed)
  }
}

/// What each endpoint of a group has for itself.
public struct EndpointPolicy: PolicyValue {
  /// When the endpoint is given a rest; `nil` for never.
  public var circuitBreaker: CircuitBreaker? = CircuitBreaker()
  /// How long each part of an attempt may take.
  public var timeouts = Timeouts()
  /// The endpoint's connections.
  public var pool = Pool()

  /// Creates the default policy of an endpoint.
  public init() {}
}

extension EndpointPolicy: SlottedPolicy {
  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("circuitBreaker", \.circuitBreaker), PolicySlot("timeouts", \.timeouts), PolicySlot("pool", \.pool),
  ]
}

/// What is different for one method. A slot that is `nil` is the group's.
public struct MethodPolicy: PolicyValue {
  /// How long a call may take in all; of this and the group's the shorter counts.
  public var deadline: Deadline?
  /// How many calls of the method run at once.
  public var bulkhead: Bulkhead?
  /// How many calls of the method begin within a time.
  public var rateLimit: RateLimit?
  /// How often a call is tried again.
  public var retry: Retry?
  /// How long each part of an attempt may take.
  public var timeouts: Timeouts?
  /// A circuit breaker for this method at each endpoint, in place of the endpoint's own.
  public var circuitBreaker: CircuitBreaker?
  /// When a second attempt is made beside a slow one. Only for idempotent methods; left out for others.
  public var hedge: Hedge?
  /// Keeps replies. Only for idempotent methods; left out for others.
  public var cache: Cache?
  /// Has identical calls share one attempt. Only for idempotent methods; left out for others.
  public var singleFlight: SingleFlight?
  /// What only watches, in place of what the group has for that.
  public var shadow: ShadowPolicy?

  /// Creates a policy that changes nothing.
  public init() {}
}

extension MethodPolicy: SlottedPolicy {
  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("deadline", \.deadline), PolicySlot("bulkhead", \.bulkhead), PolicySlot("rateLimit", \.rateLimit),
    PolicySlot("retry", \.retry), PolicySlot("timeouts", \.timeouts), PolicySlot("circuitBreaker", \.circuitBreaker),
    PolicySlot("hedge", \.hedge), PolicySlot("cache", \.cache), PolicySlot("singleFlight", \.singleFlight),
    PolicySlot("shadow", \.shadow),
  ]
}
