import SeaThriftTime

/// What a kind of call takes, learned from those that succeeded: an average and a mean deviation, as TCP estimates how long
/// an acknowledgement may take (RFC 6298).
package struct LatencyEstimate: Sendable {
  /// In nanoseconds; negative while nothing is known.
  private var average = -1.0
  private var deviation = 0.0

  package init() {}

  /// The average; zero while nothing is known.
  package var usual: Duration { Self.duration(max(average, 0)) }

  /// What a call takes that is no exception: the average and four deviations; zero while nothing is known.
  package var high: Duration { Self.duration(max(average + 4 * deviation, 0)) }

  private static func duration(_ nanoseconds: Double) -> Duration { .nanoseconds(Int64(min(nanoseconds, 1e18))) }

  /// A call succeeded.
  package mutating func succeeded(after latency: Duration) {
    let latency = Double(max(latency.wholeNanoseconds, 0))
    guard average >= 0 else {
      average = latency
      deviation = latency / 2
      return
    }
    deviation += (abs(latency - average) - deviation) / 4
    average += (latency - average) / 8
  }
}
