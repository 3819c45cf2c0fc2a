package import SeaThriftTime

/// A simulated host's monotonic clock: how it relates to the world's time.
package struct SimulatedClock {
  private var worldBase = Instant.origin
  private var localBase = Instant.origin
  /// Parts in a thousand million by which the clock is fast; negative when it is slow.
  private var drift: Int64 = 0

  /// The world's time is the clock's.
  init() {}

  private static let scale: Int128 = 1_000_000_000

  /// What the clock shows at `time` of the world.
  package func local(at time: Instant) -> Instant {
    let elapsed = time.nanoseconds - worldBase.nanoseconds
    if drift == 0 { return localBase.after(elapsed) }
    return localBase.after(Int64(clamping: Int128(elapsed) * (Self.scale + Int128(drift)) / Self.scale))
  }

  /// When in the world the clock first shows `instant` or more.
  func world(at instant: Instant) -> Instant {
    if instant == .distantFuture { return instant }
    let elapsed = instant.nanoseconds - localBase.nanoseconds
    if drift == 0 || elapsed <= 0 { return worldBase.after(elapsed) }
    let rate = Self.scale + Int128(drift)
    return worldBase.after(Int64(clamping: (Int128(elapsed) * Self.scale + rate - 1) / rate))
  }

  /// Moves the clock ahead, as for a machine that was suspended, and sets how much too fast it is from now on.
  mutating func adjust(ahead: Int64, drift: Double, at time: Instant) {
    localBase = local(at: time).after(max(0, ahead))
    worldBase = time
    // Slower than a tenth of the world's speed or faster than ten times it is no clock any more.
    self.drift = Int64(min(max(drift, -0.9), 9) * 1e9)
  }
}
