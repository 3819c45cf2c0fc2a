public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension CallPolicyBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Bulkhead is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: Bulkhead) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "RateLimit is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: RateLimit) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "AdaptiveLimit is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: AdaptiveLimit) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Balance is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: Balance) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "CircuitBreaker is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: CircuitBreaker) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Pool is shared by many calls and cannot be one call's: write it with the group")
  public static func buildExpression(_ policy: Pool) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "SingleFlight is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Shadow is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: Shadow) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "PerEndpoint is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: PerEndpoint) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Method is shared by many calls and cannot be one call's: write it with the group"
  )
  public static func buildExpression(_ policy: Method) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write Timeouts(attempt:) for each attempt, or Deadline(…) for the whole call")
  public static func buildExpression(_ policy: AttemptTimeout) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "a preset is a group's; one call's policies are Deadline, Retry, Timeouts, Hedge and Cache"
  )
  public static func buildExpression(_ policy: Policy) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write the fallback with the group, or catch the error of the call")
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [CallPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write the key with the group; its header is set by withRequestHeaders")
  public static func buildExpression(_ policy: HashKey<some Sendable>) -> [CallPolicyElement] { [] }
}
