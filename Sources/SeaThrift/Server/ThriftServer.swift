import SeaThriftSockets
import SeaThriftTime

/// Hosts services: accepts connections and serves each of them with one task on one event loop.
///
///     try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { UserStorage.service(handler) }.run()
///
/// Clients of every protocol and framing are served on the same port. Calls of one connection are handled one after the other, in
/// their order; those of different connections concurrently, so handlers must be safe for that. A handler runs on its
/// connection's event loop and must not block it; see ``ThriftService/handlers(on:)`` for those that do. It is cancelled
/// when its client disconnects.
public final class ThriftServer: Sendable {
  private enum State {
    case new
    case bound([Listener])
    case running
    case ended
  }

  private let addresses: [EndpointAddress]
  let methods: [HostedMethod]
  let configuration: ServerConfiguration
  let shards: [ServerShard]
  let guards: Lock<GuardFactory>
  private let events: ServerEvents
  private let network: Network
  private let acceptor: Acceptor
  private let state = Lock(State.new)

  /// Creates a server, which does not listen yet.
  ///
  /// - Parameters:
  ///   - address: where to listen; TCP port 0 picks a free one.
  ///   - configuration: limits, timeouts and the rest.
  ///   - network: the event loops; by default the process's own, one for each processor.
  ///   - services: the services to host. The methods of the first one are also found without the service's name before
  ///     theirs, as clients send them that do not multiplex.
  /// - Throws: when a value of the configuration is out of range, there is no service, two have the same name, or the policy names
  ///   a method that there is not.
  public convenience init(
    on address: EndpointAddress, configuration: ServerConfiguration = ServerConfiguration(),
    network: Network = .current, @ServiceBuilder services: () throws -> [ThriftService]
  ) throws {
    try self.init(on: [address], configuration: configuration, network: network, services: services)
  }

  /// Creates a server that listens at several addresses.
  ///
  /// - Parameters: as those of ``init(on:configuration:network:services:)``; `addresses` has at least one.
  public init(
    on addresses: [EndpointAddress], configuration: ServerConfiguration = ServerConfiguration(),
    network: Network = .current, @ServiceBuilder services: () throws -> [ThriftService]
  ) throws {
    try configuration.validate()
    guard !addresses.isEmpty else { throw ConfigurationError("a server listens at one address at least") }
    self.addresses = addresses
    let hosted = try services()
    methods = hosted.hostedMethods
    let factory = try GuardFactory(configuration, configuration.policy)
    try Self.check(configuration.policy, methods)
    guards = Lock(factory)
    self.configuration = configuration
    self.network = network
    let shards = try network.loops.map {
      ServerShard(
        loop: $0, services: try ServiceTable(hosted, factory), idleTimeout: configuration.idleTimeout)
    }
    self.shards = shards
    let events = ServerEvents(configuration)
    self.events = events
    acceptor = Acceptor(
      configuration.forAcceptor, network: network, tables: shards.map(\.connections),
      acceptFailed: { error in events.report { $0.acceptFailed(error) } }
    ) { stream, table in
      let shard = shards.first { $0.connections === table } ?? shards[0]
      return ServerConnection(stream: stream, shard: shard, configuration: configuration)
    }
  }

  /// Starts to listen, so that the address is known before the first client comes; ``run()`` does it otherwise.
  ///
  /// - Returns: where the server listens, with the real port when 0 was asked for; of several addresses, the first.
  /// - Throws: ``ConfigurationError`` when an address cannot be used, or the server is running or has ended.
  @discardableResult
  public nonisolated(nonsending) func bind() async throws -> EndpointAddress {
    if case .bound(let listeners) = state.withLock({ $0 }) { return EndpointAddress(listeners[0].address) }
    let listeners = try await listen()
    let isFirst = state.withLock { state in
      guard case .new = state else { return false }
      state = .bound(listeners)
      return true
    }
    guard isFirst else {
      for listener in listeners { listener.loop.execute { listener.close() } }
      throw ConfigurationError("the server is bound already, or was run before")
    }
    for listener in listeners { events.tell { $0.listening(at: EndpointAddress(listener.address)) } }
    return EndpointAddress(listeners[0].address)
  }

  private nonisolated(nonsending) func listen() async throws -> [Listener] {
    var candidates: [[SocketAddress]] = []
    for address in addresses {
      let loop = network.nextLoop
      do {
        candidates.append(try await loop.run { try await address.resolved(on: loop) })
      } catch let error as SocketError {
        throw ConfigurationError("cannot listen at \(address): \(error)")
      }
    }
    do throws(SocketError) {
      return try await acceptor.listen(at: candidates)
    } catch {
      throw ConfigurationError("cannot listen at \(addresses.map(\.description).joined(separator: ", ")): \(error)")
    }
  }

  /// Ends ``run()`` as cancelling its task does: no more connections are accepted, and calls that run may finish within the
  /// grace period. From any thread, also in a signal's handler of `Dispatch`; harmless when repeated. A server that was not
  /// run yet ends as soon as it is.
  public func beginGracefulShutdown() { acceptor.stop() }

  /// Serves until the task is cancelled or ``beginGracefulShutdown()`` is called. Then no more connections are accepted, calls that run may finish within the
  /// grace period, and what is left is cancelled and closed.
  ///
  /// - Throws: ``ConfigurationError`` when an address cannot be used, or the server is running or has ended.
  public nonisolated(nonsending) func run() async throws {
    try await bind()
    let listeners: [Listener]? = state.withLock { state in
      guard case .bound(let listeners) = state else { return nil }
      state = .running
      return listeners
    }
    guard let listeners else { throw ConfigurationError("the server is running already, or has ended") }
    // Cancellation must not reach the handlers before the grace period is over, so they are not children of this task:
    // the one task made here is awaited right below, and stopped through the acceptor.
    let serving = Task(executorPreference: listeners[0].loop) { [acceptor] in await acceptor.run(listeners) }
    await withTaskCancellationHandler {
      await serving.value
    } onCancel: {
      acceptor.stop()
    }
    state.withLock { $0 = .ended }
  }
}

/// Lists the services of a ``ThriftServer``, one to a line.
@resultBuilder
public enum ServiceBuilder {
  /// Lists services.
  public static func buildBlock(_ services: [ThriftService]...) -> [ThriftService] { services.flatMap { $0 } }
  /// A service stands for itself.
  public static func buildExpression(_ service: ThriftService) -> [ThriftService] { [service] }
  /// A list of services.
  public static func buildExpression(_ services: [ThriftService]) -> [ThriftService] { services }
  /// Services that are hosted under a condition.
  public static func buildOptional(_ services: [ThriftService]?) -> [ThriftService] { services ?? [] }
  /// One of two choices.
  public static func buildEither(first services: [ThriftService]) -> [ThriftService] { services }
  /// One of two choices.
  public static func buildEither(second services: [ThriftService]) -> [ThriftService] { services }
  /// Services from a loop.
  public static func buildArray(_ services: [[ThriftService]]) -> [ThriftService] { services.flatMap { $0 } }
}
