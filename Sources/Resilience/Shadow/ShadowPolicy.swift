/// Policies that only watch: each notes what it would have done to a call, and does nothing.
///
/// To try a policy out on real traffic before it is in force. It may stand beside one of its kind that is in force.
public struct ShadowPolicy: Hashable, Sendable {
  /// Notes calls that it would have held up or refused.
  public var bulkhead: Bulkhead?
  /// Notes calls that it would have held up or refused.
  public var rateLimit: RateLimit?
  /// Notes calls that it would have held up or refused.
  public var adaptiveLimit: AdaptiveLimit?
  /// Notes calls that took longer.
  public var deadline: Deadline?
  /// Notes failed calls that it would have tried once more than was done.
  public var retry: Retry?
  /// Notes calls beside which it would have made a second attempt.
  public var hedge: Hedge?
  /// Notes its changes of state, and attempts that it would have refused.
  public var circuitBreaker: CircuitBreaker?
  /// Notes attempts that took longer.
  public var timeout: AttemptTimeout?
  /// Notes calls whose error it would have replaced; what with, is not asked. Only for groups.
  public var fallback = false
  /// Notes attempts that it would have sent to another endpoint. Only for groups.
  public var balance: Balance?
  /// Notes attempts that it would have refused, held up or made a connection for. Only for groups.
  public var pool: Pool?
  /// Notes steps of attempts that took longer. Only for groups.
  public var timeouts: Timeouts?
  /// Notes calls that it would have answered. Only for idempotent methods of a group.
  public var cache: Cache?
  /// Notes calls that would have shared another's attempt. Only for idempotent methods of a group.
  public var singleFlight: SingleFlight?

  /// Creates a policy that watches nothing.
  public init() {}

  /// Whether it watches nothing.
  package var isEmpty: Bool { self == Self() }

  /// The slots that are taken.
  package var slots: [PolicySlot] {
    let all: [(PolicySlot, Bool)] = [
      (.fallback, fallback), (.cache, cache != nil), (.singleFlight, singleFlight != nil),
      (.bulkhead, bulkhead != nil), (.rateLimit, rateLimit != nil), (.adaptiveLimit, adaptiveLimit != nil),
      (.deadline, deadline != nil), (.retry, retry != nil), (.hedge, hedge != nil), (.balance, balance != nil),
      (.circuitBreaker, circuitBreaker != nil), (.timeout, timeout != nil), (.timeouts, timeouts != nil),
      (.pool, pool != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// Throws when there is a policy that only a group can watch: one that looks at endpoints, connections or what tells
  /// calls apart. The error names it.
  func validateOutsideGroup() throws(PolicyError) {
    let ofGroups: Set<PolicySlot> = [.fallback, .cache, .singleFlight, .balance, .timeouts, .pool]
    guard let slot = slots.first(where: ofGroups.contains) else { return }
    throw PolicyError(policy: "Shadow", field: slot.rawValue, value: "given", allowed: "only in a ServiceGroup")
  }

  /// Throws when a value is out of its range; the error names it.
  public func validate() throws(PolicyError) {
    try PolicyCheck("Shadow").nested("bulkhead") { () throws(PolicyError) in try bulkhead?.validate() }
    try PolicyCheck("Shadow").nested("rateLimit") { () throws(PolicyError) in try rateLimit?.validate() }
    try PolicyCheck("Shadow").nested("adaptiveLimit") { () throws(PolicyError) in try adaptiveLimit?.validate() }
    try PolicyCheck("Shadow").nested("deadline") { () throws(PolicyError) in try deadline?.validate() }
    try PolicyCheck("Shadow").nested("retry") { () throws(PolicyError) in try retry?.validate() }
    try PolicyCheck("Shadow").nested("hedge") { () throws(PolicyError) in try hedge?.validate() }
    try PolicyCheck("Shadow").nested("circuitBreaker") { () throws(PolicyError) in try circuitBreaker?.validate() }
    try PolicyCheck("Shadow").nested("timeout") { () throws(PolicyError) in try timeout?.validate() }
    try PolicyCheck("Shadow").nested("balance") { () throws(PolicyError) in try balance?.validate() }
    try PolicyCheck("Shadow").nested("pool") { () throws(PolicyError) in try pool?.validate() }
    try PolicyCheck("Shadow").nested("timeouts") { () throws(PolicyError) in try timeouts?.validate() }
    try PolicyCheck("Shadow").nested("cache") { () throws(PolicyError) in try cache?.validate() }
  }
}

extension ShadowPolicy: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case bulkhead, rateLimit, adaptiveLimit, deadline, retry, hedge, circuitBreaker, timeout, cache, singleFlight
    case fallback, balance, pool, timeouts
  }

  /// Reads a policy; what is absent is not watched, and an unknown field is an error.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.policyContainer(CodingKeys.self)
    bulkhead = try fields.optional(.bulkhead, default: nil)
    rateLimit = try fields.optional(.rateLimit, default: nil)
    adaptiveLimit = try fields.optional(.adaptiveLimit, default: nil)
    deadline = try fields.optional(.deadline, default: nil)
    retry = try fields.optional(.retry, default: nil)
    hedge = try fields.optional(.hedge, default: nil)
    circuitBreaker = try fields.optional(.circuitBreaker, default: nil)
    timeout = try fields.optional(.timeout, default: nil)
    cache = try fields.optional(.cache, default: nil)
    singleFlight = try fields.optional(.singleFlight, default: nil)
    fallback = try fields.value(.fallback, default: false)
    balance = try fields.optional(.balance, default: nil)
    pool = try fields.optional(.pool, default: nil)
    timeouts = try fields.optional(.timeouts, default: nil)
  }

  /// Writes every field that is not `nil`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(bulkhead, forKey: .bulkhead)
    try fields.encodeIfPresent(rateLimit, forKey: .rateLimit)
    try fields.encodeIfPresent(adaptiveLimit, forKey: .adaptiveLimit)
    try fields.encodeIfPresent(deadline, forKey: .deadline)
    try fields.encodeIfPresent(retry, forKey: .retry)
    try fields.encodeIfPresent(hedge, forKey: .hedge)
    try fields.encodeIfPresent(circuitBreaker, forKey: .circuitBreaker)
    try fields.encodeIfPresent(timeout, forKey: .timeout)
    try fields.encodeIfPresent(cache, forKey: .cache)
    try fields.encodeIfPresent(singleFlight, forKey: .singleFlight)
    if fallback { try fields.encode(fallback, forKey: .fallback) }
    try fields.encodeIfPresent(balance, forKey: .balance)
    try fields.encodeIfPresent(pool, forKey: .pool)
    try fields.encodeIfPresent(timeouts, forKey: .timeouts)
  }
}
