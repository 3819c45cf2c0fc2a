/// How often a failed call is tried again, against the next endpoint each time.
public struct Retry: GroupPolicyValue, MethodPolicyValue, CallPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// The most attempts after the first; from 0 to 1,000.
  public var retries: Int
  /// How long to wait before each of them.
  public var backoff: Backoff
  /// What share of the traffic retries may be; nil for no limit.
  public var budget: RetryBudget?
  /// The longest wait that the other side may ask for (``RetryAdvice``), from 0 to 366 days; a call that is asked to wait
  /// longer is not tried again.
  public var pushBackLimit: Duration

  /// Creates a retry policy: one retry, at once, without a budget, after no more than 10 s when it is pushed back, unless
  /// told otherwise.
  public init(
    _ retries: Int = 1, backoff: Backoff = .none, budget: RetryBudget? = nil, pushBackLimit: Duration = .seconds(10)
  ) {
    self.retries = retries
    self.backoff = backoff
    self.budget = budget
    self.pushBackLimit = pushBackLimit
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Retry")
    try policy.check("retries", retries, in: 0...1_000)
    try policy.nested("backoff") { () throws(PolicyError) in try backoff.validate() }
    try policy.check("pushBackLimit", pushBackLimit, atLeast: .zero)
    if let budget { try policy.nested("budget") { () throws(PolicyError) in try budget.validate() } }
  }
}

extension Retry: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case retries, backoff, budget, pushBackLimit }

  /// Reads a retry policy; a field that is absent has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      try container.value(.retries, default: standard.retries),
      backoff: try container.value(.backoff, default: standard.backoff),
      budget: try container.optional(.budget, default: standard.budget),
      pushBackLimit: try container.duration(.pushBackLimit, default: standard.pushBackLimit))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(retries, forKey: .retries)
    try container.encode(backoff, forKey: .backoff)
    try container.encode(budget, forKey: .budget)
    try container.encode(pushBackLimit, forKey: .pushBackLimit)
  }
}
