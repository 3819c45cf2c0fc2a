/// How many connections an endpoint keeps, how many callers may wait for one, and how long a connection lives.
public struct Pool: EndpointPolicyValue, ShadowPolicyValue {
  /// How many connections a group that runs keeps open, made before any call needs them; from 0 to `size`.
  public var minimum: Int
  /// The most connections that exist at once, those being connected counted; from 1 to 65,536.
  public var size: Int
  /// The most callers that wait for a connection; from 0 to 1,000,000, or nil for no limit.
  public var waiters: Int?
  /// How long an unused connection is kept, up to 366 days; nil for ever.
  public var idle: Duration?
  /// How long a connection may be used at all, up to 366 days; nil for ever. It is closed when it comes back after that.
  public var lifetime: Duration?
  /// By what share of `lifetime` a connection's own may be shorter, drawn per connection, so that connections made
  /// together do not all end together; from 0 to 1.
  public var lifetimeJitter: Double

  /// Creates a pool policy: up to 10 connections, none kept open, 100 waiters, closed after 60 s unused, unless told
  /// otherwise.
  public init(
    minimum: Int = 0, size: Int = 10, waiters: Int? = 100, idle: Duration? = .seconds(60), lifetime: Duration? = nil,
    lifetimeJitter: Double = 0.1
  ) {
    self.minimum = minimum
    self.size = size
    self.waiters = waiters
    self.idle = idle
    self.lifetime = lifetime
    self.lifetimeJitter = lifetimeJitter
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Pool")
    try policy.check("size", size, in: 1...65_536)
    try policy.check("minimum", minimum, in: 0...size)
    if let waiters { try policy.check("waiters", waiters, in: 0...1_000_000) }
    try policy.check("idle", idle)
    try policy.check("lifetime", lifetime)
    try policy.check("lifetimeJitter", lifetimeJitter, in: 0...1)
  }
}

extension Pool: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case size, waiters, idle, lifetime, lifetimeJitter, minimum
  }

  /// Reads a pool policy; a field that is absent has its default, `null` switches it off, durations are text like `60s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      minimum: try container.value(.minimum, default: standard.minimum),
      size: try container.value(.size, default: standard.size),
      waiters: try container.optional(.waiters, default: standard.waiters),
      idle: try container.optionalDuration(.idle, default: standard.idle),
      lifetime: try container.optionalDuration(.lifetime, default: standard.lifetime),
      lifetimeJitter: try container.value(.lifetimeJitter, default: standard.lifetimeJitter))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(size, forKey: .size)
    try container.encode(waiters, forKey: .waiters)
    try container.encode(idle, forKey: .idle)
    try container.encode(lifetime, forKey: .lifetime)
    try container.encode(lifetimeJitter, forKey: .lifetimeJitter)
    try container.encode(minimum, forKey: .minimum)
  }
}
