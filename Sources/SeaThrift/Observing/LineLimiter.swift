package import SeaThriftTime

/// Keeps a line of a log, which a peer can cause as often as it likes, from being written too often.
package struct LineLimiter {
  /// How long after a line none is written.
  package let interval: Duration
  private var next = Instant(nanoseconds: .min)
  private var suppressed = 0

  /// Creates a limiter that lets the first line through.
  package init(interval: Duration) { self.interval = interval }

  /// There is a line to write.
  ///
  /// - Returns: How many lines were left out since the last one; nil when this one is left out too.
  package mutating func offer(at now: Instant) -> Int? {
    guard now >= next else {
      suppressed += 1
      return nil
    }
    defer { suppressed = 0 }
    next = now.advanced(by: interval)
    return suppressed
  }
}
