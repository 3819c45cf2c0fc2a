import SeaThriftTime

/// What a kind of call usually takes, at most: the average and four times the mean deviation, as TCP estimates how long an
/// acknowledgement may take (RFC 6298). Learned from calls that succeeded.
package struct LatencyEstimate: Sendable {
  /// In nanoseconds; negative while nothing is known.
  private var average = -1.0
  private var deviation = 0.0

  package init() {}

  /// Whether a call has succeeded.
  package var isKnown: Bool { average >= 0 }

  /// What a call takes that is no exception; zero while nothing is known.
  package var usual: Duration { isKnown ? .nanoseconds(Int64(min(average + 4 * deviation, 1e18))) : .zero }

  /// A call succeeded.
  package mutating func succeeded(after latency: Duration) {
    let latency = Double(max(latency.wholeNanoseconds, 0))
    guard isKnown else {
      average = latency
      deviation = latency / 2
      return
    }
    deviation += (abs(latency - average) - deviation) / 4
    average += (latency - average) / 8
  }
}
