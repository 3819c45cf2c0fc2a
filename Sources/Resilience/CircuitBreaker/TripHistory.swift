import SeaThriftTime

/// What a circuit breaker remembers of the calls it let through, exactly as much as its trip condition asks for.
struct TripHistory: Sendable {
  /// Whether a success has to be recorded.
  private(set) var countsSuccesses = false

  private var bursts: [FailureBurst] = []
  private var streaks: [FailureStreak] = []
  private var errorRates: [RateTrip] = []
  private var slowRates: [SlowTrip] = []

  init(_ condition: TripCondition) {
    for part in condition.flattened {
      switch part.kind {
      case .failures(let limit, let window):
        bursts.append(FailureBurst(limit: limit, window: window))
      case .consecutive(let count):
        streaks.append(FailureStreak(limit: count))
        countsSuccesses = true
      case .errorRate(let rate, let minimum, let window):
        errorRates.append(RateTrip(rate: rate, minimum: minimum, window: window))
        countsSuccesses = true
      case .slowRate(let rate, let slow, let minimum, let window):
        slowRates.append(SlowTrip(slowerThan: slow, trip: RateTrip(rate: rate, minimum: minimum, window: window)))
        countsSuccesses = true
      case .any:
        break
      }
    }
  }

  /// Adds a call; true when a condition holds now.
  mutating func record(failed: Bool, duration: Duration, at now: Instant) -> Bool {
    var trips = false
    if failed {
      for index in bursts.indices where bursts[index].recordFailure(at: now) { trips = true }
    }
    for index in streaks.indices where streaks[index].record(failed: failed) { trips = true }
    for index in errorRates.indices where errorRates[index].record(failed, at: now) { trips = true }
    for index in slowRates.indices {
      let isSlow = duration > slowRates[index].slowerThan
      if slowRates[index].trip.record(isSlow, at: now) { trips = true }
    }
    return trips
  }

  /// Whether a call that took this long is slow by any of the conditions.
  func isSlow(_ duration: Duration) -> Bool { slowRates.contains { duration > $0.slowerThan } }

  /// Whether the last call failed, as far as that is counted: then the next ones matter.
  var isFailing: Bool { streaks.contains { $0.count > 0 } }

  /// Forgets every call; keeps its memory.
  mutating func clear() {
    for index in bursts.indices { bursts[index].clear() }
    for index in streaks.indices { streaks[index].count = 0 }
    for index in errorRates.indices { errorRates[index].window.clear() }
    for index in slowRates.indices { slowRates[index].trip.window.clear() }
  }
}

/// More than `limit` failures within `window`: that is so when the failure `limit` places back is still within it, so
/// that the last `limit` + 1 are all there is to remember.
private struct FailureBurst: Sendable {
  private let capacity: Int
  private let window: Duration
  private var instants: [Instant] = []
  /// Where the oldest is, once there are `capacity`.
  private var oldest = 0

  init(limit: Int, window: Duration) {
    capacity = min(max(limit, 0), 10_000) + 1
    self.window = window
  }

  mutating func recordFailure(at now: Instant) -> Bool {
    if instants.count < capacity {
      instants.append(now)
    } else {
      instants[oldest] = now
      oldest = (oldest + 1) % capacity
    }
    return instants.count == capacity && instants[oldest].duration(to: now) <= window
  }

  mutating func clear() {
    instants.removeAll(keepingCapacity: true)
    oldest = 0
  }
}

private struct FailureStreak: Sendable {
  let limit: Int
  var count = 0

  mutating func record(failed: Bool) -> Bool {
    count = failed ? count + 1 : 0
    return count >= limit
  }
}

private struct SlowTrip: Sendable {
  let slowerThan: Duration
  var trip: RateTrip
}

/// At least `rate` of the calls within the window are marked, of at least `minimum`.
private struct RateTrip: Sendable {
  let rate: Double
  let minimum: Int
  var window: SlidingWindow

  init(rate: Double, minimum: Int, window: Duration) {
    self.rate = rate
    self.minimum = minimum
    self.window = SlidingWindow(window)
  }

  mutating func record(_ marked: Bool, at now: Instant) -> Bool {
    window.add(marked: marked ? 1 : 0, at: now)
    // A call that is not marked lowers the rate: it can complete the minimum, but is no reason to open.
    guard marked, window.total >= minimum else { return false }
    return Double(window.marked) >= rate * Double(window.total)
  }
}
