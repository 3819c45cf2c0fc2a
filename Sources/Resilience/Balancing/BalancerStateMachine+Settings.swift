import SeaThriftTime

extension BalancerStateMachine {
  /// The policy with every value in range.
  struct Settings: Sendable {
    /// The algorithm with durations in nanoseconds.
    enum Algorithm: Sendable {
      case inOrder, shuffled, roundRobin, weighted, leastLoaded, powerOfTwoChoices
      case peakEWMA(decay: Double, penalty: Double)
      case consistentHash(points: Double, bound: Double)
    }

    let algorithm: Algorithm
    let panicBelow: Double
    let maxEjected: Double
    let slowStart: Duration?
    let zone: String?
    let zoneShare: Double

    init(_ policy: Balance) {
      algorithm =
        switch policy.algorithm.kind {
        case .inOrder: .inOrder
        case .shuffled: .shuffled
        case .roundRobin: .roundRobin
        case .weighted: .weighted
        case .leastLoaded: .leastLoaded
        case .powerOfTwoChoices: .powerOfTwoChoices
        case .peakEWMA(let decay, let penalty):
          .peakEWMA(
            decay: Double(PolicyCheck.clamp(decay, atLeast: .milliseconds(1)).wholeNanoseconds),
            penalty: Double(PolicyCheck.clamp(penalty).wholeNanoseconds))
        case .consistentHash(let points, let bound):
          .consistentHash(
            points: PolicyCheck.clamp(Double(points), to: 1...1_000), bound: PolicyCheck.clamp(bound, to: 1.01...100))
        }
      panicBelow = PolicyCheck.clamp(policy.panicBelow, to: 0...1)
      maxEjected = PolicyCheck.clamp(policy.maxEjected, to: 0...1)
      slowStart = policy.slowStart.map { PolicyCheck.clamp($0) }
      zone = policy.zone
      zoneShare = PolicyCheck.clamp(policy.zoneShare, to: 0...1)
    }
  }
}
