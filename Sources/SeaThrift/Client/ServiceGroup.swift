import SeaThriftSockets
import SeaThriftTime

/// The endpoints of one service: chooses one for each call and tries the next when it fails.
///
///     let group = try ServiceGroup("users", at: [.tcp("10.0.0.1", 9090), .tcp("10.0.0.2", 9090)])
///     let users = UserStorage.Client(group)
///     let user = try await users.retrieve(id: 2)
///
/// A call is retried, against the next endpoint, on transport errors (which include the three timeouts), on exceptions
/// declared retryable, and never more often than ``ClientConfiguration/retry`` says. An endpoint whose circuit breaker
/// is open is passed over without an attempt. A method that the IDL calls not idempotent is only retried when nothing
/// was sent.
///
/// The actor and its endpoints share one event loop.
public actor ServiceGroup {
  /// The group's name, for messages.
  public nonisolated let name: String
  nonisolated let loop: EventLoop
  nonisolated let configuration: ClientConfiguration
  private nonisolated let source: EndpointSource

  /// In the order in which they were first used.
  private var members: [Member] = []
  private var membersByAddress: [EndpointAddress: Member] = [:]
  private var reaper: TimerID?
  private var isClosed = false

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }

  private final class Member {
    let endpoint: Endpoint
    var lastUsed: Instant
    var attempts = 0

    init(_ endpoint: Endpoint, at now: Instant) {
      self.endpoint = endpoint
      lastUsed = now
    }
  }

  /// Creates a group; its endpoints connect when they are first called.
  ///
  /// - Parameters:
  ///   - name: for messages.
  ///   - endpoints: a list, or a function that is asked for every call.
  ///   - configuration: timeouts, pool, circuit breaker, retries and the wire; the reference client's by default.
  ///   - network: the event loops; by default the process's own.
  /// - Throws: when a value of the configuration is out of range.
  public init(
    _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
    network: Network = .current
  ) throws {
    try configuration.validate()
    self.name = name
    self.configuration = configuration
    source = endpoints
    loop = network.nextLoop
  }

  /// Closes every endpoint: idle connections now, the others when their call has ended. Later calls fail with the code
  /// ``RPCError/Code/closed``.
  public func close() {
    isClosed = true
    if let reaper { loop.cancelTimer(reaper) }
    reaper = nil
    for member in members { member.endpoint.assumeIsolated { $0.close() } }
    members = []
    membersByAddress = [:]
  }

  /// The endpoints in use, and what their circuit breakers let through.
  public var breakerStates: [EndpointAddress: CircuitBreaker.State] {
    membersByAddress.mapValues { $0.endpoint.assumeIsolated { $0.breakerState } }
  }

  // MARK: Calls

  func perform<Result: ThriftResult>(_ request: EncodedRequest, as type: Result.Type) async throws -> Result.Success {
    var call = CallProgress(retries: configuration.retry.retries, start: loop.now)
    let candidates = source.makeIterator()
    while call.mayTry, let address = candidates.next() {
      if isClosed { throw RPCError(.closed, "the group \"\(name)\" was closed", method: request.qualifiedName) }
      if call.isKnownOpen(address) {
        guard call.mayPassOver(address) else { break }
        continue
      }
      let start = loop.now
      let failure: any Error
      do throws(RPCError) {
        switch try await attempt(request, at: address, as: type) {
        case .success(let success): return success
        case .declared(let error): failure = error
        case .refused(let exception): failure = RPCError(refused: exception, endpoint: address)
        }
      } catch {
        failure = error
      }
      call.attemptFailed(failure, at: address, from: start, to: loop.now)
      guard mayRetry(request, after: failure) else { throw decorated(failure, call) }
    }
    throw unavailable(request, call)
  }

  private func attempt<Result: ThriftResult>(
    _ request: EncodedRequest, at address: EndpointAddress, as type: Result.Type
  ) async throws(RPCError) -> Answer<Result.Success> {
    let member = member(for: address)
    member.attempts += 1
    defer {
      member.attempts -= 1
      member.lastUsed = loop.now
    }
    return try await member.endpoint.attempt(request, as: type)
  }

  private func mayRetry(_ request: EncodedRequest, after failure: any Error) -> Bool {
    if Task.isCancelled { return false }
    guard configuration.errors.isRetryable(failure) else { return false }
    return request.idempotency != .notIdempotent || (failure as? RPCError)?.isUnsent == true
  }

  /// An error that ends the call, with the attempts before it.
  private func decorated(_ failure: any Error, _ call: CallProgress) -> any Error {
    guard var error = failure as? RPCError else { return failure }
    error.attempts = call.attempts
    return error
  }

  private func unavailable(_ request: EncodedRequest, _ call: CallProgress) -> RPCError {
    let reason =
      switch call.attempts.count {
      case 0: "there is no endpoint"
      case 1: "the only attempt failed"
      case let count: "all \(count) attempts failed"
      }
    return RPCError(
      .unavailable, "\(name): \(reason)", cause: call.attempts.last?.error, method: request.qualifiedName,
      attempts: call.attempts, isUnsent: call.isUnsent)
  }

  // MARK: Endpoints

  private func member(for address: EndpointAddress) -> Member {
    if let member = membersByAddress[address] { return member }
    let member = Member(Endpoint(address, configuration: configuration, loop: loop), at: loop.now)
    membersByAddress[address] = member
    members.append(member)
    setReaper()
    return member
  }

  private func setReaper() {
    guard reaper == nil, configuration.endpointIdle != nil else { return }
    reaper = loop.schedule(
      at: loop.now.advanced(by: configuration.reapInterval),
      .call { [weak self] in
        self?.assumeIsolated { $0.reap() }
      })
  }

  /// Closes the endpoints that no call used for some time: those that a changing source no longer names.
  private func reap() {
    reaper = nil
    guard let idle = configuration.endpointIdle else { return }
    let now = loop.now
    members.removeAll { member in
      guard member.attempts == 0, member.lastUsed.duration(to: now) >= idle else { return false }
      member.endpoint.assumeIsolated { $0.close() }
      membersByAddress[member.endpoint.address] = nil
      return true
    }
    if !members.isEmpty { setReaper() }
  }
}

/// Creates a group, passes it to `body`, and closes it afterwards, also when `body` throws.
///
/// - Parameters: as those of ``ServiceGroup``.
public nonisolated(nonsending) func withServiceGroup<Value>(
  _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
  network: Network = .current, _ body: (ServiceGroup) async throws -> Value
) async throws -> Value {
  let group = try ServiceGroup(name, at: endpoints, configuration: configuration, network: network)
  do {
    let value = try await body(group)
    await group.close()
    return value
  } catch {
    await group.close()
    throw error
  }
}
