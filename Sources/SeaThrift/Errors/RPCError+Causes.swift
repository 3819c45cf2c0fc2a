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
      case .outOfResources: .outOfResources
      case .invalidAddress, .addressInUse: .unreachable
      case .reset, .closed, .other: .connectionLost
      }
    self.init(code, error.message, isUnsent: isUnsent)
  }

  /// The endpoint's own word that the call failed.
  init(refused exception: ApplicationException, endpoint: EndpointAddress? = nil, method: String? = nil) {
    let text = exception.message.isEmpty ? "" : ": \(exception.message)"
    self.init(
      exception.kind == .loadShedding ? .overloaded : .applicationException,
      "\(exception.kind)\(text)", cause: exception, endpoint: endpoint, method: method)
  }

  /// A reply that does not fit its request.
  static func mismatch(_ kind: ApplicationException.Kind, _ message: String) -> Self {
    Self(.protocolError, message, cause: ApplicationException(kind, message))
  }
}
