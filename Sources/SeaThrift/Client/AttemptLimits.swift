import Resilience
import SeaThriftTime

/// When an attempt has to be over, and why.
struct AttemptLimits {
  private let deadline: Instant
  /// The end by the policy's own timeout of attempts.
  private let timeout: Instant
  /// The earliest of all.
  let end: Instant
  /// The time of an attempt that has to leave some to the next; nil for others.
  let sharedTime: Duration?

  init(_ timeouts: Timeouts, deadline: Instant, share: Instant, at now: Instant) {
    self.deadline = deadline
    timeout = timeouts.attempt.map { now.advanced(by: $0) } ?? .distantFuture
    end = min(deadline, timeout, share)
    sharedTime = share < min(deadline, timeout) ? now.duration(to: share) : nil
  }

  /// The error of a step whose time was cut short.
  ///
  /// - Parameter verdict: what it says about the endpoint when neither the step's nor the attempt's own timeout ended it.
  func limited(_ error: RPCError, _ verdict: Verdict, at now: Instant) -> RPCError {
    var error = error
    switch error.code {
    case .cancelled:
      error.verdict = verdict
    case .connectTimeout, .poolTimeout, .writeTimeout, .readTimeout:
      let wasWaiting = error.code == .poolTimeout || error.code == .connectTimeout
      guard end != .distantFuture, now >= end else { break }
      let isOver = end == deadline
      // A process that stood still has said already that it judges nobody.
      if error.verdict == nil, wasWaiting || end != timeout { error.verdict = verdict }
      error.code = isOver ? .deadlineExceeded : .attemptTimeout
      let reason =
        isOver
        ? "the deadline is over" : end == timeout ? "the attempt took too long" : "the next attempt needs the time"
      error.message = "\(reason): \(error.message)"
    default: break
    }
    return error
  }
}

extension Timeouts {
  /// Whether a wait of an attempt has an end of its own.
  ///
  /// - Parameter isConnected: whether the waits for a connection are over.
  func limitsWait(isConnected: Bool) -> Bool {
    if read != nil || write != nil { return true }
    return !isConnected && (pool != nil || connect != nil)
  }
}
