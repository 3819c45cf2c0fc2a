package import SeaThriftTime

/// A token bucket that remembers one instant: when the token after the last one taken is due.
///
/// The generic cell rate algorithm (ITU-T I.371), which is a token bucket without counting tokens. Calls that may wait stand
/// in a queue, first come, first served; only the first knows when its token is due, and whoever leaves, leaves the tokens
/// to those behind. Every operation takes constant time; memory is that of the longest queue there was.
package struct RateLimitStateMachine: Sendable {
  /// What a call that asks gets.
  package enum Admission: Hashable, Sendable {
    /// Begin.
    case enter
    /// Wait. The first of the queue asks `delayOfFirst` for how long and then has itself admitted by `admitFirst`; the
    /// others wait until they are named as the first.
    case wait(WaiterID, isFirst: Bool)
    /// Do not begin; a token will be there at this instant, if nobody takes it before.
    case refuse(until: Instant)
  }

  // In nanoseconds, as a Duration's arithmetic takes longer than all the rest.
  private let interval: Int64
  /// How far ahead of time tokens may be taken: what the bucket holds besides the token that is due.
  private let tolerance: Int64
  private let wait: Int64
  private var due: Int64?
  private var queue = WaiterQueue()

  /// How many calls wait.
  package var waiting: Int { queue.count }

  /// Creates a full bucket.
  package init(_ policy: RateLimit = RateLimit()) {
    let per = PolicyCheck.clamp(policy.per, atLeast: .microseconds(1)).wholeNanoseconds
    let rate = min(max(policy.rate, 1), 1_000_000_000)
    interval = max(per / Int64(rate), 1)
    let burst = Int64(min(max(policy.burst ?? rate, 1), 1_000_000))
    let (product, overflow) = interval.multipliedReportingOverflow(by: burst - 1)
    let longest = PolicyCheck.longest.wholeNanoseconds
    tolerance = overflow ? longest : min(product, longest)
    wait = policy.wait.map { PolicyCheck.clamp($0).wholeNanoseconds } ?? 0
  }

  /// A call wants to begin. It waits no longer than the policy and `patience`, what is left of its deadline, let it.
  package mutating func take(at now: Instant, patience: Duration? = nil) -> Admission {
    let delay = delay(ofPlace: queue.count, at: now)
    if delay <= 0, queue.count == 0 {
      takeToken(at: now)
      return .enter
    }
    guard delay <= longestWait(patience) else { return .refuse(until: now.advanced(by: .nanoseconds(delay))) }
    let isFirst = queue.count == 0
    return .wait(queue.enqueue(), isFirst: isFirst)
  }

  /// Whether one that waits is the first of the queue.
  package func isFirst(_ waiter: WaiterID) -> Bool { queue.first == waiter }

  /// How long the first of the queue has to wait; zero or less when its token is there.
  package func delayOfFirst(at now: Instant) -> Duration { .nanoseconds(delay(ofPlace: 0, at: now)) }

  /// The first of the queue begins. Returns who is the first now.
  package mutating func admitFirst(at now: Instant) -> WaiterID? {
    guard queue.dequeue() != nil else { return nil }
    takeToken(at: now)
    return queue.first
  }

  /// One that waits gives up. Returns who is the first now, if that is another one than before.
  package mutating func waiterLeft(_ waiter: WaiterID) -> WaiterID? {
    let wasFirst = queue.first == waiter
    _ = queue.remove(waiter)
    return wasFirst ? queue.first : nil
  }

  /// Takes a token ahead of its time, for a call that is only imagined to wait. Returns when it would begin; nil when it
  /// would be refused.
  package mutating func reserve(at now: Instant) -> Duration? {
    let delay = max(delay(ofPlace: 0, at: now), 0)
    guard delay <= wait else { return nil }
    takeToken(at: now)
    return .nanoseconds(delay)
  }

  private func longestWait(_ patience: Duration?) -> Int64 { min(wait, patience?.wholeNanoseconds ?? wait) }

  /// After what time the token is there of one that has so many before it.
  private func delay(ofPlace place: Int, at now: Instant) -> Int64 {
    let (before, overflow) = interval.multipliedReportingOverflow(by: Int64(place))
    if overflow { return .max }
    return (next(at: now) - now.nanoseconds).addingReportingOverflow(before - tolerance).partialValue
  }

  /// Before anything was taken, and after a quiet time, the bucket is full.
  private func next(at now: Instant) -> Int64 { max(due ?? .min, now.nanoseconds) }

  private mutating func takeToken(at now: Instant) {
    let (sum, overflow) = next(at: now).addingReportingOverflow(interval)
    due = overflow ? .max : sum
  }
}
