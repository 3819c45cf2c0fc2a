import SeaThriftSockets
public import SeaThriftWire

/// How a server talks to its clients and what it allows them.
public struct ServerConfiguration: Sendable {
  /// How clients may tell messages apart; which one it is is recognised from the first bytes of each connection, and
  /// answered in kind. Default: all there are.
  public var framings = Set(Framing.allCases)
  /// The protocols that clients may speak; without ``ThriftFormat/oldBinary``, messages need a version. Default: all
  /// there are.
  public var formats = Set(ThriftFormat.allCases)
  /// What a request may hold at most.
  public var limits = WireLimits.default
  /// The most connections at one time; from 1 to 1,000,000. Default `nil`: as many as the process's limit of descriptors
  /// lets there be, at most 65,536.
  public var maxConnections: Int?
  /// Whether, when there are as many connections or no descriptor is free, the connection that has been idle for the
  /// longest time is closed for the next client. Otherwise that one waits until another has ended. Default `true`.
  public var replacesIdleConnections = true
  /// How many connections wait in the kernel to be accepted. Default 1,024.
  public var backlog = 1024
  /// A connection on which no call began for so long is closed. Default an hour; `nil` for never.
  public var idleTimeout: Duration? = .seconds(3600)
  /// When the kernel asks clients that are silent whether they are still there. Default: after a minute; `nil` for never,
  /// so that a client which vanished without a word keeps its connection for as long as ``idleTimeout``.
  public var keepalive: Keepalive? = Keepalive()
  /// How long a request may take to arrive once its first byte is there. Default 30 s; `nil` for ever.
  public var requestTimeout: Duration? = .seconds(30)
  /// How long a client may take to accept a reply. Default 30 s; `nil` for ever.
  public var writeTimeout: Duration? = .seconds(30)
  /// How long running calls have to finish when the server is stopped. Default 10 s.
  public var gracePeriod: Duration = .seconds(10)
  /// How much the server takes on. Default: all that comes.
  public var policy = ServerPolicy()
  /// What stands around handlers, outside of the limits; the first is the outermost. ``CallInterceptor/on(_:)`` puts one
  /// around some methods only. Default: nothing, which costs nothing.
  public var interceptors: [any ServerInterceptor] = []
  /// Whether handlers inherit what the headers of a request say: its ``Deadline``, and that the client tries it again, so
  /// that what they call is not tried again as well (``Retry/isSuppressed``). Default `true`.
  public var heedsCallInformation = true
  /// Are told what the server does, in this order. Default: none, and then nothing is computed for them.
  public var observers: [any ServerObserver] = []
  /// The first of ``observers``; setting it leaves no other.
  @available(*, deprecated, renamed: "observers")
  public var observer: (any ServerObserver)? {
    get { observers.first }
    set { observers = newValue.map { [$0] } ?? [] }
  }
  /// Is told, beside the observers, of handlers that failed and of connections that could not be accepted. Default: a
  /// line on standard error for each.
  public var log: (any ServerObserver)? = StandardErrorLog()

  /// Creates a configuration of defaults.
  public init() {}

  /// Checks every value.
  ///
  /// - Throws: ``ConfigurationError``, ``PolicyError`` or the wire's own error, which name the value and its range.
  public func validate() throws {
    try limits.validate()
    try policy.validate()
    guard !framings.isEmpty else { throw ConfigurationError("framings has at least one member") }
    guard !formats.isEmpty else { throw ConfigurationError("formats has at least one member") }
    if let maxConnections, !(1...1_000_000).contains(maxConnections) {
      throw ConfigurationError("maxConnections is 1 to 1000000 or nil, not \(maxConnections)")
    }
    try keepalive?.validate()
    guard (1...65_535).contains(backlog) else { throw ConfigurationError("backlog is 1 to 65535, not \(backlog)") }
    guard gracePeriod >= .zero else { throw ConfigurationError("gracePeriod is 0 or more, not \(gracePeriod)") }
    for (name, value) in [
      ("idleTimeout", idleTimeout), ("requestTimeout", requestTimeout), ("writeTimeout", writeTimeout),
    ] {
      if let value, value <= .zero { throw ConfigurationError("\(name) is above 0 or nil, not \(value)") }
    }
  }
}

extension ServerConfiguration {
  var forAcceptor: Acceptor.Settings {
    Acceptor.Settings(
      maxConnections: maxConnections ?? min(Descriptors.forSockets, 65_536), replacesIdle: replacesIdleConnections,
      backlog: backlog, socketOptions: SocketOptions(keepalive: keepalive?.times), gracePeriod: gracePeriod)
  }
}
