/// Policies that only watch, as they are written in a declaration; see ``ShadowPolicy``.
///
/// ```swift
/// Shadow {
///   RateLimit(100)
///   CircuitBreaker(.consecutive(3))
/// }
/// ```
public struct Shadow: Sendable {
  let lines: [ShadowElement]

  /// Collects the policies.
  public init(@ShadowBuilder _ policies: () -> [ShadowElement]) { lines = policies() }

  /// The policies as a value.
  ///
  /// - Throws: when one is given twice, or has a field out of its range.
  public func policy() throws(PolicyError) -> ShadowPolicy {
    var policy = ShadowPolicy()
    try lines.install(in: &policy, of: "Shadow")
    try policy.validate()
    return policy
  }
}

/// One line of a ``Shadow``.
public typealias ShadowElement = PolicyLine<ShadowPolicy>

/// Collects the policies of a ``Shadow``: each ``ShadowPolicyValue``.
public typealias ShadowBuilder = PolicyListBuilder<ShadowPolicy>

extension ShadowBuilder {
  /// Notes what the policy would have done.
  public static func buildExpression(_ policy: some ShadowPolicyValue) -> [ShadowElement] { [ShadowElement(policy)] }
}

extension PolicyLine {
  /// What only watches, which goes into its slot of a part of the place.
  package init<Whole: SlottedPolicy>(_ policies: Shadow, in whole: any WritableKeyPath<Place, Whole> & Sendable) {
    self.init(ShadowPolicy.policyName) { place throws(PolicyError) in
      try place[keyPath: whole].set(policies.policy())
    }
  }
}
