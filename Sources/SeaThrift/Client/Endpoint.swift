import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One address of a service: owns the connections to it and its circuit breaker.
///
/// The actor runs on an event loop, together with its connections and their timers, so that a call needs no hop from
/// one thread to another but those of its caller.
public actor Endpoint {
  /// Where the endpoint is.
  public nonisolated let address: EndpointAddress
  nonisolated let loop: EventLoop
  nonisolated let configuration: ClientConfiguration

  var breaker: CircuitBreakerStateMachine
  var pool: PoolStateMachine
  /// The connections, at the index of their slot in the pool.
  var connections: [ClientConnection?] = []
  var waiters: [WaiterID: LoopPromise<PoolStateMachine.Grant>] = [:]
  var reaper: TimerID?

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }

  /// Creates an endpoint; it connects when it is first called.
  ///
  /// - Throws: when a value of the configuration is out of range.
  public init(
    _ address: EndpointAddress, configuration: ClientConfiguration = ClientConfiguration(),
    network: Network = .current
  ) throws {
    try configuration.validate()
    self.init(address, configuration: configuration, loop: network.nextLoop)
  }

  /// Creates an endpoint of a group, on the group's loop, with a configuration that was validated.
  init(_ address: EndpointAddress, configuration: ClientConfiguration, loop: EventLoop) {
    self.address = address
    self.configuration = configuration
    self.loop = loop
    breaker = CircuitBreakerStateMachine(configuration.circuitBreaker)
    pool = PoolStateMachine(configuration.pool)
  }

  /// What the circuit breaker lets through at the moment.
  public var breakerState: CircuitBreaker.State { breaker.state }

  /// Closes the idle connections now, and the others when their call has ended. Calls that wait for a connection, and
  /// later ones, fail with the code ``RPCError/Code/closed``.
  public func close() {
    if let reaper { loop.cancelTimer(reaper) }
    reaper = nil
    let closing = pool.close()
    for id in closing.connections { closeConnection(id) }
    for waiter in closing.waiters {
      waiters.removeValue(forKey: waiter)?.settle(.failure(SocketError(.closed, "the endpoint was closed")))
    }
  }

  /// One attempt: breaker, pool, wire.
  func attempt<Result: ThriftResult>(
    _ request: EncodedRequest, as type: Result.Type
  ) async throws(RPCError) -> Answer<Result.Success> {
    let observer = configuration.observer
    observer?.attemptStarted(request.qualifiedName, endpoint: address)
    let start = loop.now
    let answer: Swift.Result<Answer<Result.Success>, RPCError>
    do throws(RPCError) {
      let ticket = try admit(at: start)
      do throws(RPCError) {
        let connection = try await acquireConnection()
        answer = .success(try await use(connection, for: request, as: type))
      } catch {
        answer = .failure(error)
      }
      record(answer, ticket)
    } catch {
      answer = .failure(error)
    }
    if let observer {
      let duration = start.duration(to: loop.now)
      observer.attemptEnded(request.qualifiedName, endpoint: address, duration: duration, error: Self.error(of: answer))
    }
    switch answer {
    case .success(.refused(let exception)):
      throw RPCError(refused: exception, endpoint: address, method: request.qualifiedName)
    case .success(let answer): return answer
    case .failure(var error):
      error.endpoint = address
      error.method = request.qualifiedName
      throw error
    }
  }

  private func use<Result: ThriftResult>(
    _ id: PoolStateMachine.ConnectionID, for request: EncodedRequest, as type: Result.Type
  ) async throws(RPCError) -> Answer<Result.Success> {
    defer { giveBack(id) }
    if Task.isCancelled { throw RPCError(.cancelled, "the task was cancelled", isUnsent: true) }
    guard let connection = connections[id.slot] else {
      throw RPCError(.connectionLost, "no connection", isUnsent: true)
    }
    return try await connection.exchange(request, as: type)
  }

  /// The error of an attempt, whichever way it came; `nil` for a result.
  private static func error<Success>(of answer: Swift.Result<Answer<Success>, RPCError>) -> (any Error)? {
    switch answer {
    case .success(.success): nil
    case .success(.declared(let error)): error
    case .success(.refused(let exception)): RPCError(refused: exception)
    case .failure(let error): error
    }
  }

  // MARK: Circuit breaker

  private func admit(at now: Instant) throws(RPCError) -> CircuitBreakerStateMachine.Ticket {
    switch breaker.admit(at: now) {
    case .allowed(let ticket):
      if let transition = ticket.transition {
        configuration.observer?.breakerChanged(transition, endpoint: address)
      }
      return ticket
    case .refused(let until):
      let wait = until.map { ", the next probe is due in \(now.duration(to: $0))" } ?? ""
      throw RPCError(.circuitOpen, "the circuit breaker is open\(wait)", isUnsent: true)
    }
  }

  private func record<Success>(
    _ answer: Swift.Result<Answer<Success>, RPCError>, _ ticket: CircuitBreakerStateMachine.Ticket
  ) {
    let verdict = Self.error(of: answer).map { configuration.errors.verdict(on: $0) } ?? .success
    var generator = LoopGenerator(loop: loop)
    if let transition = breaker.record(verdict, ticket: ticket, at: loop.now, using: &generator) {
      configuration.observer?.breakerChanged(transition, endpoint: address)
    }
  }
}

/// An event loop's random numbers, for the policies.
struct LoopGenerator: RandomNumberGenerator {
  let loop: EventLoop

  mutating func next() -> UInt64 { loop.random() }
}
