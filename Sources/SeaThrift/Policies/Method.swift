public import Resilience
public import SeaThriftWire

/// What is different for one method of a group.
public struct Method: Sendable {
  let line: PolicyElement

  /// Collects the policies of a method: idempotent ones may be hedged, cached and shared besides.
  public init<M: ThriftMethod>(
    _ method: M, @MethodPolicyBuilder<M> _ policies: () -> [PolicyLine<MethodDeclaration<M>>]
  ) {
    let name = method.descriptor.qualifiedName
    let lines = policies()
    line = PolicyElement("Method(\(name))") { group throws(PolicyError) in
      // What is written changes what the preset has.
      var own = MethodDeclaration<M>(policy: group.policy.methods[name] ?? MethodPolicy())
      try lines.install(in: &own, of: "Method(\(name))")
      group.policy.methods[name] = own.policy
      if let fallback = own.fallback { group.fallbacks[name] = fallback }
      if let key = own.hashKey { group.hashKeys[name] = key }
    }
  }
}

/// What the policies that are written in a ``Method`` come to: the values, and the code that is no value.
public struct MethodDeclaration<M: ThriftMethod>: Sendable {
  var policy: MethodPolicy
  var fallback: Fallback<M.Result.Success>?
  var hashKey: HashKey<M.Arguments>?
}

/// Collects the policies of a ``Method``: each ``MethodPolicyValue``, each ``IdempotentMethodPolicyValue`` when the IDL calls
/// it idempotent, and a ``Shadow``, a ``Fallback`` and a ``HashKey``.
public typealias MethodPolicyBuilder<M: ThriftMethod> = PolicyListBuilder<MethodDeclaration<M>>

extension PolicyListBuilder {
  /// A policy of the method.
  public static func buildExpression<M: ThriftMethod>(
    _ policy: some MethodPolicyValue
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> {
    [PolicyLine(policy, in: \.policy)]
  }

  /// A policy that repeats calls, or keeps what they result in.
  public static func buildExpression<M: IdempotentThriftMethod>(
    _ policy: some IdempotentMethodPolicyValue
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> {
    [PolicyLine(policy, in: \.policy)]
  }

  /// What replaces the error of a call.
  public static func buildExpression<M: ThriftMethod>(
    _ fallback: Fallback<M.Result.Success>
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> {
    [PolicyLine("Fallback") { $0.fallback = fallback }]
  }

  /// What only watches, in place of what the group has for that.
  public static func buildExpression<M: ThriftMethod>(
    _ policies: Shadow
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> {
    [PolicyLine(policies, in: \.policy)]
  }

  /// What consistent hashing goes by.
  public static func buildExpression<M: ThriftMethod>(
    _ key: HashKey<M.Arguments>
  ) -> [PolicyLine<MethodDeclaration<M>>] where Place == MethodDeclaration<M> {
    [PolicyLine("HashKey") { $0.hashKey = key }]
  }
}
