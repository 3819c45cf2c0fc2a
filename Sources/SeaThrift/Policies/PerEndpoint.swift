public import Resilience

/// What each endpoint of a group has for itself: circuit breaker, timeouts, pool.
public struct PerEndpoint: Sendable {
  let lines: [EndpointElement]

  /// Collects the policies; what is not written is as in ``Policy/default`` or the group's preset.
  public init(@EndpointPolicyBuilder _ policies: () -> [EndpointElement]) { lines = policies() }
}

/// One line of a ``PerEndpoint``.
public typealias EndpointElement = PolicyLine<EndpointPolicy>

/// Collects the policies of a ``PerEndpoint``: each ``EndpointPolicyValue``.
public typealias EndpointPolicyBuilder = PolicyListBuilder<EndpointPolicy>

extension EndpointPolicyBuilder {
  /// A policy that every endpoint has for itself.
  public static func buildExpression(_ policy: some EndpointPolicyValue) -> [EndpointElement] {
    [EndpointElement(policy)]
  }
}
