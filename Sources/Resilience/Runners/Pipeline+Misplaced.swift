// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension PipelineBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Balance needs endpoints, of which a pipeline knows none: use a ServiceGroup, or a Balancer"
  )
  public static func buildExpression(_ policy: Balance) -> [PipelinePolicy] { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "Pool needs connections, of which a pipeline knows none: use a ServiceGroup")
  public static func buildExpression(_ policy: Pool) -> [PipelinePolicy] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "write AttemptTimeout(…) for each attempt: a pipeline does not know the parts of Timeouts"
  )
  public static func buildExpression(_ policy: Timeouts) -> [PipelinePolicy] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Cache needs a key of each call, which a pipeline does not know: use Cache.Runner"
  )
  public static func buildExpression(_ policy: Cache) -> [PipelinePolicy] { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "SingleFlight needs a key of each call, which a pipeline does not know: use SingleFlight.Runner"
  )
  public static func buildExpression(_ policy: SingleFlight) -> [PipelinePolicy] { [] }
}

extension ShadowBuilder {
  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "what is in a Shadow watches already: write it without the inner one")
  public static func buildExpression(_ policy: Shadow) -> [ShadowElement] { [] }
}
