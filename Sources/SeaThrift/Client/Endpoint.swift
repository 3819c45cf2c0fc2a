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
  nonisolated let form: RequestForm

  /// Nil when the policy has none.
  var breaker: HintedCircuitBreaker?
  /// The breakers of methods that have their own.
  var methodBreakers: [String: HintedCircuitBreaker] = [:]
  /// Is told when the endpoint's own breaker changes: until when it is open, if it is.
  var breakerListener: ((CircuitBreaker.State, Instant?) -> Void)?
  var pool: PoolStateMachine
  var poolPolicy: Pool
  /// How the endpoint is called when it is called by itself.
  var plan: CallPlan
  /// The connections, at the index of their slot in the pool.
  var connections: [ClientConnection?] = []
  var waiters: [WaiterID: LoopPromise<PoolStateMachine.Grant>] = [:]
  var reaper: TimerID?
  /// What is known of its answers to oneway calls over HTTP.
  let onewayAnswers = OnewayAnswers()
  /// How many such calls are under way.
  var onewayCalls = 0

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
    form = RequestForm(configuration)
    self.loop = loop
    let policy = configuration.policy
    breaker = policy.perEndpoint.circuitBreaker.map { Self.breaker($0, address, configuration) }
    poolPolicy = policy.perEndpoint.pool
    pool = PoolStateMachine(poolPolicy)
    plan = CallPlan(policy)
  }

  /// What the circuit breaker lets through at the moment.
  public var breakerState: CircuitBreaker.State { breaker?.machine.state ?? .closed }

  /// Takes a new policy. Calls under way go on as they began; what the breaker and the pool know is kept.
  ///
  /// - Throws: when a value is out of its range; then nothing changes.
  public func update(_ policy: Policy) throws {
    try policy.validate()
    plan = CallPlan(policy)
    install(policy)
  }

  /// Takes a policy that was validated.
  func install(_ all: Policy) {
    let policy = all.perEndpoint
    if let circuitBreaker = policy.circuitBreaker {
      if breaker == nil {
        breaker = Self.breaker(circuitBreaker, address, configuration)
      } else {
        breaker?.machine.update(circuitBreaker)
      }
    } else {
      breaker = nil
    }
    updateMethodBreakers(all.methods)
    poolPolicy = policy.pool
    let change = pool.update(policy.pool)
    for id in change.connections { closeConnection(id) }
    for grant in change.grants { deliver(grant) }
  }

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
  ///
  /// - Parameters:
  ///   - deadline: when the call has to be over.
  ///   - isForced: whether to go on although the circuit is open.
  ///   - isIntercepted: whether the interceptors stand around it already.
  func result(
    of call: ClientCall, _ plan: CallPlan, until deadline: Instant, isForced: Bool = false, isIntercepted: Bool = false
  ) async -> Result<Answer, RPCError> {
    if !isIntercepted, !configuration.interceptors.attempt.isEmpty {
      return await interceptedResult(of: call, plan, until: deadline, isForced: isForced)
    }
    let observer = configuration.observer
    observer?.attemptStarted(call.method.qualifiedName, endpoint: address)
    let start = loop.now
    let limit = plan.timeouts.attempt.map { min(start.advanced(by: $0), deadline) } ?? deadline
    var result: Result<Answer, RPCError>
    do throws(RPCError) {
      let ticket = try admit(plan, isForced: isForced, at: start)
      let lease = call.shadow?.connectionWanted(at: address)
      do throws(RPCError) {
        let isOneway = configuration.framing.isHTTP && call.method.isOneway
        if isOneway { onewayCalls += 1 }
        defer { if isOneway { onewayCalls -= 1 } }
        var id: PoolStateMachine.ConnectionID
        if let idle = idleConnection() {
          id = idle
        } else {
          id = try await acquireConnection(
            isOneway ? plan.timeouts.ofOnewayCall : plan.timeouts, until: limit,
            mayConnect: !isOneway || mayOnewayCallConnect, watchedBy: call.shadow)
        }
        if connections[id.slot]?.awaitsAnswer == true {
          id = try await inStep(id, for: call, plan.timeouts, until: limit)
        }
        defer { giveBack(id) }
        if Task.isCancelled { throw RPCError(.cancelled, "the task was cancelled", isUnsent: true) }
        guard let connection = connections[id.slot] else {
          throw RPCError(.connectionLost, "no connection", isUnsent: true)
        }
        result = .success(try await connection.exchange(call, plan.timeouts, until: limit))
      } catch {
        result = .failure(error.limited(by: limit, deadline, at: loop.now))
      }
      if let lease { call.shadow?.connectionDone(lease, result, at: address) }
      if let ticket { record(result, ticket, plan) }
    } catch {
      result = .failure(error)
    }
    switch result {
    case .success(.refused(let exception)):
      var error = RPCError(refused: exception, endpoint: address, method: call.method.qualifiedName)
      error.retryAdvice = call.progress.advice
      result = .failure(error)
    case .success: break
    case .failure(var error):
      error.endpoint = address
      error.method = call.method.qualifiedName
      result = .failure(error)
    }
    if let observer {
      let duration = start.duration(to: loop.now)
      observer.attemptEnded(
        call.method.qualifiedName, endpoint: address, duration: duration, error: Self.error(of: result))
    }
    return result
  }

  private func interceptedResult(
    of call: ClientCall, _ plan: CallPlan, until deadline: Instant, isForced: Bool
  ) async -> Result<Answer, RPCError> {
    var declared: (any Error)?
    do {
      let step = InterceptedStep(method: call.method.qualifiedName, endpoint: address)
      return .success(
        try await intercepted(configuration.interceptors.attempt, step) {
          let answer = try await result(of: call, plan, until: deadline, isForced: isForced, isIntercepted: true).get()
          // Interceptors see a declared exception as what it is to users: an error.
          guard case .declared(let error) = answer else { return answer }
          declared = error
          throw error
        })
    } catch {
      if let declared, !(error is RPCError) { return .success(.declared(declared)) }
      return .failure(RPCError(intercepted: error))
    }
  }

  /// The error of an attempt, whichever way it came; `nil` for a result.
  static func error(of answer: Result<Answer, RPCError>) -> (any Error)? {
    switch answer {
    case .success(.success): nil
    case .success(.declared(let error)): error
    case .success(.refused(let exception)): RPCError(refused: exception)
    case .failure(let error): error
    }
  }
}

/// An event loop's random numbers, for the policies.
struct LoopGenerator: RandomNumberGenerator {
  let loop: EventLoop

  mutating func next() -> UInt64 { loop.random() }
}
