public import Resilience

// Without these, a policy in a place that is not its own is answered with a list of everything that may stand there.
// One that is unavailable is chosen only where nothing else fits.

extension PolicyListBuilder {
  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable, message: "Balance is for all calls of a group together: write it beside Method(…) { … }, not in it"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Balance
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "AdaptiveLimit is for all calls of a group together: write it beside Method(…) { … }, not in it"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: AdaptiveLimit
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "a pool is an endpoint's, for all methods: write PerEndpoint { Pool(…) } beside Method(…) { … }"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Pool
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "write PerEndpoint { … } beside Method(…) { … }, not in it; CircuitBreaker and Timeouts may stand in both"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: PerEndpoint
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write Timeouts(attempt:) in place of AttemptTimeout")
  public static func buildExpression<M: ThriftMethod>(
    _ policy: AttemptTimeout
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "a preset belongs to the group: write it beside Method(…) { … }, not in it")
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Policy
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(*, unavailable, message: "write each Method(…) { … } beside the others, not in another one")
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Method
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "HashKey(header:) is for all calls of a group: write it beside Method(…) { … }, or HashKey { … } of the arguments in it"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: HashKey<Never>
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Hedge is only for methods that the IDL calls idempotent: annotate this one with (idempotent = \"true\")"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Hedge
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message: "Cache is only for methods that the IDL calls idempotent: annotate this one with (idempotent = \"true\")"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: Cache
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }

  /// Always an error, which says where the policy belongs.
  @available(
    *, unavailable,
    message:
      "SingleFlight is only for methods that the IDL calls idempotent: annotate this one with (idempotent = \"true\")"
  )
  public static func buildExpression<M: ThriftMethod>(
    _ policy: SingleFlight
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> { [] }
}
