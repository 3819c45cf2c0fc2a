package import SeaThriftTime

/// A token bucket that remembers one instant: when the token after the last one taken is due.
///
/// The generic cell rate algorithm (ITU-T I.371), which is a token bucket without counting tokens. Calls that wait are
/// served in the order in which they asked, because each one's token is due after the one before.
package struct RateLimitStateMachine: Sendable {
  /// What a call that asks gets.
  package enum Admission: Hashable, Sendable {
    /// Begin after this delay; zero means now.
    case allowed(after: Duration)
    /// Do not begin; a token will be there at this instant, if nobody takes it before.
    case refused(until: Instant)
  }

  // In nanoseconds, as a Duration's arithmetic takes longer than all the rest.
  private let interval: Int64
  /// How far ahead of time tokens may be taken: what the bucket holds besides the token that is due.
  private let tolerance: Int64
  private let wait: Int64
  private var due: Int64?

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
    // Before anything was taken, and after a quiet time, the bucket is full.
    let next = max(due ?? .min, now.nanoseconds)
    let delay = max(next - now.nanoseconds - tolerance, 0)
    guard delay <= min(wait, patience?.wholeNanoseconds ?? wait) else {
      return .refused(until: now.advanced(by: .nanoseconds(delay)))
    }
    due = next.addingReportingOverflow(interval).overflow ? .max : next + interval
    return .allowed(after: .nanoseconds(delay))
  }

  /// Puts back the token of a call that waited for it in vain. Those behind it keep their delays.
  package mutating func giveBack() {
    if let due { self.due = due - interval }
  }
}
