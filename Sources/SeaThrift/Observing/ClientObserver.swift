public import Resilience

/// Is told what a client does; logs, metrics and traces hang on it. For users to implement: every method has an empty
/// default, those that come with later versions too.
///
/// They are called on the endpoint's event loop, in the middle of calls, but for ``callRefused(_:error:)``: return quickly,
/// never block. Without an observer nothing is computed for it.
public protocol ClientObserver: Sendable {
  /// A call begins. It has not met any policy yet, but there is room for it.
  func callStarted(_ method: String)
  /// A call ended; only those that were told of by ``callStarted(_:)``.
  func callEnded(_ report: CallReport)
  /// A call was turned away before it began, since there was no room for it or the client was shut down. Called on the
  /// caller's thread.
  func callRefused(_ method: String, error: RPCError)
  /// An attempt of a call is about to ask its endpoint's circuit breaker.
  func attemptStarted(_ method: String, endpoint: EndpointAddress)
  /// An attempt ended; `error` is `nil` when it brought a result.
  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?)
  /// A circuit breaker changed its state; `method` is `nil` for that of the endpoint as a whole.
  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?)
  /// A call waited for a connection of the pool; `granted` tells whether it got one.
  func poolWaited(_ duration: Duration, endpoint: EndpointAddress, granted: Bool)
  /// A connection was made.
  func connectionOpened(endpoint: EndpointAddress, duration: Duration)
  /// A connection was not made.
  func connectionFailed(endpoint: EndpointAddress, error: RPCError)
  /// A connection was closed.
  func connectionClosed(endpoint: EndpointAddress)
  /// A policy that only watches would have done something; `endpoint` is that of the attempt, if it was one.
  func shadowed(_ event: ShadowEvent, method: String, endpoint: EndpointAddress?)
}

extension ClientObserver {
  /// Does nothing.
  public func callStarted(_ method: String) {}
  /// Does nothing.
  public func callEnded(_ report: CallReport) {}
  /// Does nothing.
  public func callRefused(_ method: String, error: RPCError) {}
  /// Does nothing.
  public func attemptStarted(_ method: String, endpoint: EndpointAddress) {}
  /// Does nothing.
  public func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {}
  /// Does nothing.
  public func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {}
  /// Does nothing.
  public func poolWaited(_ duration: Duration, endpoint: EndpointAddress, granted: Bool) {}
  /// Does nothing.
  public func connectionOpened(endpoint: EndpointAddress, duration: Duration) {}
  /// Does nothing.
  public func connectionFailed(endpoint: EndpointAddress, error: RPCError) {}
  /// Does nothing.
  public func connectionClosed(endpoint: EndpointAddress) {}
  /// Does nothing.
  public func shadowed(_ event: ShadowEvent, method: String, endpoint: EndpointAddress?) {}
}
