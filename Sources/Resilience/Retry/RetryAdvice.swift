/// What the other side says about trying again. An error that knows conforms to ``RetryAdvising``.
public enum RetryAdvice: Hashable, Sendable {
  /// Not before this time has passed.
  case after(Duration)
  /// Not at all: it would fail again, or it was retried further down already.
  case never

  /// Advice as a number of seconds: so long, up to 366 days; a negative one, and what is no number, means never.
  public init(seconds: Double) {
    let longest = Double(PolicyCheck.longest.components.seconds)
    self = seconds >= 0 ? .after(.seconds(Swift.min(seconds, longest))) : .never
  }

  /// Advice as a number of milliseconds: so long, up to 366 days; a negative one, and what is no number, means never.
  public init(milliseconds: Double) { self.init(seconds: milliseconds / 1_000) }
}

/// An error that says whether and when to come back, for instance an exception of an IDL with a field for it.
public protocol RetryAdvising: Error {
  /// What it says; `nil` leaves it to the policy.
  var retryAdvice: RetryAdvice? { get }
}
