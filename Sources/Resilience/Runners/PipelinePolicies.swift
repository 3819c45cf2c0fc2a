import SeaThriftTime

/// What is written in a ``Pipeline``, by kind.
public struct PipelinePolicies: Sendable, PolicyHolder {
  /// All that a pipeline has a use for.
  private static let kinds: [any PolicyValue.Type] =
    CallLimits.kinds
    + [Deadline.self, Retry.self, Hedge.self, CircuitBreaker.self, AttemptTimeout.self, ShadowPolicy.self]

  private var values: [ObjectIdentifier: any PolicyValue] = [:]

  package func anyValue(of kind: any PolicyValue.Type) -> (any PolicyValue)? { values[ObjectIdentifier(kind)] }

  mutating func set(_ value: some PolicyValue) throws(PolicyError) {
    guard Self.kinds.contains(where: { $0 == type(of: value) }) else {
      let names = Self.kinds.map { $0.policyName }.joined(separator: ", ")
      throw PolicyError(
        policy: "Pipeline", field: type(of: value).policyName, value: "given", allowed: "one of \(names)")
    }
    try value.validate()
    values[ObjectIdentifier(type(of: value))] = value
  }

  func shadowRunner(
    _ time: TimeSource, _ report: @escaping @Sendable (ShadowEvent) -> Void
  ) throws(PolicyError) -> ShadowPolicy.Runner? {
    guard let shadow = value(of: ShadowPolicy.self) else { return nil }
    return try ShadowPolicy.Runner(shadow, time: time, report: report)
  }
}

/// A policy in a ``Pipeline``.
public typealias PipelinePolicy = PolicyLine<PipelinePolicies>

/// Collects the policies of a ``Pipeline``: each ``PipelinePolicyValue``, and a ``Shadow``.
public typealias PipelineBuilder = PolicyListBuilder<PipelinePolicies>

extension PipelineBuilder {
  /// A policy around every call; a ``Hedge`` only where calls may run twice.
  public static func buildExpression(_ policy: some PipelinePolicyValue) -> [PipelinePolicy] {
    [PipelinePolicy(type(of: policy).policyName) { policies throws(PolicyError) in try policies.set(policy) }]
  }

  /// What only watches.
  public static func buildExpression(_ policies: Shadow) -> [PipelinePolicy] {
    [PipelinePolicy(ShadowPolicy.policyName) { all throws(PolicyError) in try all.set(policies.policy()) }]
  }
}
