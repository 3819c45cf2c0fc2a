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

  /// Turns calls of the endpoint itself away when all places are taken.
  nonisolated let gate = AdmissionGate()

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
  var waiters: [WaiterID: ConnectionSignal] = [:]
  /// Connections are made in these.
  let connecting = TaskSet()
  var minimum = MinimumOfConnections()
  /// When idle connections are looked at.
  var reaper: (timer: TimerID, due: Instant)?
  /// What calls take here that succeed.
  var latency = LatencyEstimate()
  /// How long it has said nothing to calls that were ended by others.
  var silence = Silence()
  /// The shortest time in which anything came back from here, for a call or for a connection.
  var shortestRoundTrip = Duration.seconds(Int64.max / 2)
  /// Since when its name has been looked up in vain.
  var unresolvedSince: Instant?
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
    gate.set(Self.places(policy.perEndpoint.pool, configuration))
  }

  /// How many calls have room at once. Nil for no limit.
  private static func places(_ pool: Pool, _ configuration: ClientConfiguration) -> Int? {
    if configuration.errors.fullPoolIsFailure { return nil }
    return pool.waiters.map { pool.size + $0 }
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
      let wasOpen = breaker.map { $0.machine.state != .closed } ?? false
      breaker = nil
      if wasOpen { breakerListener?(.closed, nil) }
    }
    updateMethodBreakers(all.methods)
    poolPolicy = policy.pool
    gate.set(Self.places(policy.pool, configuration))
    let change = pool.update(policy.pool)
    for id in change.connections { closeConnection(id) }
    for id in change.connects { beginConnecting(id, policy.timeouts.connect) }
  }

  /// Closes the idle connections now, and the others when their call has ended. Calls that wait for a connection, and
  /// later ones, fail with the code ``RPCError/Code/closed``.
  public func close() {
    if let reaper { loop.cancelTimer(reaper.timer) }
    reaper = nil
    let closing = pool.close()
    connecting.cancelAll()
    for id in closing.connections { closeConnection(id) }
    for waiter in closing.waiters {
      waiters.removeValue(forKey: waiter)?.give(.failure(RPCError(.closed, "the endpoint was closed", isUnsent: true)))
    }
  }
}

/// An event loop's random numbers, for the policies.
struct LoopGenerator: RandomNumberGenerator {
  let loop: EventLoop

  mutating func next() -> UInt64 { loop.random() }
}
