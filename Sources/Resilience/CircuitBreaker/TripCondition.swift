/// When a circuit breaker opens.
public struct TripCondition: Hashable, Sendable {
  /// The conditions that there are; not public, because it will grow.
  package indirect enum Kind: Hashable, Sendable {
    case failures(over: Int, within: Duration)
    case consecutive(Int)
    case errorRate(Double, of: Int, within: Duration)
    case slowRate(Double, slowerThan: Duration, of: Int, within: Duration)
    case any([TripCondition])
  }

  package let kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  /// More than `limit` failures within `window`, successes in between or not; the failure that makes it one too many
  /// opens.
  ///
  /// - Parameters:
  ///   - limit: 0 to 10,000.
  ///   - window: Up to 366 days; a failure exactly that old still counts.
  public static func failures(over limit: Int = 3, within window: Duration = .seconds(60)) -> Self {
    Self(.failures(over: limit, within: window))
  }

  /// `count` failures with no success in between, however long that takes.
  ///
  /// - Parameter count: 1 to 1,000,000.
  public static func consecutive(_ count: Int = 5) -> Self { Self(.consecutive(count)) }

  /// At least `rate` of the calls within `window` failed, and there were at least `minimum` of them.
  ///
  /// - Parameters:
  ///   - rate: Above 0, up to 1.
  ///   - minimum: 1 to 1,000,000 calls.
  ///   - window: Up to 366 days; kept in tenths, so the oldest tenth leaves at once.
  public static func errorRate(
    _ rate: Double = 0.5, of minimum: Int = 20, within window: Duration = .seconds(10)
  ) -> Self {
    Self(.errorRate(rate, of: minimum, within: window))
  }

  /// At least `rate` of the calls within `window` took longer than `slowerThan`, and there were at least `minimum` of
  /// them. A probe that is slow by this measure fails, so that a slow endpoint is not let back in.
  ///
  /// - Parameters:
  ///   - rate: Above 0, up to 1.
  ///   - slowerThan: Up to 366 days.
  ///   - minimum: 1 to 1,000,000 calls.
  ///   - window: Up to 366 days; kept in tenths, so the oldest tenth leaves at once.
  public static func slowRate(
    _ rate: Double = 0.5, slowerThan: Duration, of minimum: Int = 20, within window: Duration = .seconds(10)
  ) -> Self {
    Self(.slowRate(rate, slowerThan: slowerThan, of: minimum, within: window))
  }

  /// As soon as one of the conditions holds.
  public static func any(_ conditions: TripCondition...) -> Self { Self(.any(conditions)) }

  /// As soon as one of the conditions holds.
  public static func any(_ conditions: [TripCondition]) -> Self { Self(.any(conditions)) }

  /// The conditions of which one must hold, with no `any` left in them.
  package var flattened: [TripCondition] {
    if case .any(let conditions) = kind { return conditions.flatMap(\.flattened) }
    return [self]
  }

  /// Throws when a limit is out of its range, or when there is no condition at all.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("TripCondition")
    switch kind {
    case .failures(let limit, let window):
      try policy.check("failures.over", limit, in: 0...10_000)
      try policy.check("failures.within", window)
    case .consecutive(let count):
      try policy.check("consecutive", count, in: 1...1_000_000)
    case .errorRate(let rate, let minimum, let window):
      try policy.check("errorRate.rate", rate, in: Double.leastNonzeroMagnitude...1)
      try policy.check("errorRate.of", minimum, in: 1...1_000_000)
      try policy.check("errorRate.within", window)
    case .slowRate(let rate, let slow, let minimum, let window):
      try policy.check("slowRate.rate", rate, in: Double.leastNonzeroMagnitude...1)
      try policy.check("slowRate.slowerThan", slow)
      try policy.check("slowRate.of", minimum, in: 1...1_000_000)
      try policy.check("slowRate.within", window)
    case .any(let conditions):
      try policy.check("any.count", conditions.count, in: 1...16)
      for condition in conditions { try condition.validate() }
    }
  }
}
