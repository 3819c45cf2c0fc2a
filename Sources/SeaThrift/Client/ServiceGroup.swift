import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The endpoints of one service: chooses one for each call and tries the next when it fails.
///
///     let group = try ServiceGroup("users", at: [.tcp("10.0.0.1", 9090), .tcp("10.0.0.2", 9090)]) {
///       Deadline(.milliseconds(800))
///       Retry(2, backoff: .exponential(from: .milliseconds(20)))
///     }
///     let users = UserStorage.Client(group)
///     let user = try await users.retrieve(id: 2)
///
/// A call is retried, against the next endpoint, on transport errors (which include the timeouts), on exceptions declared
/// retryable, and never more often than its ``Retry`` says. An endpoint whose circuit breaker is open is passed over
/// without an attempt. A method that the IDL calls not idempotent is only retried when nothing was sent.
///
/// The actor and its endpoints share one event loop.
public actor ServiceGroup {
  /// The group's name, for messages.
  public nonisolated let name: String
  nonisolated let loop: EventLoop
  nonisolated let configuration: ClientConfiguration
  nonisolated let form: RequestForm
  nonisolated let source: EndpointSource
  /// What of the policies is code, not values: it does not change when the values do.
  nonisolated let code: PolicyDeclaration
  /// Whether a call may have to be looked at by its caller: for a fallback or a key.
  nonisolated let hasCode: Bool
  nonisolated let hasInterceptors: Bool
  /// Turns calls away when all places are taken.
  nonisolated let gate = AdmissionGate()

  var plans: PlanTable
  var balancer: BalancerStateMachine
  /// The endpoints of the balancer's list, by slot.
  var addresses: [EndpointAddress] = []
  var listed: [EndpointEntry] = []
  /// How many different endpoints are listed.
  var distinctCount = 0
  /// How the time of calls that have a deadline is shared, by method.
  var timeSharing: [ObjectIdentifier: TimeSharing] = [:]
  /// What goes on after the call that began it.
  let background = TaskSet()
  /// How many calls pause between two attempts.
  var pausedCalls = 0
  /// When the addresses of a name are to be looked up again.
  var refreshDue = Instant(nanoseconds: .min)

  /// Whether the name is being looked up, and who waits for that, in the order of their numbers.
  var isLookingUp = false
  var lookUpWaiters: [UInt64: LoopPromise<Void>] = [:]
  var lastLookUpWaiter: UInt64 = 0

  /// In the order in which they were first used.
  private var members: [Member] = []
  private var membersByAddress: [EndpointAddress: Member] = [:]
  private var membersBySlot: [Member?] = []
  private var reaper: TimerID?
  private(set) var isClosed = false

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }

  final class Member: @unchecked Sendable {
    // @unchecked: confined to the loop's thread.

    let endpoint: Endpoint
    /// Its slot of the balancer, while it is listed.
    var slot: Int?
    var lastUsed: Instant
    var attempts = 0

    init(_ endpoint: Endpoint, at now: Instant) {
      self.endpoint = endpoint
      lastUsed = now
    }
  }

  /// Creates a group with the policies of its configuration; its endpoints connect when they are first called.
  ///
  /// - Parameters:
  ///   - name: for messages.
  ///   - endpoints: a list, a host name, or a function that is asked for every call.
  ///   - configuration: the wire and the policies; the reference client's by default.
  ///   - network: the event loops; by default the process's own.
  /// - Throws: when a value of the configuration is out of range.
  public init(
    _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
    network: Network = .current
  ) throws {
    try self.init(name, at: endpoints, configuration, PolicyDeclaration(configuration.policy), network)
  }

  /// Creates a group with the policies that are written with it; what is not written is as in the configuration, by
  /// default as in ``Policy/default``.
  ///
  /// - Parameters:
  ///   - name: for messages.
  ///   - endpoints: a list, a host name, or a function that is asked for every call.
  ///   - configuration: the wire, and the policies that are not written here.
  ///   - network: the event loops; by default the process's own.
  ///   - policies: in any order; the order means nothing.
  /// - Throws: ``PolicyError``, when a slot is given twice or a value is out of its range; it names either.
  public init(
    _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
    network: Network = .current, @PolicyBuilder policies: () -> [PolicyElement]
  ) throws {
    try self.init(name, at: endpoints, configuration, PolicyDeclaration(configuration.policy, policies()), network)
  }

  init(
    _ name: String, at endpoints: EndpointSource, _ configuration: ClientConfiguration,
    _ declaration: PolicyDeclaration, _ network: Network
  ) throws {
    var configuration = configuration
    configuration.policy = declaration.policy
    try configuration.validate()
    try endpoints.validate()
    self.name = name
    self.configuration = configuration
    form = RequestForm(configuration)
    source = endpoints
    code = declaration
    hasCode = !declaration.fallbacks.isEmpty || !declaration.hashKeys.isEmpty || declaration.headerKey != nil
    hasInterceptors = !configuration.interceptors.call.isEmpty
    let loop = network.nextLoop
    self.loop = loop
    plans = try PlanTable(declaration, loop: loop)
    balancer = BalancerStateMachine(declaration.policy.balance)
  }

  /// Takes new policies, for all calls that begin from now on. Calls under way end as they began, connections stay, and
  /// what circuit breakers know is kept; limits and caches begin anew. Fallbacks and keys stay as they are.
  ///
  /// - Throws: ``PolicyError``, when a value is out of its range or a service that was called has not a method that is named;
  ///   then nothing changes.
  public func update(_ policy: Policy) throws {
    try policy.validate()
    try plans.update(policy)
    balancer.update(policy.balance)
    setPlaces()
    for member in members { member.endpoint.assumeIsolated { $0.install(policy) } }
  }

  /// The policies that are in force.
  public var policy: Policy { plans.declaration.policy }

  /// Closes every endpoint: idle connections now, the others when their call has ended. Later calls fail with the code
  /// ``RPCError/Code/closed``.
  public func close() {
    isClosed = true
    background.cancelAll()
    if let reaper { loop.cancelTimer(reaper) }
    reaper = nil
    for member in members { member.endpoint.assumeIsolated { $0.close() } }
    members = []
    membersByAddress = [:]
    membersBySlot = []
  }

  /// The endpoints in use, and what their circuit breakers let through.
  public var breakerStates: [EndpointAddress: CircuitBreaker.State] {
    membersByAddress.mapValues { $0.endpoint.assumeIsolated { $0.breakerState } }
  }

  /// The endpoints whose circuits are open, and until when.
  var openCircuits: [String: Instant] {
    var open: [String: Instant] = [:]
    for member in members {
      let until: Instant? = member.endpoint.assumeIsolated { endpoint in
        guard let breaker = endpoint.breaker?.machine, breaker.state == .open else { return nil }
        return breaker.reopensAt ?? .distantFuture
      }
      if let until { open["\(member.endpoint.address)"] = until }
    }
    return open
  }

  /// What calls hold, for tests that count what is left when there are none: places in limits, attempts, connections.
  package var heldByCalls: [String] {
    var held: [String] = []
    if gate.placesTaken > 0 { held.append("\(gate.placesTaken) places in pools") }
    if plans.placesTaken > 0 { held.append("\(plans.placesTaken) places in limits") }
    if !lookUpWaiters.isEmpty { held.append("\(lookUpWaiters.count) waits for a name") }
    for member in members {
      let counts = member.endpoint.assumeIsolated { $0.pool.counts }
      for (count, what) in [
        (member.attempts, "attempts"), (counts.leased, "connections"), (counts.waiting, "waiters"),
      ] where count != 0 {
        held.append("\(count) \(what) at \(member.endpoint.address)")
      }
    }
    return held
  }

  // MARK: Endpoints

  /// The endpoint of a slot of the balancer.
  func member(slot: Int) -> Member {
    if slot < membersBySlot.count, let member = membersBySlot[slot] { return member }
    let member = member(for: addresses[slot])
    attach(member, to: slot)
    return member
  }

  func member(for address: EndpointAddress) -> Member {
    if let member = membersByAddress[address] { return member }
    var configuration = configuration
    configuration.policy = plans.declaration.policy
    let endpoint = Endpoint(address, configuration: configuration, loop: loop)
    let member = Member(endpoint, at: loop.now)
    endpoint.assumeIsolated { endpoint in
      endpoint.breakerListener = { [weak self, weak member] state, until in
        self?.assumeIsolated { group in
          if let slot = member?.slot { group.breakerChanged(slot, state, until) }
        }
      }
    }
    membersByAddress[address] = member
    members.append(member)
    setReaper()
    return member
  }

  /// Takes the slots of a new list: what is known of an endpoint goes with it to its slot.
  func attachMembers(to slots: [Int]) {
    for member in members { member.slot = nil }
    membersBySlot = []
    for slot in slots {
      if let member = membersByAddress[addresses[slot]] { attach(member, to: slot) }
    }
  }

  private func attach(_ member: Member, to slot: Int) {
    member.slot = slot
    while membersBySlot.count <= slot { membersBySlot.append(nil) }
    membersBySlot[slot] = member
    let breaker = member.endpoint.assumeIsolated { $0.breaker?.machine }
    if let breaker, breaker.state != .closed { breakerChanged(slot, breaker.state, breaker.reopensAt) }
  }

  /// How many calls the endpoints have room for that may be chosen. Where something stands around the attempts, calls may
  /// wait there or do without any.
  ///
  /// Never none: when all circuits are open it is the calls that find out who is back.
  func setPlaces() {
    let pool = plans.declaration.policy.perEndpoint.pool
    let isKnown = plans.hasNothingAround && !listed.isEmpty && !configuration.errors.fullPoolIsFailure
    gate.set(isKnown ? pool.waiters.map { max(1, balancer.candidateCount) * (pool.size + $0) } : nil)
  }

  private func breakerChanged(_ slot: Int, _ state: CircuitBreaker.State, _ until: Instant?) {
    defer { setPlaces() }
    switch state {
    case .closed: balancer.setHealthy(slot)
    case .open: balancer.setUnhealthy(slot, until: until ?? .distantFuture, at: loop.now)
    // A probe is due, or under way.
    case .halfOpen: balancer.setUnhealthy(slot, until: loop.now, at: loop.now)
    }
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
  ///
  /// An endpoint whose circuit is not closed is unused for that very reason: what is known of it is kept, for as long as it
  /// is listed, or may come back before its next probe would have been due.
  private func reap() {
    reaper = nil
    guard let idle = configuration.endpointIdle else { return }
    let now = loop.now
    members.removeAll { member in
      guard member.attempts == 0, member.lastUsed.duration(to: now) >= idle else { return false }
      let memory = member.endpoint.assumeIsolated { $0.memory }
      if memory > .zero {
        guard member.slot == nil, member.lastUsed.duration(to: now) >= idle + memory else { return false }
      }
      member.endpoint.assumeIsolated { $0.close() }
      membersByAddress[member.endpoint.address] = nil
      if let slot = member.slot, slot < membersBySlot.count { membersBySlot[slot] = nil }
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
  network: Network = .current, @PolicyBuilder policies: () -> [PolicyElement],
  body: nonisolated(nonsending) (ServiceGroup) async throws -> Value
) async throws -> Value {
  try await closing(
    try ServiceGroup(
      name, at: endpoints, configuration, PolicyDeclaration(configuration.policy, policies()), network),
    after: body)
}

/// Creates a group, passes it to `body`, and closes it afterwards, also when `body` throws.
///
/// - Parameters: as those of ``ServiceGroup``.
public nonisolated(nonsending) func withServiceGroup<Value>(
  _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
  network: Network = .current, _ body: nonisolated(nonsending) (ServiceGroup) async throws -> Value
) async throws -> Value {
  try await closing(
    try ServiceGroup(name, at: endpoints, configuration: configuration, network: network), after: body)
}

private nonisolated(nonsending) func closing<Value>(
  _ group: ServiceGroup, after body: (ServiceGroup) async throws -> Value
) async throws -> Value {
  do {
    let value = try await body(group)
    await group.close()
    return value
  } catch {
    await group.close()
    throw error
  }
}
