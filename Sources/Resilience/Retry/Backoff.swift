import SeaThriftTime

/// How long to wait before trying again, and how that grows.
///
/// The delay is `min(cap, growth(attempt))`, then jittered, so it never exceeds `cap`. Source of the jitter forms: Marc
/// Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct Backoff: Hashable, Sendable {
  /// How the delay grows from attempt to attempt.
  public struct Growth: Hashable, Sendable {
    let name: String
    /// Always `from`.
    public static let constant = Self(name: "constant")
    /// `from`, twice `from`, three times `from`...
    public static let linear = Self(name: "linear")
    /// `from`, then `factor` times the one before.
    public static let exponential = Self(name: "exponential")
    /// Anything between `from` and three times the delay before: random by itself, so it takes no jitter.
    public static let decorrelated = Self(name: "decorrelated")
  }

  /// What part of the delay is left to chance, so that many clients do not come back at once.
  public struct Jitter: Hashable, Sendable {
    let name: String
    /// Nothing.
    public static let none = Self(name: "none")
    /// All of it: anything between nothing and the delay.
    public static let full = Self(name: "full")
    /// The second half: at least half the delay.
    public static let equal = Self(name: "equal")
  }

  /// How the delay grows.
  public var growth: Growth
  /// The first delay; from 0 to 366 days.
  public var from: Duration
  /// What an exponential delay is multiplied by at each step; from 1 to 100.
  public var factor: Double
  /// The longest delay, from `from` to 366 days; without a meaning for constant growth.
  public var cap: Duration
  /// What part is left to chance.
  public var jitter: Jitter

  /// Creates a back-off; by default there is no delay at all.
  public init(
    growth: Growth = .constant, from: Duration = .zero, factor: Double = 2, cap: Duration = .seconds(30),
    jitter: Jitter = .none
  ) {
    self.growth = growth
    self.from = from
    self.factor = factor
    self.cap = cap
    self.jitter = jitter
  }

  /// No delay.
  public static let none = Self()

  /// The same delay each time.
  public static func constant(_ delay: Duration, jitter: Jitter = .none) -> Self {
    Self(growth: .constant, from: delay, jitter: jitter)
  }

  /// `from`, twice `from`, three times `from`... up to `cap`.
  public static func linear(from: Duration, cap: Duration = .seconds(30), jitter: Jitter = .none) -> Self {
    Self(growth: .linear, from: from, cap: cap, jitter: jitter)
  }

  /// `from`, then `factor` times the delay before, up to `cap`.
  public static func exponential(
    from: Duration, factor: Double = 2, cap: Duration = .seconds(30), jitter: Jitter = .full
  ) -> Self {
    Self(growth: .exponential, from: from, factor: factor, cap: cap, jitter: jitter)
  }

  /// A random delay between `from` and three times the one before, up to `cap`.
  public static func decorrelated(from: Duration, cap: Duration = .seconds(30)) -> Self {
    Self(growth: .decorrelated, from: from, cap: cap)
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Backoff")
    try policy.check("from", from, atLeast: .zero)
    // A constant delay is its own cap.
    if growth != .constant { try policy.check("cap", cap, atLeast: from) }
    try policy.check("factor", factor, in: 1...100)
    if growth == .decorrelated, jitter != .none {
      throw policy.fail("jitter", jitter.name, allowed: "none, because decorrelated growth is random by itself")
    }
  }
}

extension Backoff {
  /// Draws the delay before an attempt. Fields out of range are treated as the nearest one in range.
  ///
  /// - Parameters:
  ///   - attempt: 1 for the first delay, 2 for the second...; less counts as 1.
  ///   - previous: The delay drawn last, zero when there was none; only decorrelated growth looks at it.
  ///   - generator: The source of chance; not touched when there is no jitter.
  public func delay(
    attempt: Int, previous: Duration = .zero, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    let first = Self.nanoseconds(from)
    let cap = max(first, Self.nanoseconds(cap))
    let step = max(attempt, 1)
    switch growth {
    case .decorrelated:
      let (tripled, overflow) = Self.nanoseconds(previous).multipliedReportingOverflow(by: 3)
      let most = max(first, min(cap, overflow ? cap : tripled))
      return .nanoseconds(first + Self.draw(upTo: most - first, using: &generator))
    case .linear:
      let (product, overflow) = first.multipliedReportingOverflow(by: Int64(step))
      return jittered(overflow ? cap : min(product, cap), using: &generator)
    case .exponential:
      return jittered(exponential(first: first, cap: cap, step: step), using: &generator)
    default:
      return jittered(first, using: &generator)
    }
  }

  /// The longest delay that can be drawn.
  package var longest: Duration {
    .nanoseconds(growth == .constant ? Self.nanoseconds(from) : max(Self.nanoseconds(from), Self.nanoseconds(cap)))
  }

  /// `first * factor ^ (step - 1)`, by repeated squaring: `step` may be any number, and the library has no `pow`.
  private func exponential(first: Int64, cap: Int64, step: Int) -> Int64 {
    guard first > 0, factor > 1 else { return first }
    var delay = Double(first)
    var power = factor
    var exponent = step - 1
    while exponent > 0 {
      if exponent & 1 == 1 { delay *= power }
      power *= power
      exponent >>= 1
    }
    return delay >= Double(cap) ? cap : Int64(delay)
  }

  private func jittered(_ delay: Int64, using generator: inout some RandomNumberGenerator) -> Duration {
    switch jitter {
    case .full: .nanoseconds(Self.draw(upTo: delay, using: &generator))
    case .equal: .nanoseconds(delay / 2 + Self.draw(upTo: delay - delay / 2, using: &generator))
    default: .nanoseconds(delay)
    }
  }

  private static func draw(upTo most: Int64, using generator: inout some RandomNumberGenerator) -> Int64 {
    Int64(generator.below(Int(most) + 1))
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    min(max(duration.wholeNanoseconds, 0), PolicyCheck.longest.wholeNanoseconds)
  }
}

extension Backoff: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case growth, from, factor, cap, jitter }

  /// Reads a back-off; a field that is absent has its default, durations are text like `250ms`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    growth =
      try container.choice(.growth, of: [.constant, .linear, .exponential, .decorrelated], name: \.name)
      ?? standard.growth
    from = try container.duration(.from, default: standard.from)
    factor = try container.value(.factor, default: standard.factor)
    cap = try container.duration(.cap, default: standard.cap)
    jitter = try container.choice(.jitter, of: [.none, .full, .equal], name: \.name) ?? standard.jitter
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(growth.name, forKey: .growth)
    try container.encode(from, forKey: .from)
    try container.encode(factor, forKey: .factor)
    try container.encode(cap, forKey: .cap)
    try container.encode(jitter.name, forKey: .jitter)
  }
}
