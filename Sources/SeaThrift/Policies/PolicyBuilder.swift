public import Resilience

/// What the policies that are written with a ``ServiceGroup`` come to: the values, and the code that is no value.
public struct PolicyDeclaration: Sendable {
  var policy: Policy
  /// The fallbacks, by the method's name; for every method under the empty name.
  var fallbacks: [String: any Sendable] = [:]
  /// What consistent hashing goes by.
  var hashKeys: [String: any Sendable] = [:]
  var headerKey: String?

  init(_ base: Policy, _ elements: [PolicyElement] = []) throws(PolicyError) {
    policy = base
    try elements.install(in: &self, of: "ServiceGroup")
    try policy.validate()
  }
}

/// One line of a declaration of policies.
public typealias PolicyElement = PolicyLine<PolicyDeclaration>

/// Collects the policies of a ``ServiceGroup``: each ``GroupPolicyValue``, a ``Shadow``, a ``PerEndpoint``, and
/// any number of different ``Method``s. The order in which they are written means nothing.
///
/// What is not written is as in ``Policy/default``, or as in the preset that is written among the others.
public typealias PolicyBuilder = PolicyListBuilder<PolicyDeclaration>

extension PolicyBuilder {
  /// A policy for all calls.
  public static func buildExpression(_ policy: some GroupPolicyValue) -> [PolicyElement] {
    [PolicyElement(policy, in: \.policy)]
  }

  /// What all that is not written is like.
  public static func buildExpression(_ preset: Policy) -> [PolicyElement] {
    [PolicyElement(Policy.policyName, isPreset: true) { $0.policy = preset }]
  }

  /// What each endpoint has for itself.
  public static func buildExpression(_ policy: PerEndpoint) -> [PolicyElement] {
    [
      PolicyElement("PerEndpoint") { group throws(PolicyError) in
        try policy.lines.install(in: &group.policy.perEndpoint, of: "PerEndpoint")
      }
    ]
  }

  /// What only watches; a ``ClientObserver`` is told what it would have done.
  public static func buildExpression(_ policies: Shadow) -> [PolicyElement] {
    [PolicyElement(policies, in: \.policy)]
  }

  /// What is different for a method.
  public static func buildExpression(_ policy: Method) -> [PolicyElement] { [policy.line] }

  /// What replaces the error of a call of any method.
  public static func buildExpression(_ fallback: Fallback<Never>) -> [PolicyElement] {
    [PolicyElement("Fallback") { $0.fallbacks[""] = fallback }]
  }

  /// The header that consistent hashing goes by.
  public static func buildExpression(_ key: HashKey<Never>) -> [PolicyElement] {
    [PolicyElement("HashKey") { $0.headerKey = key.header }]
  }
}

extension Policy {
  /// A policy made of others, like that of a group; for policies that are kept apart from their groups.
  ///
  /// - Throws: ``PolicyError``, when a slot is given twice or a value is out of its range.
  public init(@PolicyBuilder _ policies: () -> [PolicyElement]) throws {
    self = try PolicyDeclaration(Policy(), policies()).policy
  }
}
