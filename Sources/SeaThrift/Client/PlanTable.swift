import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The plans of a group's calls, made from its policy when they are first asked for.
struct PlanTable {
  private(set) var declaration: PolicyDeclaration
  private let time: TimeSource
  /// The plan of all methods that have nothing of their own.
  private var common: CallPlan
  private var plans: [String: CallPlan] = [:]
  private var hasMethods: Bool
  /// The methods of the services that were called.
  private var known = KnownMethods()
  /// What calls have at work that have policies of their own.
  private var overrides = CallOverrideTable()

  init(_ declaration: PolicyDeclaration, loop: EventLoop) throws {
    self.declaration = declaration
    time = loop.timeSource
    hasMethods = !declaration.policy.methods.isEmpty
    common = try Self.common(declaration.policy, time)
  }

  /// How many places calls have in limits, those of all methods together.
  var placesTaken: Int { ([common] + plans.values).reduce(0) { $0 + $1.limits.placesTaken } }

  /// Whether no call has anything around its attempts that it may wait for, or be answered by.
  var hasNothingAround: Bool {
    let policy = declaration.policy
    return policy.bulkhead == nil && policy.rateLimit == nil && policy.adaptiveLimit == nil
      && policy.methods.values.allSatisfy {
        $0.bulkhead == nil && $0.rateLimit == nil && $0.cache == nil && $0.singleFlight == nil
      }
  }

  /// Takes a new policy. Calls under way keep their plans.
  mutating func update(_ policy: Policy) throws {
    try known.check(policy.methods.keys)
    let fresh = try Self.common(policy, time)
    common = fresh
    declaration.policy = policy
    hasMethods = !policy.methods.isEmpty
    plans = [:]
    overrides = CallOverrideTable()
  }

  /// The plan of a call, which may have policies of its own.
  mutating func plan(for call: ClientCall) throws -> CallPlan {
    let plan = try plan(for: call.method)
    guard let own = call.override?.policy else { return plan }
    guard call.method.idempotency == .idempotent else { return plan.overridden(by: call.override) }
    let name = call.method.qualifiedName
    return plan.overridden(
      by: call.override, hedge: try own.hedge.map { try overrides.hedge($0, of: name, time) },
      cache: try own.cache.map { try (plan.cache ?? overrides.cache($0, of: name, time)).with($0) })
  }

  private mutating func plan(for method: MethodFacts) throws -> CallPlan {
    if !hasMethods, method.declared == nil { return common }
    if let plan = plans[method.qualifiedName] { return plan }
    try checkNames(for: method)
    let policy = declaration.policy.methods[method.qualifiedName] ?? MethodPolicy()
    let plan = try plan(of: policy, method)
    plans[method.qualifiedName] = plan
    return plan
  }

  /// Throws when the policy names a method that the called one's service has not: it would have no effect, unnoticed.
  private mutating func checkNames(for method: MethodFacts) throws(RPCError) {
    known.add(method.methods, of: method.service)
    do throws(PolicyError) {
      try known.check(declaration.policy.methods.keys)
    } catch {
      throw RPCError(.invalidRequest, "\(error)", cause: error, method: method.qualifiedName, isUnsent: true)
    }
  }

  private static func common(_ policy: Policy, _ time: TimeSource) throws -> CallPlan {
    var limits = CallLimits()
    limits.bulkhead = try policy.bulkhead?.runner(time: time)
    limits.rateLimit = try policy.rateLimit?.runner(time: time)
    limits.adaptiveLimit = try policy.adaptiveLimit?.runner(time: time)
    return CallPlan(
      deadline: policy.deadline?.after, retry: policy.retry, timeouts: policy.perEndpoint.timeouts,
      budget: SharedBudget(policy.retry.budget), limits: limits, shadow: SharedShadow(policy.shadow))
  }

  private func plan(of policy: MethodPolicy, _ method: MethodFacts) throws -> CallPlan {
    var limits = common.limits
    if let bulkhead = policy.bulkhead { limits.bulkhead = try bulkhead.runner(time: time) }
    if let rateLimit = policy.rateLimit { limits.rateLimit = try rateLimit.runner(time: time) }
    let deadlines = [common.deadline, policy.deadline?.after, method.declared?.deadline].compactMap(\.self)
    let ownBudget = policy.retry?.budget
    // What would repeat a call, or keep its result, is left out where the IDL does not allow it.
    let mayRepeat = method.idempotency == .idempotent
    return CallPlan(
      deadline: deadlines.min(), retry: policy.retry ?? common.retry, timeouts: policy.timeouts ?? common.timeouts,
      budget: ownBudget.map { SharedBudget($0) } ?? common.budget,
      breaker: policy.circuitBreaker.map { (method.qualifiedName, $0) }, limits: limits,
      hedge: mayRepeat ? try policy.hedge?.runner(time: time) : nil,
      cache: mayRepeat ? try policy.cache.map { try ReplyCache($0, time) } : nil,
      flight: mayRepeat && policy.singleFlight != nil ? SingleFlight.Runner(time: time) : nil,
      shadow: policy.shadow.map { SharedShadow($0) } ?? common.shadow)
  }
}

/// What the calls of a group share that have a hedge or a cache of their own.
private struct CallOverrideTable {
  private struct HedgeKey: Hashable {
    let method: String
    let policy: Hedge
  }

  /// More different hedges than these begin anew.
  private static let mostHedges = 100

  private var hedges: [HedgeKey: Hedge.Runner] = [:]
  /// Of methods that have no cache.
  private var caches: [String: ReplyCache] = [:]

  mutating func hedge(_ policy: Hedge, of method: String, _ time: TimeSource) throws(PolicyError) -> Hedge.Runner {
    let key = HedgeKey(method: method, policy: policy)
    if let runner = hedges[key] { return runner }
    if hedges.count >= Self.mostHedges { hedges = [:] }
    let runner = try policy.runner(time: time)
    hedges[key] = runner
    return runner
  }

  mutating func cache(_ policy: Cache, of method: String, _ time: TimeSource) throws(PolicyError) -> ReplyCache {
    if let cache = caches[method] { return cache }
    let cache = try ReplyCache(policy, time)
    caches[method] = cache
    return cache
  }
}
