/// Keeps retries and hedges, which share it, to a part of the traffic, so that they cannot bring down what is already
/// in trouble.
///
/// Within each window as many extra attempts are allowed as `share` of the calls that succeeded, and `floor` per second
/// besides, so that a client with little traffic can retry at all. After Finagle's `RetryBudget`.
public struct RetryBudget: Hashable, Sendable {
  /// Extra attempts per successful call; from 0 to 100.
  public var share: Double
  /// Extra attempts per second that are always allowed; from 0 to 1,000,000.
  public var floor: Double
  /// How long a success counts; from 1 s to 366 days.
  public var window: Duration

  /// Creates a budget: a tenth of the successes of the last 10 s and one extra attempt per second, unless told otherwise.
  public init(share: Double = 0.1, floor: Double = 1, over window: Duration = .seconds(10)) {
    self.share = share
    self.floor = floor
    self.window = window
  }

  /// Extra attempts up to `share` of the successes within `window`, and `floor` per second besides.
  public static func share(_ share: Double = 0.1, floor: Double = 1, over window: Duration = .seconds(10)) -> Self {
    Self(share: share, floor: floor, over: window)
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("RetryBudget")
    try policy.check("share", share, in: 0...100)
    try policy.check("floor", floor, in: 0...1_000_000)
    try policy.check("window", window, atLeast: .seconds(1))
  }
}

extension RetryBudget: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case share, floor, window }

  /// Reads a budget; a field that is absent has its default, durations are text like `10s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      share: try container.value(.share, default: standard.share),
      floor: try container.value(.floor, default: standard.floor),
      over: try container.duration(.window, default: standard.window))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(share, forKey: .share)
    try container.encode(floor, forKey: .floor)
    try container.encode(window, forKey: .window)
  }
}
