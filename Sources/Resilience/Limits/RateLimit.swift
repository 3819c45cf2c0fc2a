/// Limits how many calls begin within a time: a token bucket.
///
/// The bucket holds `burst` tokens and gets `rate` new ones per `per`, evenly; each call takes one.
public struct RateLimit: GroupPolicyValue, MethodPolicyValue, ServerPolicyValue, ShadowPolicyValue, PipelinePolicyValue
{
  /// How many calls may begin within `per`; from 1 to 1,000,000,000, and no more than one per microsecond.
  public var rate: Int
  /// The time that `rate` is meant for; from 1 us to 366 days.
  public var per: Duration
  /// How many calls may begin at once after a quiet time, from 1 to 1,000,000; nil for as many as `rate`, but no more
  /// than 1,000,000.
  public var burst: Int?
  /// How long a call may wait for its token, up to 366 days; nil to refuse it at once.
  public var wait: Duration?

  /// Creates a rate limit: 1,000 calls per second, refused beyond that, unless told otherwise.
  public init(_ rate: Int = 1_000, per: Duration = .seconds(1), burst: Int? = nil, wait: Duration? = nil) {
    self.rate = rate
    self.per = per
    self.burst = burst
    self.wait = wait
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("RateLimit")
    try policy.check("per", per, atLeast: .microseconds(1))
    let most = min(per / .microseconds(1), 1_000_000_000)
    try policy.check("rate", rate, in: 1...Int(most))
    if let burst { try policy.check("burst", burst, in: 1...1_000_000) }
    try policy.check("wait", wait)
  }
}

extension RateLimit: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case rate, per, burst, wait }

  /// Reads a rate limit; a field that is absent has its default, durations are text like `1s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      try container.value(.rate, default: standard.rate),
      per: try container.duration(.per, default: standard.per),
      burst: try container.optional(.burst, default: standard.burst),
      wait: try container.optionalDuration(.wait, default: standard.wait))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rate, forKey: .rate)
    try container.encode(per, forKey: .per)
    try container.encode(burst, forKey: .burst)
    try container.encode(wait, forKey: .wait)
  }
}
