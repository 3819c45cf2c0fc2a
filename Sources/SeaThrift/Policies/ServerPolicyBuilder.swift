public import Resilience

/// One limit, or what only watches, of a server's method.
public typealias ServerLimitElement = PolicyLine<ServerLimits>

/// Collects the limits of a ``ServedMethod``: each ``ServerPolicyValue``, and a ``Shadow``. The order in which they are
/// written means nothing.
public typealias ServerLimitsBuilder = PolicyListBuilder<ServerLimits>

extension ServerLimitsBuilder {
  /// A limit of the method.
  public static func buildExpression(_ policy: some ServerPolicyValue) -> [ServerLimitElement] {
    [ServerLimitElement(policy)]
  }

  /// Limits that only watch; a ``ServerObserver`` is told what they would have done.
  public static func buildExpression(_ policies: Shadow) -> [ServerLimitElement] {
    [ServerLimitElement(policies, in: \.self)]
  }
}

/// What is different for one method of a server.
public struct ServedMethod: Sendable {
  let line: ServerPolicyElement

  /// Collects the limits of a method.
  public init(_ method: some ThriftMethod, @ServerLimitsBuilder _ limits: () -> [ServerLimitElement]) {
    let name = method.descriptor.qualifiedName
    let lines = limits()
    line = ServerPolicyElement("ServedMethod(\(name))") { server throws(PolicyError) in
      // What is written changes what the preset has.
      var own = server.methods[name] ?? ServerLimits()
      try lines.install(in: &own, of: "ServedMethod(\(name))")
      server.methods[name] = own
    }
  }
}

/// One line of a ``ServerPolicy``.
public typealias ServerPolicyElement = PolicyLine<ServerPolicy>

/// Collects the limits of a server: each ``ServerPolicyValue``, a ``Shadow``, ``ServedMethod``s and a preset. The order in
/// which they are written means nothing.
public typealias ServerPolicyBuilder = PolicyListBuilder<ServerPolicy>

extension ServerPolicyBuilder {
  /// A limit for all calls together.
  public static func buildExpression(_ policy: some ServerPolicyValue) -> [ServerPolicyElement] {
    [ServerPolicyElement(policy, in: \.limits)]
  }

  /// What all that is not written is like.
  public static func buildExpression(_ preset: ServerPolicy) -> [ServerPolicyElement] {
    [ServerPolicyElement("ServerPolicy", isPreset: true) { $0 = preset }]
  }

  /// Limits that only watch; a ``ServerObserver`` is told what they would have done.
  public static func buildExpression(_ policies: Shadow) -> [ServerPolicyElement] {
    [ServerPolicyElement(policies, in: \.limits)]
  }

  /// What is different for a method.
  public static func buildExpression(_ method: ServedMethod) -> [ServerPolicyElement] { [method.line] }
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
    try limits().install(in: &self, of: "ServerPolicy")
    try validate()
  }
}
