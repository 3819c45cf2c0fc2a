package import Resilience
import SeaThriftWire

/// Whose fault an error of an attempt is, as far as its code says: one row of the table in the documentation, page
/// Resilience.
package struct ErrorMeaning: Hashable {
  /// What it says to the endpoint's circuit breaker.
  package var breaker: Verdict
  /// What it says to the balancer: a failure is never a sign of speed.
  package var balancer: Verdict
  /// Whether another endpoint may do better.
  package var isRetried: Bool
  /// Whether the attempt never left this process, so that the next one is the first that any server sees: then the retry
  /// budget is not asked for it.
  package var isLocal: Bool

  /// The endpoint failed.
  private static let endpoint = Self(breaker: .failure, balancer: .failure, isRetried: true, isLocal: false)
  /// The endpoint answered something that another one would hardly do better.
  private static let answer = Self(breaker: .failure, balancer: .failure, isRetried: false, isLocal: false)
  /// Our own side is at its limits.
  private static let own = Self(breaker: .ignorable, balancer: .ignorable, isRetried: true, isLocal: true)
  /// The caller, or the call as a whole.
  private static let caller = Self(breaker: .ignorable, balancer: .ignorable, isRetried: false, isLocal: false)

  init(breaker: Verdict, balancer: Verdict, isRetried: Bool, isLocal: Bool) {
    self.breaker = breaker
    self.balancer = balancer
    self.isRetried = isRetried
    self.isLocal = isLocal
  }

  package init(of error: RPCError) {
    switch error.code {
    case .poolTimeout, .poolFull, .outOfResources, .circuitOpen: self = .own
    case .cancelled, .closed, .invalidRequest, .deadlineExceeded, .bulkheadFull, .rateLimited: self = .caller
    case .overloaded: self = Self(breaker: .ignorable, balancer: .failure, isRetried: true, isLocal: false)
    // It knows what it does: another caller may have more luck.
    case .unauthenticated, .permissionDenied:
      self = Self(breaker: .ignorable, balancer: .ignorable, isRetried: false, isLocal: false)
    case .protocolError: self = error.isUnsent ? .caller : .answer
    case .applicationException: self = Self(ofException: error.cause as? ApplicationException)
    case .unavailable, .httpStatus:
      self = error.code == .unavailable ? .endpoint : .answer
      if (error.cause as? HTTPStatusError)?.saysNothingOfTheEndpoint == true { breaker = .ignorable }
    default: self = error.code.isTransportError ? .endpoint : .answer
    }
  }

  private init(ofException exception: ApplicationException?) {
    switch exception?.kind {
    // One method that a server does not have, or one kind of client that it does not take, is not a server that is down.
    case .unknownMethod?, .unsupportedClientType?:
      self = Self(breaker: .ignorable, balancer: .failure, isRetried: false, isLocal: false)
    default: self = .answer
    }
  }
}
