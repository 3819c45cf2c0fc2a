public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension ServerPolicyBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Deadline is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Deadline) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "AttemptTimeout is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: AttemptTimeout) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Timeouts is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Timeouts) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Retry is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Retry) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Hedge is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Hedge) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Balance is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Balance) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "CircuitBreaker is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: CircuitBreaker) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Pool is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Pool) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Cache is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Cache) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "SingleFlight is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "PerEndpoint is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: PerEndpoint) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Fallback is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Method is of a group: write ServedMethod(…) { … }")
  public static func buildExpression(_ policy: Method) -> [ServerPolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a Policy is of a group; a server has a ServerPolicy")
  public static func buildExpression(_ policy: Policy) -> [ServerPolicyElement] { [] }
}

extension ServerLimitsBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Deadline is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Deadline) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "AttemptTimeout is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: AttemptTimeout) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Timeouts is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Timeouts) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Retry is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Retry) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Hedge is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Hedge) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Balance is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Balance) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "CircuitBreaker is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: CircuitBreaker) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Pool is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Pool) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Cache is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit")
  public static func buildExpression(_ policy: Cache) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "SingleFlight is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "PerEndpoint is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: PerEndpoint) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Fallback is a client's: a server limits with Bulkhead, RateLimit and AdaptiveLimit"
  )
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write each ServedMethod(…) { … } beside the others, not in another one")
  public static func buildExpression(_ policy: ServedMethod) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Method is of a group: a server has ServedMethod(…) { … }")
  public static func buildExpression(_ policy: Method) -> [ServerLimitElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "a preset belongs to the server: write it beside ServedMethod(…) { … }, not in it"
  )
  public static func buildExpression(_ policy: ServerPolicy) -> [ServerLimitElement] { [] }
}
