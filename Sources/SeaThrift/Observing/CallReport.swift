/// How a call of a client ended, and where its time went; what ``ClientObserver/callEnded(_:)`` is told.
public struct CallReport: Sendable {
  /// Where a result came from.
  public struct Source: Hashable, Sendable {
    private let name: String
    /// An endpoint that this call asked.
    public static let endpoint = Self(name: "endpoint")
    /// A cache: no endpoint was asked.
    public static let cache = Self(name: "cache")
    /// A cache, after its time: the reply is being fetched anew, or that failed.
    public static let staleCache = Self(name: "stale cache")
    /// An identical call that was under way.
    public static let sharedFlight = Self(name: "shared flight")
  }

  /// Where the time of a call went. Attempts that run beside each other are added up.
  public struct Times: Hashable, Sendable {
    /// Until the first attempt began: in limits, and for looking up a name.
    public internal(set) var queued = Duration.zero
    /// Waiting for a connection that others used.
    public internal(set) var pool = Duration.zero
    /// Waiting for a new connection.
    public internal(set) var connect = Duration.zero
    /// Sending, as far as the request was not taken at once.
    public internal(set) var write = Duration.zero
    /// Waiting for the reply: the network, and the server.
    public internal(set) var read = Duration.zero
    /// Between two attempts.
    public internal(set) var backoff = Duration.zero

    /// Creates times of zero.
    public init() {}
  }

  /// The method as `Service.method`.
  public let method: String
  /// The name of the group; `nil` for an ``Endpoint`` that was called by itself.
  public let group: String?
  /// What the call ended with, before any ``Fallback``: an exception that the method declares, an ``RPCError``, or `nil` for a
  /// result.
  public let error: (any Error)?
  /// From its beginning to its end.
  public let duration: Duration
  /// How many attempts were made, without those that an open circuit refused.
  public let attempts: Int
  /// How many of them were begun beside another one, by a ``Hedge``.
  public let hedges: Int
  /// Where the one went that brought the result, or else the last; `nil` without any.
  public let endpoint: EndpointAddress?
  /// Where the result came from.
  public let source: Source
  /// Where the time went.
  public let times: Times
}
