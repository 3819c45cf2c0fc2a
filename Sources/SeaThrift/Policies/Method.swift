public import Resilience
public import SeaThriftWire

/// What is different for one method of a group.
public struct Method: Sendable {
  let name: String
  let elements: [MethodElement]

  /// Collects the policies of a method: idempotent ones may be hedged, cached and shared besides.
  public init<M: ThriftMethod>(_ method: M, @MethodPolicyBuilder<M> _ policies: () -> [MethodElement]) {
    name = method.descriptor.qualifiedName
    elements = policies()
  }

  func install(in declaration: inout PolicyDeclaration) throws {
    var slots = SlotTable("Method(\(name))")
    guard declaration.writtenMethods.insert(name).inserted else {
      throw PolicyError(policy: "ServiceGroup", field: "Method(\(name))", value: "given twice", allowed: "one")
    }
    // What is written changes what the preset has.
    var policy = declaration.policy.methods[name] ?? MethodPolicy()
    for element in elements {
      try slots.take(element.slot)
      try element.install(&policy, &declaration, name)
    }
    declaration.policy.methods[name] = policy
  }
}

/// One line of a ``Method``.
public struct MethodElement: Sendable {
  let slot: PolicySlot
  let install: @Sendable (inout MethodPolicy, inout PolicyDeclaration, String) throws -> Void
}

/// Collects the policies of a ``Method``.
@resultBuilder
public enum MethodPolicyBuilder<M: ThriftMethod> {
  /// How long a call may take in all.
  public static func buildExpression(_ policy: Deadline) -> [MethodElement] {
    [MethodElement(slot: .deadline) { method, _, _ in method.deadline = policy }]
  }

  /// How often a call is tried again.
  public static func buildExpression(_ policy: Retry) -> [MethodElement] {
    [MethodElement(slot: .retry) { method, _, _ in method.retry = policy }]
  }

  /// How long each part of an attempt may take.
  public static func buildExpression(_ policy: Timeouts) -> [MethodElement] {
    [MethodElement(slot: .timeouts) { method, _, _ in method.timeouts = policy }]
  }

  /// How many calls of the method run at once.
  public static func buildExpression(_ policy: Bulkhead) -> [MethodElement] {
    [MethodElement(slot: .bulkhead) { method, _, _ in method.bulkhead = policy }]
  }

  /// How many calls of the method begin within a time.
  public static func buildExpression(_ policy: RateLimit) -> [MethodElement] {
    [MethodElement(slot: .rateLimit) { method, _, _ in method.rateLimit = policy }]
  }

  /// A circuit breaker for this method at each endpoint, in place of the endpoint's own.
  public static func buildExpression(_ policy: CircuitBreaker) -> [MethodElement] {
    [MethodElement(slot: .circuitBreaker) { method, _, _ in method.circuitBreaker = policy }]
  }

  /// What replaces the error of a call.
  public static func buildExpression(_ fallback: Fallback<M.Result.Success>) -> [MethodElement] {
    [MethodElement(slot: .fallback) { _, declaration, name in declaration.fallbacks[name] = fallback }]
  }

  /// What only watches, in place of what the group has for that.
  public static func buildExpression(_ policies: Shadow) -> [MethodElement] {
    [MethodElement(slot: .shadow) { method, _, _ in method.shadow = try policies.policy() }]
  }

  /// What consistent hashing goes by.
  public static func buildExpression(_ key: HashKey<M.Arguments>) -> [MethodElement] {
    [MethodElement(slot: .hashKey) { _, declaration, name in declaration.hashKeys[name] = key }]
  }

  /// All of them.
  public static func buildBlock(_ elements: [MethodElement]...) -> [MethodElement] { elements.flatMap(\.self) }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [MethodElement]?) -> [MethodElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [MethodElement]) -> [MethodElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [MethodElement]) -> [MethodElement] { elements }
}

extension MethodPolicyBuilder where M: IdempotentThriftMethod {
  /// When a second attempt is made beside a slow one.
  public static func buildExpression(_ policy: Hedge) -> [MethodElement] {
    [MethodElement(slot: .hedge) { method, _, _ in method.hedge = policy }]
  }

  /// Keeps replies.
  public static func buildExpression(_ policy: Cache) -> [MethodElement] {
    [MethodElement(slot: .cache) { method, _, _ in method.cache = policy }]
  }

  /// Has identical calls share one attempt.
  public static func buildExpression(_ policy: SingleFlight) -> [MethodElement] {
    [MethodElement(slot: .singleFlight) { method, _, _ in method.singleFlight = policy }]
  }
}
