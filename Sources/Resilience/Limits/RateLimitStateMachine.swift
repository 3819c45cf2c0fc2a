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

  private let interval: Duration
  /// How far ahead of time tokens may be taken: what the bucket holds besides the token that is due.
  private let tolerance: Duration
  private let wait: Duration
  private var due: Instant?

  /// Creates a full bucket.
  package init(_ policy: RateLimit = RateLimit()) {
    let per = PolicyCheck.clamp(policy.per, atLeast: .microseconds(1))
    let rate = min(max(policy.rate, 1), 1_000_000_000)
    interval = max(per / rate, .nanoseconds(1))
    let burst = min(max(policy.burst ?? rate, 1), 1_000_000)
    tolerance = PolicyCheck.clamp(interval * (burst - 1), atLeast: .zero)
    wait = policy.wait.map { PolicyCheck.clamp($0) } ?? .zero
  }

  /// A call wants to begin. It waits no longer than the policy and `patience`, what is left of its deadline, let it.
  package mutating func take(at now: Instant, patience: Duration? = nil) -> Admission {
    // Before anything was taken, and after a quiet time, the bucket is full.
    let next = max(due ?? now, now)
    let delay = max(now.duration(to: next) - tolerance, .zero)
    guard delay <= min(wait, patience ?? wait) else { return .refused(until: now.advanced(by: delay)) }
    due = next.advanced(by: interval)
    return .allowed(after: delay)
  }

  /// Puts back the token of a call that waited for it in vain. Those behind it keep their delays.
  package mutating func giveBack() {
    due = due?.advanced(by: .zero - interval)
  }
}
