/// Limits how many calls run at the same time, so that one slow dependency cannot take everything.
public struct Bulkhead: GroupPolicyValue, MethodPolicyValue, ServerPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// The most calls that run at once; from 1 to 1,000,000.
  public var concurrent: Int
  /// The most calls that wait for one of them to end; from 0 to 1,000,000. Beyond that, calls are refused at once.
  public var waiters: Int
  /// How long a call waits before it is refused, up to 366 days; nil for as long as its deadline lets it.
  public var wait: Duration?

  /// Creates a bulkhead: 100 calls at once and none waiting, unless told otherwise.
  public init(_ concurrent: Int = 100, waiters: Int = 0, wait: Duration? = nil) {
    self.concurrent = concurrent
    self.waiters = waiters
    self.wait = wait
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Bulkhead")
    try policy.check("concurrent", concurrent, in: 1...1_000_000)
    try policy.check("waiters", waiters, in: 0...1_000_000)
    try policy.check("wait", wait)
  }
}

extension Bulkhead: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case concurrent, waiters, wait }

  /// Reads a bulkhead; a field that is absent has its default, durations are text like `50ms`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      try container.value(.concurrent, default: standard.concurrent),
      waiters: try container.value(.waiters, default: standard.waiters),
      wait: try container.optionalDuration(.wait, default: standard.wait))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(concurrent, forKey: .concurrent)
    try container.encode(waiters, forKey: .waiters)
    try container.encode(wait, forKey: .wait)
  }
}
