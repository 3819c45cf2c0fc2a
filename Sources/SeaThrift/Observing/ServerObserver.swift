public import Resilience
public import SeaThriftWire

/// Is told what a server does; logs, metrics and traces hang on it.
///
/// Users implement it. Every method has an empty default, and so will those that later versions add. They are called on the connection's event loop: return quickly, never block.
public protocol ServerObserver: Sendable {
  /// The server listens at `address`.
  func listening(at address: EndpointAddress)
  /// A client connected.
  func connectionOpened(peer: EndpointAddress)
  /// A connection ended; `error` is `nil` when the client closed it between two calls, or the server was stopped.
  func connectionClosed(peer: EndpointAddress, error: (any Error)?)
  /// No connection could be accepted for now; the server goes on trying.
  func acceptFailed(_ error: any Error)
  /// A connection ended on which no message was recognised, only bytes of something else: a scan of ports, a client of
  /// another protocol. Connections without any bytes, and requests of HTTP 1 that are refused, are none of these.
  func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient)
  /// A call was read; what is around its handler and the handler run next. A message that is no call of a known method is
  /// told of with an empty name.
  func callStarted(_ method: String, peer: EndpointAddress)
  /// The handler ended and the reply is written to the connection's buffer. Whether the client takes it from there is not
  /// known; a connection on which that fails is told of by ``connectionClosed(peer:error:)``.
  func callEnded(_ method: String, peer: EndpointAddress, duration: Duration, outcome: ServerCallOutcome)
  /// A handler threw an error that its method does not declare. The client learns only that, not the error.
  func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error)
  /// An interceptor, a limit or a handler refused a call; a oneway client does not learn of it.
  func callRefused(_ method: String, peer: EndpointAddress, refusal: CallRefusal)
  /// A limit that only watches would have done something; see ``ServerLimits/shadow``.
  func shadowed(_ event: ShadowEvent, method: String, peer: EndpointAddress)
}

extension ServerObserver {
  /// Does nothing.
  public func listening(at address: EndpointAddress) {}
  /// Does nothing.
  public func connectionOpened(peer: EndpointAddress) {}
  /// Does nothing.
  public func connectionClosed(peer: EndpointAddress, error: (any Error)?) {}
  /// Does nothing.
  public func acceptFailed(_ error: any Error) {}
  /// Does nothing.
  public func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient) {}
  /// Does nothing.
  public func callStarted(_ method: String, peer: EndpointAddress) {}
  /// Does nothing.
  public func callEnded(_ method: String, peer: EndpointAddress, duration: Duration, outcome: ServerCallOutcome) {}
  /// Does nothing.
  public func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {}
  /// Does nothing.
  public func callRefused(_ method: String, peer: EndpointAddress, refusal: CallRefusal) {}
  /// Does nothing.
  public func shadowed(_ event: ShadowEvent, method: String, peer: EndpointAddress) {}
}
