/// Finds out by itself how many calls an endpoint can take at once: the limit falls when latencies rise above what they
/// usually are, and rises while they do not.
///
/// A gradient method, after Netflix' concurrency-limits ("Performance Under Load", 2018) and Envoy's adaptive concurrency:
/// per window of samples the limit becomes `limit * gradient + sqrt(limit)`, where the gradient is `tolerance` times the
/// latency without load divided by that of the window, held between 0.5 and 1. The latency without load is measured when
/// less than half the limit is in use, or else by lowering the limit for one window in every `probe`.
public struct AdaptiveLimit: GroupPolicyValue, ServerPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// The limit to begin with; from `min` to `max`.
  public var initial: Int
  /// The lowest limit; from 1 to 1,000,000.
  public var min: Int
  /// The highest limit; from `min` to 1,000,000.
  public var max: Int
  /// How many times the latency without load is still well; from 1 to 100.
  public var tolerance: Double
  /// How much of each step is taken; above 0, up to 1.
  public var smoothing: Double
  /// How long samples are collected for one step; from 1 ms to 366 days.
  public var window: Duration
  /// How often a limit that is in full use is lowered, to below `limit / tolerance` for one window, to measure the latency
  /// without load; from 1 s to 366 days.
  public var probe: Duration
  /// The most calls that wait; from 0 to 1,000,000.
  public var waiters: Int

  /// Creates an adaptive limit: from 20, between 5 and 1,000, a step per 100 ms, a probe per minute, unless
  /// told otherwise.
  public init(
    initial: Int = 20, min: Int = 5, max: Int = 1_000, tolerance: Double = 1.5, smoothing: Double = 0.2,
    window: Duration = .milliseconds(100), probe: Duration = .seconds(60), waiters: Int = 0
  ) {
    self.initial = initial
    self.min = min
    self.max = max
    self.tolerance = tolerance
    self.smoothing = smoothing
    self.window = window
    self.probe = probe
    self.waiters = waiters
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("AdaptiveLimit")
    try policy.check("min", min, in: 1...1_000_000)
    try policy.check("max", max, in: min...1_000_000)
    try policy.check("initial", initial, in: min...max)
    try policy.check("tolerance", tolerance, in: 1...100)
    try policy.check("smoothing", smoothing, in: Double.leastNonzeroMagnitude...1)
    try policy.check("window", window, atLeast: .milliseconds(1))
    try policy.check("probe", probe, atLeast: .seconds(1))
    try policy.check("waiters", waiters, in: 0...1_000_000)
  }
}

extension AdaptiveLimit: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case initial, min, max, tolerance, smoothing, window, probe, waiters
  }

  /// Reads an adaptive limit; a field that is absent has its default, durations are text like `100ms`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      initial: try container.value(.initial, default: standard.initial),
      min: try container.value(.min, default: standard.min),
      max: try container.value(.max, default: standard.max),
      tolerance: try container.value(.tolerance, default: standard.tolerance),
      smoothing: try container.value(.smoothing, default: standard.smoothing),
      window: try container.duration(.window, default: standard.window),
      probe: try container.duration(.probe, default: standard.probe),
      waiters: try container.value(.waiters, default: standard.waiters))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(initial, forKey: .initial)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(tolerance, forKey: .tolerance)
    try container.encode(smoothing, forKey: .smoothing)
    try container.encode(window, forKey: .window)
    try container.encode(probe, forKey: .probe)
    try container.encode(waiters, forKey: .waiters)
  }
}
