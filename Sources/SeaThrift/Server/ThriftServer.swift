import SeaThriftSockets
import SeaThriftTime
import Synchronization

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
    case bound(Listener)
    case running
    case ended
  }

  private let address: EndpointAddress
  /// The methods as `Service.method`.
  let methods: Set<String>
  let configuration: ServerConfiguration
  private let network: Network
  private let acceptLoop: EventLoop
  let shards: [ServerShard]
  let guards: Lock<GuardFactory>
  private let state = Lock(State.new)
  private let openConnections = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)

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
  public init(
    on address: EndpointAddress, configuration: ServerConfiguration = ServerConfiguration(),
    network: Network = .current, @ServiceBuilder services: () throws -> [ThriftService]
  ) throws {
    try configuration.validate()
    self.address = address
    let hosted = try services()
    methods = Set(hosted.flatMap { service in service.methods.map { "\(service.name).\($0.name)" } })
    let factory = try GuardFactory(configuration, configuration.policy)
    try Self.check(configuration.policy, methods)
    guards = Lock(factory)
    self.configuration = configuration
    self.network = network
    acceptLoop = network.nextLoop
    shards = try network.loops.map { ServerShard(loop: $0, services: try ServiceTable(hosted, factory)) }
  }

  /// Starts to listen, so that the address is known before the first client comes; ``run()`` does it otherwise.
  ///
  /// - Returns: where the server listens, with the real port when 0 was asked for.
  /// - Throws: ``ConfigurationError`` when the address cannot be used, or the server is running or has ended.
  @discardableResult
  public nonisolated(nonsending) func bind() async throws -> EndpointAddress {
    if case .bound(let listener) = state.withLock({ $0 }) { return EndpointAddress(listener.address) }
    let (loop, address, backlog) = (acceptLoop, address, configuration.backlog)
    let listener: Listener
    do {
      listener = try await loop.run { try await Self.listen(at: address, on: loop, backlog: backlog) }
    } catch let error as SocketError {
      throw ConfigurationError("cannot listen at \(address): \(error)")
    }
    let isFirst = state.withLock { state in
      guard case .new = state else { return false }
      state = .bound(listener)
      return true
    }
    guard isFirst else {
      loop.execute { listener.close() }
      throw ConfigurationError("the server is bound already, or was run before")
    }
    let bound = EndpointAddress(listener.address)
    configuration.observer?.listening(at: bound)
    return bound
  }

  private static func listen(
    at address: EndpointAddress, on loop: EventLoop, backlog: Int
  ) async throws(SocketError) -> Listener {
    var failure = SocketError(.unknownHost, "\(address) has no address")
    for candidate in try await address.resolved(on: loop) {
      do throws(SocketError) { return try loop.listen(on: candidate, backlog: backlog) } catch { failure = error }
    }
    throw failure
  }

  /// Serves until the task is cancelled. Then no more connections are accepted, calls that run may finish within the
  /// grace period, and what is left is cancelled and closed.
  ///
  /// - Throws: ``ConfigurationError`` when the address cannot be used, or the server is running or has ended.
  public nonisolated(nonsending) func run() async throws {
    try await bind()
    let listener: Listener? = state.withLock { state in
      guard case .bound(let listener) = state else { return nil }
      state = .running
      return listener
    }
    guard let listener else { throw ConfigurationError("the server is running already, or has ended") }
    // Cancellation must not reach the handlers before the grace period is over, so they are not children of this task:
    // the one task made here is awaited right below, and stopped through the listener and the connections.
    let serving = Task(executorPreference: acceptLoop) { await self.serve(listener) }
    await withTaskCancellationHandler {
      await serving.value
    } onCancel: {
      stop(listener)
    }
    state.withLock { $0 = .ended }
  }

  private func stop(_ listener: Listener) {
    isStopping.store(true, ordering: .relaxed)
    listener.abort(SocketError(.closed, "the server stops"))
    for shard in shards { shard.loop.execute { shard.drain() } }
  }

  private func serve(_ listener: Listener) async {
    var graceTimer: TimerID?
    await withDiscardingTaskGroup { group in
      var next = 0
      while let stream = await accept(from: listener, onto: shards[next].loop) {
        let shard = shards[next]
        next = (next + 1) % shards.count
        openConnections.add(1, ordering: .relaxed)
        let connection = ServerConnection(stream: stream, shard: shard, configuration: configuration)
        group.addTask(executorPreference: shard.loop) {
          await connection.run()
          self.openConnections.subtract(1, ordering: .relaxed)
        }
      }
      listener.close()
      graceTimer = acceptLoop.schedule(
        at: acceptLoop.now.advanced(by: configuration.gracePeriod),
        .call { [shards] in
          for shard in shards { shard.loop.execute { shard.end() } }
        })
    }
    if let graceTimer { acceptLoop.cancelTimer(graceTimer) }
  }

  /// The next connection; `nil` when the server stops.
  private func accept(from listener: Listener, onto loop: EventLoop) async -> ByteStream? {
    var isFailing = false
    while !isStopping.load(ordering: .relaxed) {
      do throws(SocketError) {
        if openConnections.load(ordering: .relaxed) < configuration.maxConnections {
          return try await listener.accept(onto: loop)
        }
      } catch {
        if error.code == .closed { return nil }
        if !isFailing {
          FailureLog(first: configuration.log, second: configuration.observer).acceptFailed(error)
        }
        isFailing = true
      }
      // Out of descriptors, or as many connections as may be: some will close. Until then clients wait in the backlog.
      await pause(.milliseconds(20))
    }
    return nil
  }

  private func pause(_ duration: Duration) async {
    _ = await withUnsafeContinuation { continuation in
      _ = acceptLoop.schedule(at: acceptLoop.now.advanced(by: duration), .resume(continuation))
    }
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
