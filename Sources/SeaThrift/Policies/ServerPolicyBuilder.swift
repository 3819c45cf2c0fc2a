public import Resilience

/// One limit, or what only watches, of a server or of one of its methods.
public struct ServerLimitElement: Sendable {
  let slot: PolicySlot
  let install: @Sendable (inout ServerLimits) throws(PolicyError) -> Void
}

/// Collects the limits of a ``ServedMethod``. The order in which they are written means nothing.
@resultBuilder
public enum ServerLimitsBuilder {
  /// How many calls run at once.
  public static func buildExpression(_ policy: Bulkhead) -> [ServerLimitElement] {
    [ServerLimitElement(slot: .bulkhead) { limits throws(PolicyError) in limits.bulkhead = policy }]
  }

  /// How many calls begin within a time.
  public static func buildExpression(_ policy: RateLimit) -> [ServerLimitElement] {
    [ServerLimitElement(slot: .rateLimit) { limits throws(PolicyError) in limits.rateLimit = policy }]
  }

  /// How many calls run at once, found out by itself.
  public static func buildExpression(_ policy: AdaptiveLimit) -> [ServerLimitElement] {
    [ServerLimitElement(slot: .adaptiveLimit) { limits throws(PolicyError) in limits.adaptiveLimit = policy }]
  }

  /// Limits that only watch; a ``ServerObserver`` is told what they would have done.
  public static func buildExpression(_ policies: Shadow) -> [ServerLimitElement] {
    [ServerLimitElement(slot: .shadow) { limits throws(PolicyError) in limits.shadow = try policies.policy() }]
  }

  /// All of them.
  public static func buildBlock(_ elements: [ServerLimitElement]...) -> [ServerLimitElement] {
    elements.flatMap(\.self)
  }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [ServerLimitElement]?) -> [ServerLimitElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [ServerLimitElement]) -> [ServerLimitElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [ServerLimitElement]) -> [ServerLimitElement] { elements }
}

extension ServerLimits {
  fileprivate mutating func install(_ elements: [ServerLimitElement], of place: String) throws(PolicyError) {
    var slots = SlotTable(place)
    for element in elements {
      try slots.take(element.slot)
      try element.install(&self)
    }
  }
}

/// What is different for one method of a server.
public struct ServedMethod: Sendable {
  let name: String
  let elements: [ServerLimitElement]

  /// Collects the limits of a method.
  public init(_ method: some ThriftMethod, @ServerLimitsBuilder _ limits: () -> [ServerLimitElement]) {
    name = method.descriptor.qualifiedName
    elements = limits()
  }
}

/// One line of a ``ServerPolicy``.
public struct ServerPolicyElement: Sendable {
  enum Kind: Sendable {
    case preset(ServerPolicy)
    case limit(ServerLimitElement)
    case method(ServedMethod)
  }

  let kind: Kind
}

/// Collects the limits of a server. The order in which they are written means nothing.
@resultBuilder
public enum ServerPolicyBuilder {
  /// What all that is not written is like.
  public static func buildExpression(_ preset: ServerPolicy) -> [ServerPolicyElement] {
    [ServerPolicyElement(kind: .preset(preset))]
  }

  /// How many calls run at once.
  public static func buildExpression(_ policy: Bulkhead) -> [ServerPolicyElement] {
    limits(ServerLimitsBuilder.buildExpression(policy))
  }

  /// How many calls begin within a time.
  public static func buildExpression(_ policy: RateLimit) -> [ServerPolicyElement] {
    limits(ServerLimitsBuilder.buildExpression(policy))
  }

  /// How many calls run at once, found out by itself.
  public static func buildExpression(_ policy: AdaptiveLimit) -> [ServerPolicyElement] {
    limits(ServerLimitsBuilder.buildExpression(policy))
  }

  /// Limits that only watch; a ``ServerObserver`` is told what they would have done.
  public static func buildExpression(_ policies: Shadow) -> [ServerPolicyElement] {
    limits(ServerLimitsBuilder.buildExpression(policies))
  }

  /// What is different for a method.
  public static func buildExpression(_ method: ServedMethod) -> [ServerPolicyElement] {
    [ServerPolicyElement(kind: .method(method))]
  }

  private static func limits(_ elements: [ServerLimitElement]) -> [ServerPolicyElement] {
    elements.map { ServerPolicyElement(kind: .limit($0)) }
  }

  /// All of them.
  public static func buildBlock(_ elements: [ServerPolicyElement]...) -> [ServerPolicyElement] {
    elements.flatMap(\.self)
  }
  /// Those of an `if`.
  public static func buildOptional(_ elements: [ServerPolicyElement]?) -> [ServerPolicyElement] { elements ?? [] }
  /// Those of an `if`.
  public static func buildEither(first elements: [ServerPolicyElement]) -> [ServerPolicyElement] { elements }
  /// Those of an `else`.
  public static func buildEither(second elements: [ServerPolicyElement]) -> [ServerPolicyElement] { elements }
  /// Those of a `for`.
  public static func buildArray(_ elements: [[ServerPolicyElement]]) -> [ServerPolicyElement] {
    elements.flatMap(\.self)
  }
}

extension ServerPolicy {
  /// A policy made of limits, and of what is different for single methods.
  ///
  /// ```swift
  /// configuration.policy = try ServerPolicy {
  ///   AdaptiveLimit(max: 500)
  ///   ServedMethod(Users.retrieve) { RateLimit(1_000, burst: 100) }
  /// }
  /// ```
  ///
  /// - Throws: ``PolicyError``, when a slot is given twice or a value is out of its range; it names either.
  public init(@ServerPolicyBuilder _ limits: () -> [ServerPolicyElement]) throws(PolicyError) {
    self.init()
    var common: [ServerLimitElement] = []
    var named: [ServedMethod] = []
    var hasPreset = false
    for element in limits() {
      switch element.kind {
      case .preset(let preset):
        if hasPreset {
          throw PolicyError(policy: "ServerPolicy", field: "ServerPolicy", value: "given twice", allowed: "one")
        }
        hasPreset = true
        self = preset
      case .limit(let limit): common.append(limit)
      case .method(let method): named.append(method)
      }
    }
    try self.limits.install(common, of: "ServerPolicy")
    var names: Set<String> = []
    for method in named {
      guard names.insert(method.name).inserted else {
        throw PolicyError(
          policy: "ServerPolicy", field: "ServedMethod(\(method.name))", value: "given twice", allowed: "one")
      }
      var own = methods[method.name] ?? ServerLimits()
      try own.install(method.elements, of: "ServedMethod(\(method.name))")
      methods[method.name] = own
    }
    try validate()
  }
}
