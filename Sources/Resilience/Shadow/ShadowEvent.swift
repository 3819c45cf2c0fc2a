import SeaThriftTime

/// What a policy that only watches would have done to a call.
public struct ShadowEvent: Hashable, Sendable, CustomStringConvertible {
  /// What would have been done. More may come: switch over them with a `default`.
  public enum Action: Hashable, Sendable {
    /// The call, or the attempt, would not have been made.
    case refused
    /// It would have begun later; the time, where that is known beforehand.
    case delayed(Duration?)
    /// It would have been ended after this time.
    case ended(after: Duration)
    /// It would have been tried again after this time.
    case retried(after: Duration)
    /// A second attempt would have been made after this time.
    case hedged(after: Duration)
    /// The circuit breaker changed its state.
    case changed(CircuitBreaker.Transition)
    /// A kept result would have been used.
    case served
    /// The attempt of an identical call would have been shared.
    case shared
    /// The attempt would have gone to this endpoint.
    case chosen(String)
    /// A connection would have been made for the attempt.
    case connected
  }

  /// The policy's name, as it is written: `RateLimit`; of `Timeouts` with the step, `Timeouts.read`.
  public let policy: String
  /// What it would have done.
  public let action: Action

  /// For logs: `RateLimit: refused`, `Deadline: ended after 10ms`.
  public var description: String {
    let text =
      switch action {
      case .refused: "refused"
      case .delayed(let time): time.map { "delayed by \(DurationText.format($0))" } ?? "delayed"
      case .ended(let time): "ended after \(DurationText.format(time))"
      case .retried(let time): "retried after \(DurationText.format(time))"
      case .hedged(let time): "hedged after \(DurationText.format(time))"
      case .changed(let transition): "\(transition.from) to \(transition.to)"
      case .served: "served"
      case .shared: "shared"
      case .chosen(let endpoint): "chose \(endpoint)"
      case .connected: "connected"
      }
    return "\(policy): \(text)"
  }
}
