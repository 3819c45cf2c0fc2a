import Resilience

/// The errors that end a call.
extension ServiceGroup {
  /// An error that ends the call, with the attempts before it.
  func decorated(_ failure: any Error, _ call: ClientCall) -> any Error {
    // A caller that has given up is told so, and nothing else.
    guard var error = failure as? RPCError, error.code != .cancelled else { return failure }
    error.attempts = call.progress.attempts
    return error
  }

  func unavailable(_ call: ClientCall, because reason: String = "") -> RPCError {
    let attempts = call.progress.attempts
    let summary =
      switch attempts.count {
      case 0: listed.isEmpty ? "there is no endpoint" : "the circuits of all \(distinctCount) endpoints are open"
      case _ where attempts.allSatisfy({ ($0.error as? RPCError)?.code == .poolFull }): "all connections are taken"
      case 1: "the only attempt failed"
      case let count: "all \(count) attempts failed"
      }
    var error = RPCError(
      .unavailable, "\(name): \(reason.isEmpty ? summary : "\(summary), \(reason)")", cause: attempts.last?.error,
      method: call.method.qualifiedName, attempts: attempts, isUnsent: call.progress.isUnsent)
    error.retryAdvice = (attempts.last?.error as? any RetryAdvising)?.retryAdvice
    return error
  }
}

extension RPCError {
  /// The error of a policy around the attempts.
  init(_ error: ResilienceError, method: String) {
    let code: Code =
      switch error.code {
      case .bulkheadFull: .bulkheadFull
      case .rateLimited: .rateLimited
      default: .deadlineExceeded
      }
    self.init(code, error.message, cause: error, method: method, isUnsent: true)
  }
}
