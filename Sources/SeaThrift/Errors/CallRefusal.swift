public import Resilience
public import SeaThriftWire

/// A server's word that it did not begin a call: thrown by interceptors and handlers, and by the server's own limits.
///
/// The client gets an `ApplicationException` of this kind and message. SeaThrift's clients see one of the kind
/// `loadShedding` as an ``RPCError`` of the code ``RPCError/Code/overloaded``, which is retried whatever the method, as
/// nothing was executed.
public struct CallRefusal: Error, Hashable, Sendable {
  /// What the client is told is wrong.
  public var kind: Kind
  /// What exactly, for people.
  public var message: String
  /// When the client may come back; `nil` leaves it to the client.
  public var retryAdvice: RetryAdvice?

  /// Creates a refusal; one of too much load unless told otherwise.
  public init(_ message: String, as kind: Kind = .loadShedding, retry advice: RetryAdvice? = nil) {
    self.kind = kind
    self.message = message
    retryAdvice = advice
  }

  /// The refusal of a limit.
  init(_ error: ResilienceError) {
    self.init("too much load, \(error)", retry: error.retryAdvice)
  }
}

extension CallRefusal {
  /// Why a call was not begun.
  public struct Kind: Hashable, Sendable {
    /// What the client gets, whoever wrote it.
    public let exceptionKind: ApplicationException.Kind
    /// What SeaThrift's clients see besides, where the framing carries headers; `nil` when that follows from the exception.
    public let errorCode: RPCError.Code?

    private init(_ exceptionKind: ApplicationException.Kind, _ errorCode: RPCError.Code? = nil) {
      self.exceptionKind = exceptionKind
      self.errorCode = errorCode
    }

    /// There is too much to do: ``RPCError/Code/overloaded``.
    public static let loadShedding = Self(.loadShedding)
    /// It is not known who calls: credentials are missing or not valid. ``RPCError/Code/unauthenticated``; where the
    /// framing carries no headers an exception of the kind `unsupportedClientType`.
    public static let unauthenticated = Self(.unsupportedClientType, .unauthenticated)
    /// It is known who calls, and this is not for them. ``RPCError/Code/permissionDenied``; where the framing carries no
    /// headers an exception of the kind `unsupportedClientType`.
    public static let permissionDenied = Self(.unsupportedClientType, .permissionDenied)

    /// Clients of this kind are not served, such as those of a version that is too old.
    public static let unsupportedClientType = Self(.unsupportedClientType)

    /// Any other reason, by the exception that says it best.
    public static func exception(_ kind: ApplicationException.Kind) -> Self { Self(kind) }

    /// Those that travel by name.
    static let named: [Self] = [.unauthenticated, .permissionDenied]
  }
}

extension CallRefusal.Kind: CustomStringConvertible {
  /// The name of the error code, if there is one, or else of the exception's kind.
  public var description: String { errorCode?.description ?? exceptionKind.description }
}

extension CallRefusal: RetryAdvising, CustomStringConvertible {
  /// The kind and the message.
  public var description: String { "\(kind): \(message)" }
}
