public import Resilience

/// What each endpoint of a group has for itself: circuit breaker, timeouts, pool.
public struct PerEndpoint: Sendable {
  let elements: [EndpointElement]

  /// Collects the policies; what is not written is as in ``Policy/default`` or the group's preset.
  public init(@EndpointPolicyBuilder _ policies: () -> [EndpointElement]) { elements = policies() }

  func install(in policy: inout EndpointPolicy) throws {
    var slots = SlotTable("PerEndpoint")
    for element in elements {
      try slots.take(element.slot)
      element.install(&policy)
    }
  }
}

/// One line of a ``PerEndpoint``.
public struct EndpointElement: Sendable {
  let slot: PolicySlot
  let install: @Sendable (inout EndpointPolicy) -> Void
}

/// Collects the policies of a ``PerEndpoint``.
@resultBuilder
public enum EndpointPolicyBuilder {
  /// When an endpoint is given a rest.
  public static func buildExpression(_ policy: CircuitBreaker) -> [EndpointElement] {
    [EndpointElement(slot: .circuitBreaker) { $0.circuitBreaker = policy }]
  }

  /// How long each part of an attempt may take.
  public static func buildExpression(_ policy: Timeouts) -> [EndpointElement] {
    [EndpointElement(slot: .timeouts) { $0.timeouts = policy }]
  }

  /// The endpoint's connections.
  public static func buildExpression(_ policy: Pool) -> [EndpointElement] {
    [EndpointElement(slot: .pool) { $0.pool = policy }]
  }

  /// All of them.
  public static func buildBlock(_ elements: [EndpointElement]...) -> [EndpointElement] { elements.flatMap(\.self) }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [EndpointElement]?) -> [EndpointElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [EndpointElement]) -> [EndpointElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [EndpointElement]) -> [EndpointElement] { elements }
}
