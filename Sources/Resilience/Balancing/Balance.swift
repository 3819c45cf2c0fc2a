/// How calls are spread over the endpoints of a group.
public struct Balance: GroupPolicyValue, ShadowPolicyValue {
  /// Which endpoint is chosen.
  public struct Algorithm: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case inOrder, shuffled, roundRobin, weighted, leastLoaded, powerOfTwoChoices
      case peakEWMA(decay: Duration, penalty: Duration)
      case consistentHash(points: Int, bound: Double)
    }

    let kind: Kind

    /// The first that is healthy; the others are for when it fails.
    public static let inOrder = Self(kind: .inOrder)
    /// Any, with the same chance.
    public static let shuffled = Self(kind: .shuffled)
    /// One after the other.
    public static let roundRobin = Self(kind: .roundRobin)
    /// Any, with a chance as large as its weight.
    public static let weighted = Self(kind: .weighted)
    /// The one with the fewest calls running, per weight; the one chosen longest ago among equals.
    public static let leastLoaded = Self(kind: .leastLoaded)
    /// The one of two at random with fewer calls running, per weight. Almost as good as the least loaded of all, and
    /// many clients do not all choose the same one. Mitzenmacher, "The Power of Two Choices in Randomized Load
    /// Balancing", 1996.
    public static let powerOfTwoChoices = Self(kind: .powerOfTwoChoices)

    /// The one of two at random with the lower cost: its latency times the calls that run, per weight. The latency is
    /// the last peak, decaying towards the newer ones; after Finagle's `p2cPeakEwma`.
    ///
    /// - Parameters:
    ///   - decay: After this time a peak has fallen to 37 %; from 1 ms to 366 days.
    ///   - penalty: The latency that a failure counts as, at least, and an endpoint that has not answered yet; up to 366
    ///     days.
    public static func peakEWMA(decay: Duration = .seconds(10), penalty: Duration = .seconds(1)) -> Self {
      Self(kind: .peakEWMA(decay: decay, penalty: penalty))
    }

    /// The one that the call's key belongs to: the same key goes to the same endpoint, and few keys move when endpoints
    /// come and go. An endpoint that has more than `bound` times its share of the running calls passes further ones on.
    /// Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016.
    ///
    /// - Parameters:
    ///   - points: How many places an endpoint of weight 1 has on the ring; from 1 to 1,000. More spread more evenly.
    ///   - bound: From 1.01 to 100.
    public static func consistentHash(points: Int = 100, bound: Double = 1.25) -> Self {
      Self(kind: .consistentHash(points: points, bound: bound))
    }
  }

  /// Which endpoint is chosen.
  public var algorithm: Algorithm
  /// When less than this share of the endpoints is healthy, health is not looked at any more, lest the few that are left
  /// go down too; from 0, never, to 1.
  public var panicBelow: Double
  /// The largest share of the endpoints that is left out for being unhealthy; from 0 to 1. Those that became unhealthy
  /// first are left out first.
  public var maxEjected: Double
  /// How long a new endpoint takes to get its full share of the calls, which grows evenly from a tenth; up to 366 days,
  /// nil for at once. Without a meaning for `inOrder` and `consistentHash`.
  public var slowStart: Duration?
  /// The client's own zone, whose endpoints are preferred; nil for no preference.
  public var zone: String?
  /// The share of the own zone's endpoints that must be usable, or calls go to all zones; from 0 to 1.
  public var zoneShare: Double

  /// Creates a balancer: in order, leaving out what is unhealthy, unless told otherwise.
  public init(
    _ algorithm: Algorithm = .inOrder, panicBelow: Double = 0, maxEjected: Double = 1, slowStart: Duration? = nil,
    zone: String? = nil, zoneShare: Double = 0.7
  ) {
    self.algorithm = algorithm
    self.panicBelow = panicBelow
    self.maxEjected = maxEjected
    self.slowStart = slowStart
    self.zone = zone
    self.zoneShare = zoneShare
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Balance")
    switch algorithm.kind {
    case .peakEWMA(let decay, let penalty):
      try policy.check("peakEWMA.decay", decay, atLeast: .milliseconds(1))
      try policy.check("peakEWMA.penalty", penalty)
    case .consistentHash(let points, let bound):
      try policy.check("consistentHash.points", points, in: 1...1_000)
      try policy.check("consistentHash.bound", bound, in: 1.01...100)
    default:
      break
    }
    try policy.check("panicBelow", panicBelow, in: 0...1)
    try policy.check("maxEjected", maxEjected, in: 0...1)
    try policy.check("slowStart", slowStart)
    try policy.check("zoneShare", zoneShare, in: 0...1)
  }
}
