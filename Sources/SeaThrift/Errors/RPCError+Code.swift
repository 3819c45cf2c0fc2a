extension RPCError {
  /// What happened to a call. More codes may come: switch over them with a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, CaseIterable {
      case connectTimeout, poolTimeout, writeTimeout, readTimeout, attemptTimeout, deadlineExceeded, circuitOpen
      case bulkheadFull, rateLimited, poolFull, unavailable
      case connectionRefused, connectionLost, unreachable, unknownHost, outOfResources
      case protocolError, applicationException, overloaded, unauthenticated, permissionDenied, httpStatus
      case invalidRequest, cancelled, closed
    }

    private let kind: Kind

    /// The connection was not made in time.
    public static let connectTimeout = Self(kind: .connectTimeout)
    /// No connection of the pool became free in time.
    public static let poolTimeout = Self(kind: .poolTimeout)
    /// The request was not taken in time.
    public static let writeTimeout = Self(kind: .writeTimeout)
    /// The reply was not there in time.
    public static let readTimeout = Self(kind: .readTimeout)
    /// The attempt as a whole took too long.
    public static let attemptTimeout = Self(kind: .attemptTimeout)
    /// The call's deadline, its policy's or one that it inherited, is over.
    public static let deadlineExceeded = Self(kind: .deadlineExceeded)
    /// As many calls of the group run and wait as may.
    public static let bulkheadFull = Self(kind: .bulkheadFull)
    /// As many calls of the group have begun as may within a time.
    public static let rateLimited = Self(kind: .rateLimited)
    /// The endpoint's circuit breaker let no call through.
    public static let circuitOpen = Self(kind: .circuitOpen)
    /// As many calls wait for a connection of the pool as may.
    public static let poolFull = Self(kind: .poolFull)
    /// Attempts or endpoints ran out; ``RPCError/attempts`` tells how each one ended. Of a single attempt: a response of
    /// HTTP, with an ``HTTPStatusError`` as the ``RPCError/cause``, says that the service is not there for now.
    public static let unavailable = Self(kind: .unavailable)
    /// Nobody listens at the endpoint.
    public static let connectionRefused = Self(kind: .connectionRefused)
    /// The connection broke, or the endpoint closed it before the reply was complete.
    public static let connectionLost = Self(kind: .connectionLost)
    /// There is no way to the endpoint.
    public static let unreachable = Self(kind: .unreachable)
    /// The endpoint's host name has no address.
    public static let unknownHost = Self(kind: .unknownHost)
    /// This process ran out of descriptors or memory for sockets.
    public static let outOfResources = Self(kind: .outOfResources)
    /// The endpoint answered with something that is no answer to this call, or could not read the call. A required field
    /// that is missing is this error wherever it is missed: in the arguments before they are sent or when they arrive, in
    /// the reply before it is sent or when it arrives.
    public static let protocolError = Self(kind: .protocolError)
    /// The endpoint answered with an ``ApplicationException``, which is the ``RPCError/cause``.
    public static let applicationException = Self(kind: .applicationException)
    /// The endpoint has too much to do, said so, and executed nothing: as good as not sent, for any method.
    public static let overloaded = Self(kind: .overloaded)
    /// The endpoint does not know who calls: credentials are missing or not valid. It executed nothing.
    public static let unauthenticated = Self(kind: .unauthenticated)
    /// The endpoint knows who calls, and does not let them. It executed nothing.
    public static let permissionDenied = Self(kind: .permissionDenied)
    /// The endpoint answered with a status of HTTP that is no success and has no code of its own; the
    /// ``RPCError/cause`` is an ``HTTPStatusError``.
    public static let httpStatus = Self(kind: .httpStatus)
    /// The arguments cannot be sent: larger than the limits allow.
    public static let invalidRequest = Self(kind: .invalidRequest)
    /// The calling task was cancelled.
    public static let cancelled = Self(kind: .cancelled)
    /// The group or endpoint was closed.
    public static let closed = Self(kind: .closed)

    /// Every code that there is.
    package static var all: [Self] { Kind.allCases.map { Self(kind: $0) } }

    /// The code's name.
    public var description: String { kind.rawValue }

    /// Whether the transport failed, on whichever side: the errors that the default policy retries.
    ///
    /// Timeouts, connections refused, lost or impossible, full pools and open circuits. Which of them trip a circuit breaker
    /// is another question: ``ErrorClassification/verdict(on:)``.
    public var isTransportError: Bool {
      switch kind {
      case .connectTimeout, .poolTimeout, .writeTimeout, .readTimeout, .attemptTimeout, .circuitOpen, .poolFull,
        .unavailable,
        .connectionRefused, .connectionLost, .unreachable, .unknownHost, .outOfResources:
        true
      case .protocolError, .applicationException, .overloaded, .unauthenticated, .permissionDenied, .httpStatus,
        .invalidRequest, .cancelled, .closed, .deadlineExceeded, .bulkheadFull, .rateLimited:
        false
      }
    }
  }
}
