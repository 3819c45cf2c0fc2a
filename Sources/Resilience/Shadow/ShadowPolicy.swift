/// Policies that only watch: each notes what it would have done to a call, and does nothing.
///
/// To try a policy out on real traffic before it is in force. It may stand beside one of its kind that is in force.
public struct ShadowPolicy: PolicyValue {
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

  /// Throws when there is a policy that only a group can watch: one that looks at endpoints, connections or what tells
  /// calls apart. The error names it.
  func validateOutsideGroup() throws(PolicyError) {
    guard let slot = takenSlots.first(where: { !($0.kind is any PipelinePolicyValue.Type) }) else { return }
    throw PolicyError(policy: Self.policyName, field: slot.name, value: "given", allowed: "only in a ServiceGroup")
  }
}

extension ShadowPolicy: SlottedPolicy {
  /// `Shadow`, as it is written.
  public static let policyName = "Shadow"

  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("bulkhead", \.bulkhead), PolicySlot("rateLimit", \.rateLimit),
    PolicySlot("adaptiveLimit", \.adaptiveLimit), PolicySlot("deadline", \.deadline), PolicySlot("retry", \.retry),
    PolicySlot("hedge", \.hedge), PolicySlot("circuitBreaker", \.circuitBreaker), PolicySlot("timeout", \.timeout),
    PolicySlot("cache", \.cache), PolicySlot("singleFlight", \.singleFlight),
    PolicySlot("fallback", \.fallback, name: "Fallback"), PolicySlot("balance", \.balance), PolicySlot("pool", \.pool),
    PolicySlot("timeouts", \.timeouts),
  ]

  package static func located(_ error: PolicyError, in slot: PolicySlot<Self>) -> PolicyError {
    error.inside(policyName, slot.key)
  }
}
