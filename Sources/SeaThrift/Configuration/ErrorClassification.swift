public import Resilience

/// Which errors are retried against the next endpoint, and which ones count as failures of an endpoint.
public struct ErrorClassification: Sendable {
  /// Further errors that are retried; transport errors always are (``RPCError/Code/isTransportError``), and so are calls
  /// that an endpoint refused for too much load.
  public var retryable: [@Sendable (any Error) -> Bool] = []
  /// Further errors that count as failures; transport errors and protocol errors always do.
  public var failures: [@Sendable (any Error) -> Bool] = []
  /// Whether not getting a connection of one's own full pool counts as a failure of the endpoint. Default `true`, which
  /// is what the reference client documents.
  public var fullPoolIsFailure = true

  /// Creates the default classification.
  public init() {}

  /// Whether another endpoint may do better.
  public func isRetryable(_ error: any Error) -> Bool {
    if let error = error as? RPCError, error.code.isTransportError || error.code == .overloaded { return true }
    if let error = error as? any ClassifiedException, type(of: error).traits.isRetryable { return true }
    return retryable.contains { $0(error) }
  }

  /// What an error says about the endpoint.
  ///
  /// An exception that the endpoint's service declares is an answer: a success, unless it was declared a failure. That it
  /// has too much to do, or does not serve this caller or this request, is neither: the circuit stays as it is, and its
  /// quick answer does not make it look fast.
  public func verdict(on error: any Error) -> Verdict {
    if failures.contains(where: { $0(error) }) { return .failure }
    guard let error = error as? RPCError else {
      return (error as? any ClassifiedException).map { type(of: $0).traits.isFailure } == true ? .failure : .success
    }
    switch error.code {
    case .cancelled, .closed, .invalidRequest, .circuitOpen, .outOfResources, .deadlineExceeded, .overloaded,
      .unauthenticated, .permissionDenied:
      return .ignorable
    case .unavailable, .httpStatus:
      return (error.cause as? HTTPStatusError)?.saysNothingOfTheEndpoint == true ? .ignorable : .failure
    case .protocolError where error.isUnsent: return .ignorable
    case .poolTimeout, .poolFull: return fullPoolIsFailure ? .failure : .ignorable
    case .applicationException: return .success
    default: return .failure
    }
  }
}
