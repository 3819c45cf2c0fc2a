package import SeaThriftTime

/// One call through its attempts: decides after each whether there is another, and when.
///
/// Constant memory. Which endpoint an attempt goes to, and what a failure means, is the runner's business.
package struct RetryStateMachine: Sendable {
  /// Whether the method may run twice.
  package enum Idempotency: Hashable, Sendable {
    /// It may.
    case idempotent
    /// Nobody said; retried as if it were, hedged not.
    case unknown
    /// It may not: retried only when nothing was sent.
    case notIdempotent
  }

  /// What the server said about coming back.
  package enum PushBack: Hashable, Sendable {
    /// Not before this time.
    case after(Duration)
    /// Not at all.
    case never
  }

  /// A failed attempt.
  package struct Failure: Hashable, Sendable {
    /// Whether the error is of a kind that another attempt may mend.
    package var isRetryable: Bool
    /// Whether not one byte of the request left, so that the server cannot have run it.
    package var isUnsent: Bool
    /// Whether it was retried further down already, so that retrying it again would multiply the attempts.
    package var isRetriedBelow: Bool
    /// Whether the attempt never left this process, for want of a connection for instance: another one is the first that
    /// any server sees.
    package var isLocal: Bool
    /// What the server said.
    package var pushBack: PushBack?

    package init(
      isRetryable: Bool = true, isUnsent: Bool = false, isRetriedBelow: Bool = false, isLocal: Bool = false,
      pushBack: PushBack? = nil
    ) {
      self.isRetryable = isRetryable
      self.isUnsent = isUnsent
      self.isRetriedBelow = isRetriedBelow
      self.isLocal = isLocal
      self.pushBack = pushBack
    }
  }

  /// Why there is no further attempt.
  package enum Stop: Hashable, Sendable {
    /// The error is final, or the method may have run and must not run twice.
    case notRetryable
    /// It was retried further down.
    case retriedBelow
    /// A call that this one is part of is being retried.
    case retriedAbove
    /// The server does not want to see it again, or not for longer than the policy waits.
    case pushedBack
    /// All attempts were made.
    case outOfAttempts
    /// The deadline would be over before the next attempt began.
    case outOfTime
    /// The budget has none left.
    case outOfBudget
  }

  /// What to do after a failure.
  package enum Next: Hashable, Sendable {
    /// Attempt again after this delay.
    case retry(after: Duration)
    /// Wait for the attempt that still runs.
    case wait
    /// Give up.
    case stop(Stop)
  }

  private let limit: Int
  private let backoff: Backoff
  private let pushBackLimit: Duration
  private let idempotency: Idempotency
  private let isSuppressed: Bool
  private var delay: Duration = .zero

  /// How many attempts were begun.
  package private(set) var attempts = 1
  /// How many of them still run: two at most.
  package private(set) var running = 1
  /// How many attempts were retries.
  package private(set) var retries = 0

  /// The call begins, with its first attempt.
  package init(
    _ policy: Retry = Retry(), idempotency: Idempotency = .unknown, isSuppressed: Bool = false
  ) {
    limit = min(max(policy.retries, 0), 1_000)
    backoff = policy.backoff
    pushBackLimit = policy.pushBackLimit
    self.idempotency = idempotency
    self.isSuppressed = isSuppressed
  }

  /// The hedge's delay is over: true when a second attempt begins now. It needs an idempotent method, an attempt that
  /// runs alone, and a withdrawal from the budget.
  package mutating func beginHedge(budget: inout RetryBudgetStateMachine?, at now: Instant) -> Bool {
    guard idempotency == .idempotent, !isSuppressed, running == 1, budget?.withdrawHedge(at: now) ?? true else {
      return false
    }
    attempts += 1
    running += 1
    return true
  }

  /// An attempt failed.
  ///
  /// - Parameters:
  ///   - remaining: What is left of the deadline; nil when there is none.
  ///   - budget: The budget, asked only when nothing else is in the way, and not when the attempt never left this process.
  package mutating func failed(
    _ failure: Failure, remaining: Duration? = nil, budget: inout RetryBudgetStateMachine?, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Next {
    running = max(running - 1, 0)
    if running > 0 { return .wait }
    if let stop = obstacle(failure) { return .stop(stop) }
    let drawn = backoff.delay(attempt: retries + 1, previous: delay, using: &generator)
    var next = drawn
    if case .after(let least) = failure.pushBack { next = max(next, least) }
    if let remaining, next >= remaining { return .stop(.outOfTime) }
    guard failure.isLocal || budget?.withdraw(at: now) ?? true else { return .stop(.outOfBudget) }
    delay = drawn
    retries += 1
    attempts += 1
    running = 1
    return .retry(after: next)
  }

  private func obstacle(_ failure: Failure) -> Stop? {
    switch failure.pushBack {
    case .never?: return .pushedBack
    case .after(let least)? where least > pushBackLimit: return .pushedBack
    default: break
    }
    if failure.isRetriedBelow { return .retriedBelow }
    if !failure.isRetryable { return .notRetryable }
    if idempotency == .notIdempotent, !failure.isUnsent { return .notRetryable }
    if isSuppressed { return .retriedAbove }
    return retries >= limit ? .outOfAttempts : nil
  }
}
