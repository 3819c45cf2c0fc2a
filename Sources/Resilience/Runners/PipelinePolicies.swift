import SeaThriftTime

/// What is written in a ``Pipeline``, by kind.
public struct PipelinePolicies: Sendable, PolicyHolder {
  private var values: [ObjectIdentifier: any PolicyValue] = [:]

  package func anyValue(of kind: any PolicyValue.Type) -> (any PolicyValue)? { values[ObjectIdentifier(kind)] }

  mutating func set(_ value: some PolicyValue) throws(PolicyError) {
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
