import SeaThriftTime

/// A latency that jumps up to every peak at once, and decays towards the newer ones.
struct PeakEWMA: Sendable {
  private var nanoseconds = 0.0
  private var stamp = Instant.origin

  /// Takes a new latency into account.
  ///
  /// - Parameters:
  ///   - observed: The latency in nanoseconds.
  ///   - decay: In nanoseconds, too.
  mutating func observe(_ observed: Double, decay: Double, at now: Instant) {
    let kept = remainder(decay: decay, at: now)
    nanoseconds = observed > nanoseconds * kept ? observed : nanoseconds * kept + observed * (1 - kept)
    stamp = now
  }

  /// The latency in nanoseconds as of now: without news it falls, so that an endpoint gets its next chance.
  func value(decay: Double, at now: Instant) -> Double {
    nanoseconds * remainder(decay: decay, at: now)
  }

  /// e to the power of minus the time since the last latency, in units of `decay`, to four digits for what matters:
  /// (1 - time / 1024) ^ 1024. The same on every platform, which the C library's `exp` is not.
  private func remainder(decay: Double, at now: Instant) -> Double {
    let time = (Double(now.nanoseconds) - Double(stamp.nanoseconds)) / decay
    if time <= 0 { return 1 }
    if time >= 32 { return 0 }
    var power = 1 - time / 1_024
    for _ in 0..<10 { power *= power }
    return power
  }
}
