import Resilience
import SeaThriftSockets
import SeaThriftWire

extension RPCError {
  /// The error of a socket operation; `timeout` says which one, should its time have run out.
  init(_ error: SocketError, timeout: Code, isUnsent: Bool) {
    let code: Code =
      switch error.code {
      case .timedOut: timeout
      case .cancelled: .cancelled
      case .refused: .connectionRefused
      case .unreachable: .unreachable
      case .unknownHost: .unknownHost
      // Of a connection that is made, it is the own address that is in use.
      case .outOfResources, .addressInUse: .outOfResources
      case .invalidAddress: .unreachable
      case .reset, .closed, .other: .connectionLost
      }
    self.init(code, error.message, isUnsent: isUnsent)
  }

  /// The endpoint's own word that the call failed.
  init(refused answer: RefusedCall, endpoint: EndpointAddress? = nil, method: String? = nil) {
    let exception = answer.exception
    let text = exception.message.isEmpty ? "" : ": \(exception.message)"
    self.init(answer.code, "\(exception.kind)\(text)", cause: exception, endpoint: endpoint, method: method)
  }

  /// The error of a response of HTTP that is no success.
  init(_ failure: HTTPFailure) {
    let cause = HTTPStatusError(failure)
    self.init(cause.code, cause.description, cause: cause)
    retryAdvice = failure.retryAfter.map { RetryAdvice(seconds: $0) }
  }

  /// Whether it is about the load of one endpoint, or of the proxy before it, and so says nothing about the next.
  var isOfEndpointAlone: Bool { code == .overloaded || cause is HTTPStatusError }

  /// A reply that does not fit its request.
  static func mismatch(_ kind: ApplicationException.Kind, _ message: String) -> Self {
    Self(.protocolError, message, cause: ApplicationException(kind, message))
  }
}
