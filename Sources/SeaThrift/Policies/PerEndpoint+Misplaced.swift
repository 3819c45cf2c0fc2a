public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension EndpointPolicyBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Deadline is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: Deadline) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Retry is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: Retry) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Balance is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: Balance) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Bulkhead is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: Bulkhead) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "RateLimit is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: RateLimit) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "AdaptiveLimit is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: AdaptiveLimit) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write Timeouts(attempt:) in place of AttemptTimeout")
  public static func buildExpression(_ policy: AttemptTimeout) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "Hedge is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { Hedge(…) } beside PerEndpoint { … }"
  )
  public static func buildExpression(_ policy: Hedge) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "Cache is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { Cache(…) } beside PerEndpoint { … }"
  )
  public static func buildExpression(_ policy: Cache) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "SingleFlight is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { SingleFlight(…) } beside PerEndpoint { … }"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Shadow is for all calls of a group together: write it beside PerEndpoint { … }, not in it"
  )
  public static func buildExpression(_ policy: Shadow) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write Method(…) { … } beside PerEndpoint { … }, not in it")
  public static func buildExpression(_ policy: Method) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a preset belongs to the group: write it beside PerEndpoint { … }, not in it")
  public static func buildExpression(_ policy: Policy) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "a fallback belongs to a group or a method: write it beside PerEndpoint { … }, or in Method(…) { … }"
  )
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [EndpointElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "a key belongs to a group or a method: write it beside PerEndpoint { … }, or in Method(…) { … }"
  )
  public static func buildExpression(_ policy: HashKey<some Sendable>) -> [EndpointElement] { [] }
}
