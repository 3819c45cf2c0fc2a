import SeaThriftTime

/// How the time that a deadline leaves is shared between an attempt and those that may follow it, for one method; a pure
/// state machine.
///
/// An attempt gets an even share, so that a silent endpoint does not use up the time of the next one; but no less than
/// twice what the method takes that is no exception. Whether to share at all is found out: a service that has become so slow
/// that no share suffices answers in the whole time, and one whose first endpoint is silent answers in a part of it. So
/// after a call that ran out of time the next one is made the other way.
package struct TimeSharing: Sendable {
  private var latency = LatencyEstimate()
  /// Whether the next attempt gets all of the time. Nothing is known at first of a method's latency, so the first call does.
  private var isWhole = true

  package init() {}

  /// The time for an attempt that others may follow; nil for all that is left.
  ///
  /// - Parameter attempts: How many there may be, this one included.
  package func share(of left: Duration, attempts: Int) -> Duration? {
    guard attempts > 1, !isWhole, left > .zero else { return nil }
    let share = max(left / attempts, latency.high * 2)
    return share < left ? share : nil
  }

  /// A call of the method succeeded, whose last attempt took so long.
  package mutating func succeeded(after latency: Duration) {
    self.latency.succeeded(after: latency)
    isWhole = false
  }

  /// A call of the method ran out of time.
  ///
  /// - Parameter wasShared: Whether one of its attempts was ended for the next one's sake.
  package mutating func ranOutOfTime(wasShared: Bool) { isWhole = wasShared }
}
