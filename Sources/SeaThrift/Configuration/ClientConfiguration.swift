public import Resilience
public import SeaThriftWire

/// How a client talks to its endpoints: the wire, and what of a policy cannot be written as a value.
public struct ClientConfiguration: Sendable {
  /// How messages are told apart on the wire. Default ``Framing/framed``. ``Framing/header`` does not carry
  /// ``ThriftFormat/json``.
  public var framing = Framing.framed
  /// The protocol. Default ``ThriftFormat/binary``.
  public var format = ThriftFormat.binary
  /// What a reply may hold at most.
  public var limits = WireLimits.default
  /// The name that prefixes methods on a multiplexed connection; `nil` for one that is not. Default `nil`.
  public var multiplexedService: String?
  /// What is asked for with ``Framing/http``. Default `/`.
  public var httpPath = "/"
  /// What is given as the host with ``Framing/http``. Default `nil`: the endpoint's address.
  public var httpHost: String?
  /// How calls may fail. A group whose policies are written with it has those instead. Default ``Policy/default``.
  public var policy = Policy.default
  /// Where cached replies are shared with other processes. Default `nil`: they are kept in memory alone.
  public var cacheStore: (any CacheStore)?
  /// How long a call waits for that store to answer or to take a reply; above 0. Default 50 ms.
  public var cacheStoreTimeout: Duration = .milliseconds(50)
  /// What other instances say about the endpoints' circuits. Default `nil`: each instance finds out for itself.
  public var breakerHints: BreakerHints?
  /// When the kernel asks an endpoint that is silent whether it is still there. Default: after a minute; `nil` for never.
  public var keepalive: Keepalive? = Keepalive()
  /// Which errors are retried and which ones count as failures of an endpoint.
  public var errors = ErrorClassification()
  /// An endpoint of a group that no call used for so long is closed. Default 60 s; `nil` for never.
  public var endpointIdle: Duration? = .seconds(60)
  /// How often a group looks for such endpoints. Default 10 s.
  public var reapInterval: Duration = .seconds(10)
  /// On which event loops a group has its endpoints. Default ``Spread/oneLoop``.
  public var spread = Spread.oneLoop
  /// Whether requests say, where the framing carries headers, how much time is left to answer them and whether they were
  /// tried before; then servers do not try again what they call for them. Default `true`.
  public var sendsCallInformation = true
  /// What stands around calls, attempts and the making of connections. Default: nothing.
  public var interceptors = ClientInterceptors()
  /// Are told what the client does, in this order. Default: none, which costs nothing.
  public var observers: [any ClientObserver] = []
  /// The first of ``observers``; setting it leaves no other.
  @available(*, deprecated, renamed: "observers")
  public var observer: (any ClientObserver)? {
    get { observers.first }
    set { observers = newValue.map { [$0] } ?? [] }
  }

  /// On which event loops a group has its endpoints.
  public struct Spread: Hashable, Sendable {
    private let isOnEveryLoop: Bool

    /// On one, so that a group uses one processor. Calls from elsewhere change to its thread and back.
    public static let oneLoop = Self(isOnEveryLoop: false)

    /// On every one of the network. A call made on one of them, by a server's handler for instance, stays there and changes
    /// no thread; the others are spread over all. Each loop has connections of its own: `Pool.size`, `minimum` and `waiters`
    /// are per loop. Limits, budgets, hedges and caches are those of the whole, and a circuit that opens on one loop is
    /// opened on all.
    public static let everyLoop = Self(isOnEveryLoop: true)
  }

  /// Creates a configuration of defaults.
  public init() {}

  /// Checks every value.
  ///
  /// - Throws: ``PolicyError`` or ``ConfigurationError``, which name the value and its range.
  public func validate() throws {
    try policy.validate()
    try limits.validate()
    try keepalive?.validate()
    guard reapInterval > .zero else { throw ConfigurationError("reapInterval is above 0, not \(reapInterval)") }
    guard cacheStoreTimeout > .zero else {
      throw ConfigurationError("cacheStoreTimeout is above 0, not \(cacheStoreTimeout)")
    }
    if let endpointIdle, endpointIdle <= .zero {
      throw ConfigurationError("endpointIdle is above 0 or nil, not \(endpointIdle)")
    }
    if framing.hasHeader, format == .json {
      throw ConfigurationError("format is not json where framing is \(framing), which does not carry it")
    }
    for (name, text) in [("httpPath", httpPath), ("httpHost", httpHost ?? "h")] {
      guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw ConfigurationError("\(name) is visible ASCII characters without spaces, not \"\(text)\"")
      }
    }
    guard httpPath.hasPrefix("/") else { throw ConfigurationError("httpPath begins with /, not \"\(httpPath)\"") }
    if let multiplexedService, multiplexedService.isEmpty {
      throw ConfigurationError("multiplexedService is a name or nil, not empty")
    }
  }
}

extension ClientConfiguration {
  /// The configuration with more errors retried: exceptions that the IDL declares, by type.
  public func retries<Exception: Error>(on type: Exception.Type) -> Self {
    retries { $0 is Exception }
  }

  /// The configuration with more errors retried: those that `predicate` accepts.
  public func retries(where predicate: @escaping @Sendable (any Error) -> Bool) -> Self {
    var copy = self
    copy.errors.retryable.append(predicate)
    return copy
  }

  /// The configuration with more errors counted as failures by the circuit breaker: exceptions of the IDL, by type.
  public func countsAsFailure<Exception: Error>(_ type: Exception.Type) -> Self {
    countsAsFailure { $0 is Exception }
  }

  /// The configuration with more errors counted as failures by the circuit breaker: those that `predicate` accepts.
  public func countsAsFailure(where predicate: @escaping @Sendable (any Error) -> Bool) -> Self {
    var copy = self
    copy.errors.failures.append(predicate)
    return copy
  }
}
