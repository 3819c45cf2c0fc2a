/// Policies that only watch, as they are written in a declaration; see ``ShadowPolicy``.
///
/// ```swift
/// Shadow {
///   RateLimit(100)
///   CircuitBreaker(.consecutive(3))
/// }
/// ```
public struct Shadow: Sendable {
  let elements: [ShadowElement]

  /// Collects the policies.
  public init(@ShadowBuilder _ policies: () -> [ShadowElement]) { elements = policies() }

  /// The policies as a value.
  ///
  /// - Throws: when one is given twice, or has a field out of its range.
  public func policy() throws(PolicyError) -> ShadowPolicy {
    var slots = SlotTable("Shadow")
    var policy = ShadowPolicy()
    for element in elements {
      try slots.take(element.slot)
      element.install(&policy)
    }
    try policy.validate()
    return policy
  }
}

/// One line of a ``Shadow``.
public struct ShadowElement: Sendable {
  let slot: PolicySlot
  let install: @Sendable (inout ShadowPolicy) -> Void

  package init(slot: PolicySlot, install: @escaping @Sendable (inout ShadowPolicy) -> Void) {
    self.slot = slot
    self.install = install
  }
}

/// Collects the policies of a ``Shadow``.
@resultBuilder
public enum ShadowBuilder {
  /// Notes calls that it would have held up or refused.
  public static func buildExpression(_ policy: Bulkhead) -> [ShadowElement] {
    [ShadowElement(slot: .bulkhead) { $0.bulkhead = policy }]
  }

  /// Notes calls that it would have held up or refused.
  public static func buildExpression(_ policy: RateLimit) -> [ShadowElement] {
    [ShadowElement(slot: .rateLimit) { $0.rateLimit = policy }]
  }

  /// Notes calls that it would have held up or refused.
  public static func buildExpression(_ policy: AdaptiveLimit) -> [ShadowElement] {
    [ShadowElement(slot: .adaptiveLimit) { $0.adaptiveLimit = policy }]
  }

  /// Notes calls that took longer.
  public static func buildExpression(_ policy: Deadline) -> [ShadowElement] {
    [ShadowElement(slot: .deadline) { $0.deadline = policy }]
  }

  /// Notes failed calls that it would have tried once more than was done.
  public static func buildExpression(_ policy: Retry) -> [ShadowElement] {
    [ShadowElement(slot: .retry) { $0.retry = policy }]
  }

  /// Notes calls beside which it would have made a second attempt.
  public static func buildExpression(_ policy: Hedge) -> [ShadowElement] {
    [ShadowElement(slot: .hedge) { $0.hedge = policy }]
  }

  /// Notes its changes of state, and attempts that it would have refused.
  public static func buildExpression(_ policy: CircuitBreaker) -> [ShadowElement] {
    [ShadowElement(slot: .circuitBreaker) { $0.circuitBreaker = policy }]
  }

  /// Notes attempts that took longer.
  public static func buildExpression(_ policy: AttemptTimeout) -> [ShadowElement] {
    [ShadowElement(slot: .timeout) { $0.timeout = policy }]
  }

  /// Notes attempts that it would have sent to another endpoint. Only for groups.
  public static func buildExpression(_ policy: Balance) -> [ShadowElement] {
    [ShadowElement(slot: .balance) { $0.balance = policy }]
  }

  /// Notes attempts that it would have refused, held up or made a connection for. Only for groups.
  public static func buildExpression(_ policy: Pool) -> [ShadowElement] {
    [ShadowElement(slot: .pool) { $0.pool = policy }]
  }

  /// Notes steps of attempts that took longer. Only for groups.
  public static func buildExpression(_ policy: Timeouts) -> [ShadowElement] {
    [ShadowElement(slot: .timeouts) { $0.timeouts = policy }]
  }

  /// Notes calls that it would have answered.
  public static func buildExpression(_ policy: Cache) -> [ShadowElement] {
    [ShadowElement(slot: .cache) { $0.cache = policy }]
  }

  /// Notes calls that would have shared another's attempt.
  public static func buildExpression(_ policy: SingleFlight) -> [ShadowElement] {
    [ShadowElement(slot: .singleFlight) { $0.singleFlight = policy }]
  }

  /// All of them.
  public static func buildBlock(_ elements: [ShadowElement]...) -> [ShadowElement] { elements.flatMap(\.self) }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [ShadowElement]?) -> [ShadowElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [ShadowElement]) -> [ShadowElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [ShadowElement]) -> [ShadowElement] { elements }
}
