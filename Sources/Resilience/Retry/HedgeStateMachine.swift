package import SeaThriftTime

/// Knows when a second attempt is due, and how many there may be.
///
/// A percentile is drawn anew after every 32 successes, and every second, not for every call. Memory: a
/// `LatencyHistogram`, if there is a percentile to know, and ten slices of two counters.
package struct HedgeStateMachine: Sendable {
  private let after: Hedge.Delay
  private let samples: Int
  private let extraLoad: Double
  private var latencies: LatencyHistogram
  /// Calls, and as the marked ones the hedges, which are not part of the total.
  private var load = SlidingWindow(.seconds(10))

  private var known: Duration?
  private var recordedSince = 0
  private var knownUntil = Instant(nanoseconds: .min)

  /// Creates a hedge that knows nothing yet.
  package init(_ policy: Hedge = Hedge()) {
    after = policy.after
    samples = min(max(policy.samples, 1), 1_000_000)
    extraLoad = PolicyCheck.clamp(policy.extraLoad, to: 0...1)
    latencies = LatencyHistogram(over: PolicyCheck.clamp(policy.window, atLeast: .seconds(1)))
  }

  /// A call begins. Returns after what time its second attempt is due; nil while there is too little to know it by.
  package mutating func callBegan(at now: Instant) -> Duration? {
    load.add(at: now)
    switch after.kind {
    case .fixed(let delay):
      return PolicyCheck.clamp(delay, atLeast: .zero)
    case .percentile(let share):
      if recordedSince >= 32 || now >= knownUntil {
        let latency = latencies.percentile(share, at: now)
        known = latencies.count >= samples ? latency : nil
        recordedSince = 0
        knownUntil = now.advanced(by: .seconds(1))
      }
      return known
    }
  }

  /// The time is over and the second attempt could begin. True when it may, which is then counted. The budget that it
  /// shares with retries is asked after that.
  package mutating func beginHedge(at now: Instant) -> Bool {
    load.advance(to: now)
    guard Double(load.marked + 1) <= extraLoad * Double(load.total) + 1e-9 else { return false }
    load.add(0, marked: 1, at: now)
    return true
  }

  /// An attempt succeeded after this time.
  package mutating func record(_ latency: Duration, at now: Instant) {
    guard case .percentile = after.kind else { return }
    latencies.record(latency, at: now)
    recordedSince += 1
  }
}
