/// How a call of a server ended; what ``ServerObserver/callEnded(_:peer:duration:outcome:)`` is told.
public struct ServerCallOutcome: Sendable {
  /// How it ended, in one of a few words.
  public let kind: Kind
  /// The exception or error that it ended with: what the handler threw, not what the client was told. `nil` for
  /// ``Kind/result`` and ``Kind/onewayDone``.
  public let error: (any Error)?

  /// The refusal, for the kind ``Kind/refused``.
  public var refusal: CallRefusal? { error as? CallRefusal }

  /// Creates an outcome, for the tests of an observer.
  public init(_ kind: Kind, _ error: (any Error)? = nil) {
    self.kind = kind
    self.error = error
  }
}

extension ServerCallOutcome {
  /// The ways in which a call may end; later versions may know more.
  public struct Kind: Hashable, Sendable {
    private let name: String

    /// The handler returned, and its result is the reply.
    public static let result = Self(name: "result")
    /// The handler of a oneway method returned; there is no reply.
    public static let onewayDone = Self(name: "onewayDone")
    /// The reply is an exception that the method declares.
    public static let declaredException = Self(name: "declaredException")
    /// The handler, or an interceptor, threw an `ApplicationException`, which is the reply as it is.
    public static let applicationException = Self(name: "applicationException")
    /// A limit, an interceptor or the handler threw a ``CallRefusal``; ``ServerCallOutcome/refusal`` says which.
    public static let refused = Self(name: "refused")
    /// The handler threw an error that the method does not declare. The client is told of an internal error.
    public static let handlerFailed = Self(name: "handlerFailed")
    /// The handler ended because its task was cancelled: the client is gone, or the server stops.
    public static let cancelled = Self(name: "cancelled")
    /// The arguments could not be read. The handler did not run.
    public static let unreadableArguments = Self(name: "unreadableArguments")
    /// The result could not be written: it lacks a required field, or is beyond the limits.
    public static let unwritableResult = Self(name: "unwritableResult")
    /// There is no method of the name that was called. The error has that name; the observer is told of a method `""`, as
    /// clients make up as many names as they like.
    public static let unknownMethod = Self(name: "unknownMethod")
    /// The message was no call. The observer is told of a method `""`.
    public static let invalidMessageType = Self(name: "invalidMessageType")
  }
}

extension ServerCallOutcome.Kind: CustomStringConvertible {
  /// The name, which is the same in later versions: fit for a label of a metric.
  public var description: String { name }
}

extension ServerCallOutcome: CustomStringConvertible {
  /// The kind, and the error if there is one.
  public var description: String { error.map { "\(kind): \($0)" } ?? "\(kind)" }
}
