import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The plans of a group's calls on one of its loops: those that it has asked ``SharedPlans`` for.
struct PlanTable {
  private let shared: SharedPlans
  private let common: CallPlan
  private var plans: [String: CallPlan] = [:]
  private let hasMethods: Bool
  let policy: Policy
  /// Whether the group's limits are the first that any call meets: no method has some of its own, nor answers that are kept.
  let meetsGroupLimitsFirst: Bool
  /// Whether no call has anything around its attempts that it may wait for, or be answered by.
  let hasNothingAround: Bool

  init(_ shared: SharedPlans) {
    self.shared = shared
    (policy, common) = shared.current
    hasMethods = !policy.methods.isEmpty
    meetsGroupLimitsFirst = policy.methods.values.allSatisfy {
      !CallLimits.isNeeded(for: $0) && $0.cache == nil && $0.singleFlight == nil
    }
    hasNothingAround = meetsGroupLimitsFirst && common.limits.isEmpty
  }

  /// The plan of a call, which may have policies of its own.
  mutating func plan(for call: ClientCall) throws -> CallPlan {
    let plan = try plan(for: call.method)
    return call.override?.policy == nil ? plan : try shared.plan(for: call, over: plan)
  }

  private mutating func plan(for method: MethodFacts) throws -> CallPlan {
    if !hasMethods, method.declared == nil { return common }
    if let plan = plans[method.qualifiedName] { return plan }
    let plan = try shared.plan(for: method)
    plans[method.qualifiedName] = plan
    return plan
  }

  /// The limits of all calls; nil for none.
  var limits: CallLimits? { common.limits.isEmpty ? nil : common.limits }
}

/// The plans of a group's calls, made from its policy when they are first asked for. One for all loops that the group is on.
final class SharedPlans: Sendable {
  private let state: Lock<PlanMaker>

  /// - Throws: ``PolicyError`` when a value is out of its range.
  init(_ policy: Policy, _ time: TimeSource) throws {
    state = Lock(try PlanMaker(policy, time))
  }

  /// The policies that are in force, and the plan of the methods that have nothing of their own.
  var current: (Policy, CallPlan) { state.withLock { ($0.policy, $0.common) } }

  /// Takes a new policy. Calls under way keep their plans.
  func update(_ policy: Policy) throws { try state.withLock { try $0.update(policy) } }

  func plan(for method: MethodFacts) throws -> CallPlan { try state.withLock { try $0.plan(for: method) } }

  func plan(for call: ClientCall, over plan: CallPlan) throws -> CallPlan {
    try state.withLock { try $0.plan(for: call, over: plan) }
  }

  /// How many places calls have in limits, those of all methods together.
  var placesTaken: Int { state.withLock { $0.placesTaken } }
}

private struct PlanMaker {
  private(set) var policy: Policy
  private let time: TimeSource
  /// The plan of all methods that have nothing of their own.
  private(set) var common: CallPlan
  private var plans: [String: CallPlan] = [:]
  /// The methods of the services that were called.
  private var known = KnownMethods()
  /// What calls have at work that have policies of their own.
  private var overrides = CallOverrideTable()

  init(_ policy: Policy, _ time: TimeSource) throws {
    self.policy = policy
    self.time = time
    common = try Self.common(policy, time)
  }

  /// How many places calls have in limits, those of all methods together.
  var placesTaken: Int {
    plans.values.reduce(common.limits.placesTaken) { $0 + ($1.methodLimits?.placesTaken ?? 0) }
  }

  /// Takes a new policy. Calls under way keep their plans.
  mutating func update(_ policy: Policy) throws {
    try known.check(policy.methods.keys)
    common = try Self.common(policy, time)
    self.policy = policy
    plans = [:]
    overrides = CallOverrideTable()
  }

  /// The plan of a call with policies of its own.
  mutating func plan(for call: ClientCall, over plan: CallPlan) throws -> CallPlan {
    guard let own = call.override?.policy else { return plan }
    guard call.method.idempotency == .idempotent else { return plan.overridden(by: call.override) }
    let name = call.method.qualifiedName
    return plan.overridden(
      by: call.override, hedge: try own.hedge.map { try overrides.hedge($0, of: name, time) },
      cache: try own.cache.map { try (plan.cache ?? overrides.cache($0, of: name, time)).with($0) })
  }

  mutating func plan(for method: MethodFacts) throws -> CallPlan {
    if let plan = plans[method.qualifiedName] { return plan }
    try checkNames(for: method)
    let policy = policy.methods[method.qualifiedName] ?? MethodPolicy()
    let plan = try plan(of: policy, method)
    plans[method.qualifiedName] = plan
    return plan
  }

  /// Throws when the policy names a method that the called one's service has not: it would have no effect, unnoticed.
  private mutating func checkNames(for method: MethodFacts) throws(RPCError) {
    known.add(method.methods, of: method.service)
    do throws(PolicyError) {
      try known.check(policy.methods.keys)
    } catch {
      throw RPCError(.invalidRequest, "\(error)", cause: error, method: method.qualifiedName, isUnsent: true)
    }
  }

  private static func common(_ policy: Policy, _ time: TimeSource) throws -> CallPlan {
    return CallPlan(
      deadline: policy.deadline?.after, retry: policy.retry, timeouts: policy.perEndpoint.timeouts,
      budget: SharedBudget(policy.retry.budget), limits: try CallLimits(policy, time: time),
      shadow: SharedShadow(policy.shadow))
  }

  private func plan(of policy: MethodPolicy, _ method: MethodFacts) throws -> CallPlan {
    let limits = try CallLimits(policy, time: time)
    let deadlines = [common.deadline, policy.deadline?.after, method.declared?.deadline].compactMap(\.self)
    let ownBudget = policy.retry?.budget
    // What would repeat a call, or keep its result, is left out where the IDL does not allow it.
    let mayRepeat = method.idempotency == .idempotent
    return CallPlan(
      deadline: deadlines.min(), retry: policy.retry ?? common.retry, timeouts: policy.timeouts ?? common.timeouts,
      budget: ownBudget.map { SharedBudget($0) } ?? common.budget,
      breaker: policy.circuitBreaker.map { (method.qualifiedName, $0) }, limits: common.limits,
      methodLimits: limits.isEmpty ? nil : limits,
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
