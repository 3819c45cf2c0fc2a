extension BalancerStateMachine {
  /// The policy with every value in range.
  struct Settings: Sendable {
    let algorithm: Balance.Algorithm.Kind
    let panicBelow: Double
    let maxEjected: Double
    let slowStart: Duration?
    let zone: String?
    let zoneShare: Double

    init(_ policy: Balance) {
      algorithm =
        switch policy.algorithm.kind {
        case .peakEWMA(let decay, let penalty):
          .peakEWMA(
            decay: PolicyCheck.clamp(decay, atLeast: .milliseconds(1)), penalty: PolicyCheck.clamp(penalty))
        case .consistentHash(let points, let bound):
          .consistentHash(points: min(max(points, 1), 1_000), bound: PolicyCheck.clamp(bound, to: 1.01...100))
        case let other: other
        }
      panicBelow = PolicyCheck.clamp(policy.panicBelow, to: 0...1)
      maxEjected = PolicyCheck.clamp(policy.maxEjected, to: 0...1)
      slowStart = policy.slowStart.map { PolicyCheck.clamp($0) }
      zone = policy.zone
      zoneShare = PolicyCheck.clamp(policy.zoneShare, to: 0...1)
    }
  }
}
