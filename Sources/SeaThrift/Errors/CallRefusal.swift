public import Resilience
public import SeaThriftWire

/// A server's word that it did not begin a call: thrown by interceptors and handlers, and by the server's own limits.
///
/// The client gets an `ApplicationException` of this kind and message. SeaThrift's clients see one of the kind
/// `loadShedding` as an ``RPCError`` of the code ``RPCError/Code/overloaded``, which is retried whatever the method, as
/// nothing was executed.
public struct CallRefusal: Error, Hashable, Sendable {
  /// What the client is told is wrong.
  public var kind: ApplicationException.Kind
  /// What exactly, for people.
  public var message: String
  /// When the client may come back; `nil` leaves it to the client.
  public var retryAdvice: RetryAdvice?

  /// Creates a refusal; one of too much load unless told otherwise.
  public init(
    _ message: String, as kind: ApplicationException.Kind = .loadShedding, retry advice: RetryAdvice? = nil
  ) {
    self.kind = kind
    self.message = message
    retryAdvice = advice
  }

  /// The refusal of a limit.
  init(_ error: ResilienceError) {
    self.init("too much load, \(error)", retry: error.retryAdvice)
  }
}

extension CallRefusal: RetryAdvising, CustomStringConvertible {
  /// The kind and the message.
  public var description: String { "\(kind): \(message)" }
}
