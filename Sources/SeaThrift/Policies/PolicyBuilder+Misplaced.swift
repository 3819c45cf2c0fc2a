public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension PolicyBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "each endpoint has a circuit breaker of its own: write PerEndpoint { CircuitBreaker(…) }"
  )
  public static func buildExpression(_ policy: CircuitBreaker) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "each endpoint has timeouts of its own: write PerEndpoint { Timeouts(…) }")
  public static func buildExpression(_ policy: Timeouts) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "each endpoint has a pool of its own: write PerEndpoint { Pool(…) }")
  public static func buildExpression(_ policy: Pool) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "a group has Timeouts(attempt:) in PerEndpoint { … } in place of AttemptTimeout"
  )
  public static func buildExpression(_ policy: AttemptTimeout) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "Hedge is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { Hedge(…) }"
  )
  public static func buildExpression(_ policy: Hedge) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "Cache is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { Cache(…) }"
  )
  public static func buildExpression(_ policy: Cache) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "SingleFlight is only for methods that the IDL calls idempotent, so it belongs to one of them: write Method(…) { SingleFlight(…) }"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "a fallback that makes a value belongs to the method that returns it: write Method(…) { Fallback { … } }"
  )
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "a key of arguments belongs to the method that takes them: write Method(…) { HashKey { … } }, or HashKey(header:) for the group"
  )
  public static func buildExpression(_ policy: HashKey<some Sendable>) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a ServedMethod is of a ServerPolicy; a group has Method(…) { … }")
  public static func buildExpression(_ policy: ServedMethod) -> [PolicyElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a ServerPolicy is of a server; a group has a Policy")
  public static func buildExpression(_ policy: ServerPolicy) -> [PolicyElement] { [] }
}
