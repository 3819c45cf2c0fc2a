public import Resilience

/// Which errors are retried against the next endpoint, and which ones count as failures of an endpoint.
///
/// What an error means that is not listed here is a table in the documentation, page Resilience.
public struct ErrorClassification: Sendable {
  /// Further errors that are retried; transport errors always are (``RPCError/Code/isTransportError``), and so are calls
  /// that an endpoint refused for too much load.
  public var retryable: [@Sendable (any Error) -> Bool] = []
  /// Further errors that count as failures.
  public var failures: [@Sendable (any Error) -> Bool] = []
  /// Whether not getting a connection of one's own full pool counts as a failure of the endpoint, as the reference client
  /// documents it. Then a burst of calls opens the circuits of healthy endpoints. Default `false`.
  public var fullPoolIsFailure = false

  /// Creates the default classification.
  public init() {}

  /// Whether another endpoint may do better.
  public func isRetryable(_ error: any Error) -> Bool {
    if let error = error as? RPCError, ErrorMeaning(of: error).isRetried { return true }
    if let error = error as? any ClassifiedException, type(of: error).traits.isRetryable { return true }
    return retryable.contains { $0(error) }
  }

  /// What an error says about the endpoint to its circuit breaker.
  ///
  /// An exception that the endpoint's service declares is an answer: a success, unless it was declared a failure. What
  /// happens on our own side, a full pool for instance, is never a failure of the endpoint, and neither is what a caller
  /// does; an attempt that had its fair share of time and brought nothing is one, whoever's clock ended it.
  public func verdict(on error: any Error) -> Verdict { verdict(on: error) { $0.breaker } }

  /// What an error says to the balancer.
  func balancerVerdict(on error: any Error) -> Verdict { verdict(on: error) { $0.balancer } }

  private func verdict(on error: any Error, _ part: (ErrorMeaning) -> Verdict) -> Verdict {
    let rpcError = error as? RPCError
    if let verdict = rpcError?.verdict { return verdict }
    if failures.contains(where: { $0(error) }) { return .failure }
    guard let rpcError else {
      return (error as? any ClassifiedException).map { type(of: $0).traits.isFailure } == true ? .failure : .success
    }
    if fullPoolIsFailure, rpcError.code == .poolTimeout || rpcError.code == .poolFull { return .failure }
    return part(ErrorMeaning(of: rpcError))
  }
}
