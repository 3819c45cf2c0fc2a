public import Resilience

/// How much a server takes on, in all and of single methods. What is more is answered at once with a ``CallRefusal``, of
/// which a client knows that nothing was executed.
///
/// A call needs room in the limits of its method and in those of the server. Limits hold for all connections together.
/// Written in Swift as a list of limits (``ServerPolicyBuilder``), or as JSON (``init(json:)``); a server takes a new one
/// while it runs (``ThriftServer/update(_:)``).
public struct ServerPolicy: Hashable, Sendable {
  /// The limits for all calls together. Default: none.
  public var limits = ServerLimits()
  /// The limits for single methods, by their names as `Service.method`. Default: none.
  public var methods: [String: ServerLimits] = [:]

  /// Creates a policy without limits.
  public init() {}

  /// Throws when a value is out of its range; the error names it.
  public func validate() throws(PolicyError) {
    try limits.validate()
    for (name, limits) in methods {
      try PolicyCheck("ServerPolicy").nested("methods.\(name)") { () throws(PolicyError) in try limits.validate() }
    }
  }
}

/// Limits of a server, asked in this order. A call that one of them lets wait keeps the later ones of its connection
/// waiting too.
public struct ServerLimits: PolicyValue {
  /// How many calls run at once. Default `nil`: any number.
  public var bulkhead: Bulkhead?
  /// How many calls begin within a time. Default `nil`: any number. A refused client is told when to come back.
  public var rateLimit: RateLimit?
  /// How many calls run at once, found out by itself. Default `nil`: any number.
  public var adaptiveLimit: AdaptiveLimit?
  /// Limits that only watch: a ``ServerObserver`` is told what they would have done. Default `nil`: none.
  public var shadow: ShadowPolicy?

  /// No limits.
  public init() {}

  /// Creates limits.
  public init(
    bulkhead: Bulkhead? = nil, rateLimit: RateLimit? = nil, adaptiveLimit: AdaptiveLimit? = nil,
    shadow: ShadowPolicy? = nil
  ) {
    self.bulkhead = bulkhead
    self.rateLimit = rateLimit
    self.adaptiveLimit = adaptiveLimit
    self.shadow = shadow
  }

  /// Throws when a value is out of its range, or what only watches is no limit; the error names it.
  public func validate() throws(PolicyError) {
    try validateSlots()
    guard let other = shadow?.takenSlots.first(where: { !($0.kind is any ServerPolicyValue.Type) }) else { return }
    let allowed = ShadowPolicy.slots.filter { $0.kind is any ServerPolicyValue.Type }.map(\.name)
    throw PolicyError(
      policy: ShadowPolicy.policyName, field: other.name, value: "given",
      allowed: "\(allowed.dropLast().joined(separator: ", ")) and \(allowed.last ?? "") in a server")
  }
}

extension ServerLimits: SlottedPolicy {
  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("bulkhead", \.bulkhead), PolicySlot("rateLimit", \.rateLimit),
    PolicySlot("adaptiveLimit", \.adaptiveLimit), PolicySlot("shadow", \.shadow),
  ]
}

extension ServerPolicy: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case limits, methods }

  /// Reads a policy; a field that is absent has its default, and one that is unknown is an error.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.policyContainer(CodingKeys.self)
    limits = try fields.value(.limits, default: limits)
    methods = try fields.value(.methods, default: methods)
  }

  /// Reads a policy from JSON. The schema is in the documentation, page Servers.
  ///
  /// - Throws: ``JSONError`` when the text is no JSON, `DecodingError` when it is no policy, ``PolicyError`` when a value
  ///   is out of its range; each says where.
  public init(json: String) throws {
    self = try JSONDocument.decode(Self.self, from: json)
    try validate()
  }

  /// The policy as JSON that ``init(json:)`` reads.
  public var json: String { JSONDocument.encode(self) }
}
