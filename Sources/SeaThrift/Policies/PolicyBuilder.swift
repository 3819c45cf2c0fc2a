public import Resilience

/// One line of a declaration of policies.
public struct PolicyElement: Sendable {
  let slot: PolicySlot?
  let install: @Sendable (inout PolicyDeclaration) throws -> Void

  init(_ slot: PolicySlot?, _ install: @escaping @Sendable (inout PolicyDeclaration) throws -> Void) {
    self.slot = slot
    self.install = install
  }
}

/// What a declaration comes to: the values, and the code that is no value.
struct PolicyDeclaration: Sendable {
  var policy: Policy
  /// The fallbacks, by the method's name; for every method under the empty name.
  var fallbacks: [String: any Sendable] = [:]
  /// What consistent hashing goes by.
  var hashKeys: [String: any Sendable] = [:]
  var headerKey: String?
  /// The methods that are written in it.
  var writtenMethods: Set<String> = []

  init(_ base: Policy, _ elements: [PolicyElement] = []) throws {
    policy = base
    var slots = SlotTable("ServiceGroup")
    // A preset is what the others change, wherever it is written.
    let presets = elements.filter { $0.slot == nil }
    if presets.count > 1 {
      throw PolicyError(policy: "ServiceGroup", field: "Policy", value: "given twice", allowed: "one")
    }
    for preset in presets { try preset.install(&self) }
    for element in elements {
      guard let slot = element.slot else { continue }
      if slot != .method { try slots.take(slot) }
      try element.install(&self)
    }
    try policy.validate()
  }
}

/// Collects the policies of a ``ServiceGroup``. The order in which they are written means nothing.
///
/// What is not written is as in ``Policy/default``, or as in the preset that is written among the others.
@resultBuilder
public enum PolicyBuilder {
  /// What all that is not written is like.
  public static func buildExpression(_ preset: Policy) -> [PolicyElement] {
    [PolicyElement(nil) { $0.policy = preset }]
  }

  /// How long a call may take in all.
  public static func buildExpression(_ policy: Deadline) -> [PolicyElement] {
    [PolicyElement(.deadline) { $0.policy.deadline = policy }]
  }

  /// How often a call is tried again.
  public static func buildExpression(_ policy: Retry) -> [PolicyElement] {
    [PolicyElement(.retry) { $0.policy.retry = policy }]
  }

  /// Which endpoint an attempt goes to.
  public static func buildExpression(_ policy: Balance) -> [PolicyElement] {
    [PolicyElement(.balance) { $0.policy.balance = policy }]
  }

  /// How many calls run at once.
  public static func buildExpression(_ policy: Bulkhead) -> [PolicyElement] {
    [PolicyElement(.bulkhead) { $0.policy.bulkhead = policy }]
  }

  /// How many calls begin within a time.
  public static func buildExpression(_ policy: RateLimit) -> [PolicyElement] {
    [PolicyElement(.rateLimit) { $0.policy.rateLimit = policy }]
  }

  /// How many calls run at once, found out by itself.
  public static func buildExpression(_ policy: AdaptiveLimit) -> [PolicyElement] {
    [PolicyElement(.adaptiveLimit) { $0.policy.adaptiveLimit = policy }]
  }

  /// What each endpoint has for itself.
  public static func buildExpression(_ policy: PerEndpoint) -> [PolicyElement] {
    [PolicyElement(.perEndpoint) { try policy.install(in: &$0.policy.perEndpoint) }]
  }

  /// What only watches; a ``ClientObserver`` is told what it would have done.
  public static func buildExpression(_ policies: Shadow) -> [PolicyElement] {
    [PolicyElement(.shadow) { $0.policy.shadow = try policies.policy() }]
  }

  /// What is different for a method.
  public static func buildExpression(_ policy: Method) -> [PolicyElement] {
    [PolicyElement(.method) { try policy.install(in: &$0) }]
  }

  /// What replaces the error of a call of any method.
  public static func buildExpression(_ fallback: Fallback<Never>) -> [PolicyElement] {
    [PolicyElement(.fallback) { $0.fallbacks[""] = fallback }]
  }

  /// The header that consistent hashing goes by.
  public static func buildExpression(_ key: HashKey<Never>) -> [PolicyElement] {
    [PolicyElement(.hashKey) { $0.headerKey = key.header }]
  }

  /// All of them.
  public static func buildBlock(_ elements: [PolicyElement]...) -> [PolicyElement] { elements.flatMap(\.self) }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [PolicyElement]?) -> [PolicyElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [PolicyElement]) -> [PolicyElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [PolicyElement]) -> [PolicyElement] { elements }
  /// Those of a `for`.
  public static func buildArray(_ elements: [[PolicyElement]]) -> [PolicyElement] { elements.flatMap(\.self) }
}

extension Policy {
  /// A policy made of others, like that of a group; for policies that are kept apart from their groups.
  ///
  /// - Throws: ``PolicyError``, when a slot is given twice or a value is out of its range.
  public init(@PolicyBuilder _ policies: () -> [PolicyElement]) throws {
    self = try PolicyDeclaration(Policy(), policies()).policy
  }
}
