public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension ShadowBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "write CircuitBreaker, Timeouts and Pool in the Shadow itself, without PerEndpoint"
  )
  public static func buildExpression(_ policy: PerEndpoint) -> [ShadowElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write Method(…) { Shadow { … } } for a method, not the other way about")
  public static func buildExpression(_ policy: Method) -> [ShadowElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a preset cannot watch: write its policies one by one")
  public static func buildExpression(_ policy: Policy) -> [ShadowElement] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a key has nothing to watch: write it beside Shadow { … }")
  public static func buildExpression(_ policy: HashKey<some Sendable>) -> [ShadowElement] { [] }
}

extension PipelineBuilder {
  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "the fallback of a pipeline is an argument of run(_:fallback:)")
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [PipelinePolicy] { [] }
}
