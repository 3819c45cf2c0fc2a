/// A policy kept a call from being made, or ended it.
public struct ResilienceError: Error, Hashable, Sendable, CustomStringConvertible, RetryAdvising {
  /// Which policy it was. More codes may come: switch over them with a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code's name.
    public let description: String

    /// An attempt took longer than its ``AttemptTimeout``.
    public static let timedOut = Self(description: "timedOut")
    /// The ``Deadline`` is over.
    public static let deadlineExceeded = Self(description: "deadlineExceeded")
    /// The circuit breaker let no call through.
    public static let circuitOpen = Self(description: "circuitOpen")
    /// As many calls run and wait as a ``Bulkhead`` or an ``AdaptiveLimit`` lets.
    public static let bulkheadFull = Self(description: "bulkheadFull")
    /// A ``RateLimit`` has no token left.
    public static let rateLimited = Self(description: "rateLimited")
    /// A ``Balancer`` has no endpoint that may be used.
    public static let noEndpoint = Self(description: "noEndpoint")
  }

  /// Which policy it was.
  public let code: Code
  /// What exactly, for people.
  public let message: String
  /// When there is room again, where the policy knows: a ``RateLimit`` does.
  public let retryAdvice: RetryAdvice?

  /// Creates an error.
  public init(_ code: Code, _ message: String, retryAdvice: RetryAdvice? = nil) {
    self.code = code
    self.message = message
    self.retryAdvice = retryAdvice
  }

  /// The code and the message.
  public var description: String { "\(code): \(message)" }
}

/// What the end of a call means to policies.
public typealias Judge<Value> = @Sendable (Result<Value, any Error>) -> Verdict

/// The judgement of who says nothing: a value is a success, an error a failure; cancellation and a deadline that is over
/// say nothing about who was called.
package func usualVerdict<Value>(_ result: Result<Value, any Error>) -> Verdict {
  guard case .failure(let error) = result else { return .success }
  if error is CancellationError { return .ignorable }
  return (error as? ResilienceError)?.code == .deadlineExceeded ? .ignorable : .failure
}

/// An error's kind, as the retry machine sees it.
extension RetryStateMachine.Failure {
  package init(_ error: (any Error)?, isRetryable: Bool) {
    self.init(isRetryable: isRetryable)
    switch (error as? any RetryAdvising)?.retryAdvice {
    case .after(let duration)?: pushBack = .after(duration)
    case .never?: pushBack = .never
    case nil: break
    }
  }
}
