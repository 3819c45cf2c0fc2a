/// Stops calling an endpoint that keeps failing, and finds out carefully when it is back.
///
/// Closed, every call is let through; when `trip` holds, the breaker opens and refuses calls until the delay drawn from
/// `reopen` is over; then it is half-open and lets `probes` calls through. When all of them succeed it closes with an
/// empty history; when one fails it opens again.
public struct CircuitBreaker: EndpointPolicyValue, MethodPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// When it opens.
  public var trip: TripCondition
  /// How long it stays open before a probe. Drawn once per opening; a growing back-off grows with each opening that
  /// follows without a closing in between.
  public var reopen: Backoff
  /// How many calls are let through half-open, all of which must succeed; from 1 to 1,000.
  public var probes: Int
  /// How long a probe that reports nothing keeps others out; up to 366 days.
  public var lease: Duration

  /// Creates a breaker: open after more than 3 failures within 60 s, one probe after 10 s, unless told otherwise.
  public init(
    _ trip: TripCondition = .failures(), reopen: Backoff = .constant(.seconds(10)), probes: Int = 1,
    lease: Duration = .seconds(30)
  ) {
    self.trip = trip
    self.reopen = reopen
    self.probes = probes
    self.lease = lease
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("CircuitBreaker")
    try policy.nested("trip") { () throws(PolicyError) in try trip.validate() }
    try policy.nested("reopen") { () throws(PolicyError) in try reopen.validate() }
    try policy.check("probes", probes, in: 1...1_000)
    try policy.check("lease", lease)
  }
}

extension CircuitBreaker {
  /// Whether a breaker lets calls through.
  @frozen
  public enum State: Hashable, Sendable {
    /// Every call is let through.
    case closed
    /// No call is let through.
    case open
    /// A few probes are let through.
    case halfOpen
  }

  /// A change of a breaker's state.
  public struct Transition: Hashable, Sendable {
    /// The state before.
    public let from: State
    /// The state after.
    public let to: State
    /// How long the breaker stays open; nil when it did not open, or was opened by hand.
    public let delay: Duration?

    package init(from: State, to: State, delay: Duration? = nil) {
      self.from = from
      self.to = to
      self.delay = delay
    }
  }
}

extension CircuitBreaker: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case trip, reopen, probes, lease }

  /// Reads a breaker; a field that is absent has its default, durations are text like `10s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      try container.value(.trip, default: standard.trip),
      reopen: try container.value(.reopen, default: standard.reopen),
      probes: try container.value(.probes, default: standard.probes),
      lease: try container.duration(.lease, default: standard.lease))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(trip, forKey: .trip)
    try container.encode(reopen, forKey: .reopen)
    try container.encode(probes, forKey: .probes)
    try container.encode(lease, forKey: .lease)
  }
}
