/// Sends a second attempt when the first is slower than usual, and takes whichever succeeds first.
///
/// Only for methods that may run twice. After Dean and Barroso, "The Tail at Scale", CACM 56(2), 2013.
public struct Hedge: IdempotentMethodPolicyValue, CallPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// When the first attempt is slow enough for a second one.
  public struct Delay: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case fixed(Duration)
      case percentile(Double)
    }

    let kind: Kind

    /// After this time; up to 366 days.
    public static func fixed(_ delay: Duration) -> Self { Self(kind: .fixed(delay)) }

    /// After the time within which this share of the recent successes came; above 0, below 1.
    public static func percentile(_ share: Double = 0.95) -> Self { Self(kind: .percentile(share)) }
  }

  /// When the first attempt is slow enough.
  public var after: Delay
  /// The most second attempts per call within the last 10 s, whatever the budget allows; from 0 to 1.
  public var extraLoad: Double
  /// How many successes must be known before a percentile means anything; from 1 to 1,000,000.
  public var samples: Int
  /// How far back a percentile looks; from 1 s to 366 days.
  public var window: Duration

  /// Creates a hedge: after the 95th percentile of the last 60 s, if that has 100 successes, for at most 2 % of the calls,
  /// unless told otherwise.
  public init(
    after: Delay = .percentile(0.95), extraLoad: Double = 0.02, samples: Int = 100, over window: Duration = .seconds(60)
  ) {
    self.after = after
    self.extraLoad = extraLoad
    self.samples = samples
    self.window = window
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Hedge")
    switch after.kind {
    case .fixed(let delay): try policy.check("after.fixed", delay)
    case .percentile(let share):
      try policy.check("after.percentile", share, in: Double.leastNonzeroMagnitude...(1.0).nextDown)
    }
    try policy.check("extraLoad", extraLoad, in: 0...1)
    try policy.check("samples", samples, in: 1...1_000_000)
    try policy.check("window", window, atLeast: .seconds(1))
  }
}

extension Hedge: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case after, extraLoad, samples, window }

  /// Reads a hedge; a field that is absent has its default, durations are text like `20ms`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      after: try container.value(.after, default: standard.after),
      extraLoad: try container.value(.extraLoad, default: standard.extraLoad),
      samples: try container.value(.samples, default: standard.samples),
      over: try container.duration(.window, default: standard.window))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(after, forKey: .after)
    try container.encode(extraLoad, forKey: .extraLoad)
    try container.encode(samples, forKey: .samples)
    try container.encode(window, forKey: .window)
  }
}

extension Hedge.Delay: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case fixed, percentile }

  /// Reads an object with one field: `{"fixed": "20ms"}` or `{"percentile": 0.95}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    switch try container.onlyKey("a hedge's delay") {
    case .fixed: self = .fixed(try container.duration(.fixed, default: .zero))
    case .percentile: self = .percentile(try container.decode(Double.self, forKey: .percentile))
    }
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch kind {
    case .fixed(let delay): try container.encode(delay, forKey: .fixed)
    case .percentile(let share): try container.encode(share, forKey: .percentile)
    }
  }
}
