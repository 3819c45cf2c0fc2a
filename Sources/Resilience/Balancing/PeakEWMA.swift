import SeaThriftTime

/// A latency that jumps up to every peak at once, and decays towards the newer ones.
struct PeakEWMA: Sendable {
  private var nanoseconds = 0.0
  private var stamp = Instant.origin

  /// Takes a new latency into account.
  mutating func observe(_ latency: Duration, decay: Double, at now: Instant) {
    let observed = Double(max(latency.wholeNanoseconds, 0))
    let kept = Self.remainder(of: Double(stamp.duration(to: now).wholeNanoseconds) / decay)
    nanoseconds = observed > nanoseconds * kept ? observed : nanoseconds * kept + observed * (1 - kept)
    stamp = now
  }

  /// The latency in nanoseconds as of now: without news it falls, so that an endpoint gets its next chance.
  func value(decay: Double, at now: Instant) -> Double {
    nanoseconds * Self.remainder(of: Double(stamp.duration(to: now).wholeNanoseconds) / decay)
  }

  /// e to the power of `-time`, to four digits for what matters: (1 - time / 1024) ^ 1024. The same on every platform,
  /// which the C library's `exp` is not.
  private static func remainder(of time: Double) -> Double {
    if time <= 0 { return 1 }
    if time >= 32 { return 0 }
    var power = 1 - time / 1_024
    for _ in 0..<10 { power *= power }
    return power
  }
}
