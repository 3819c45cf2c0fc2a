import Resilience
import SeaThriftSockets
import SeaThriftTime
import Synchronization

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
/// The actor and its endpoints share one event loop, unless it is spread over all: ``ClientConfiguration/spread``.
public actor ServiceGroup {
  /// The group's name, for messages.
  public nonisolated let name: String
  nonisolated let loop: EventLoop
  nonisolated let configuration: ClientConfiguration
  nonisolated let form: RequestForm
  nonisolated let source: EndpointSource
  /// The same group on the other loops, when it is spread; those themselves have none.
  nonisolated let siblings: [ServiceGroup]
  private nonisolated let nextSibling = Atomic<Int>(0)
  /// What the policies come to, for all loops.
  nonisolated let sharedPlans: SharedPlans
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
  /// The slots of the different endpoints that are listed.
  var listedSlots: [Int] = []
  /// How many different endpoints are listed.
  var distinctCount: Int { listedSlots.count }
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
  var lookUpWaiters: [UInt64: Signal<Result<Void, SocketError>>] = [:]
  var lastLookUpWaiter: UInt64 = 0

  /// In the order in which they were first used.
  var members: [GroupMember] = []
  var membersByAddress: [EndpointAddress: GroupMember] = [:]
  var membersBySlot: [GroupMember?] = []
  var reaper: TimerID?
  /// The groups on the other loops.
  nonisolated let others = OtherGroups()
  /// Whether what changes now was told by one of them.
  var isHearing = false
  private(set) var isClosed = false
  /// What goes on between calls, while ``run()`` does.
  var life: GroupLife?
  /// Whether it was said that something needs ``run()``.
  var hasSaidThatItDoesNotRun = false

  /// The event loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }

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
    let isSpread = configuration.spread == .everyLoop
    let loops = isSpread ? network.loops : [network.nextLoop]
    loop = loops[0]
    let shared = try SharedPlans(declaration.policy, isSpread ? network.timeSource : loops[0].timeSource)
    sharedPlans = shared
    plans = PlanTable(shared)
    balancer = BalancerStateMachine(declaration.policy.balance)
    siblings = loops.dropFirst().map { [configuration] in
      ServiceGroup(name, at: endpoints, configuration, declaration, shared, on: $0)
    }
    for sibling in siblings { sibling.others.set([self] + siblings.filter { $0 !== sibling }) }
    others.set(siblings)
  }

  /// Creates what a spread group has on one of its further loops.
  private init(
    _ name: String, at endpoints: EndpointSource, _ configuration: ClientConfiguration,
    _ declaration: PolicyDeclaration, _ shared: SharedPlans, on loop: EventLoop
  ) {
    self.name = name
    self.configuration = configuration
    form = RequestForm(configuration)
    source = endpoints
    code = declaration
    hasCode = false
    hasInterceptors = false
    self.loop = loop
    sharedPlans = shared
    plans = PlanTable(shared)
    balancer = BalancerStateMachine(declaration.policy.balance)
    siblings = []
  }

  /// The group where calls of this task are made: on its loop, if it has one, and on any other in turn.
  nonisolated var nearest: ServiceGroup {
    if siblings.isEmpty || loop.isCurrent { return self }
    for sibling in siblings where sibling.loop.isCurrent { return sibling }
    let index = nextSibling.wrappingAdd(1, ordering: .relaxed).oldValue & .max % (siblings.count + 1)
    return index == siblings.count ? self : siblings[index]
  }

  /// Takes new policies, for all calls that begin from now on. Calls under way end as they began, connections stay, and
  /// what circuit breakers know is kept; limits and caches begin anew. Fallbacks and keys stay as they are.
  ///
  /// - Throws: ``PolicyError``, when a value is out of its range or a service that was called has not a method that is named;
  ///   then nothing changes.
  public func update(_ policy: Policy) async throws {
    try policy.validate()
    try sharedPlans.update(policy)
    install(policy)
    for sibling in siblings { await sibling.install(policy) }
  }

  private func install(_ policy: Policy) {
    plans = PlanTable(sharedPlans)
    balancer.update(policy.balance)
    setPlaces()
    for member in members { member.endpoint.assumeIsolated { $0.install(policy) } }
    life?.wakeUp()
  }

  /// The policies that are in force.
  public var policy: Policy { plans.policy }

  /// Closes every endpoint: idle connections now, the others when their call has ended. Later calls fail with the code
  /// ``RPCError/Code/closed``.
  public func close() async {
    closeHere()
    for sibling in siblings { await sibling.close() }
  }

  private func closeHere() {
    isClosed = true
    life?.wakeUp()
    background.cancelAll()
    if let reaper { loop.cancelTimer(reaper) }
    reaper = nil
    for member in members { member.endpoint.assumeIsolated { $0.close() } }
    members = []
    membersByAddress = [:]
    membersBySlot = []
  }

  /// The endpoints in use, and what their circuit breakers let through; of a spread group, on the loop that lets the least.
  public var breakerStates: [EndpointAddress: CircuitBreaker.State] {
    get async {
      var states = membersByAddress.mapValues { $0.endpoint.assumeIsolated { $0.breakerState } }
      for sibling in siblings {
        states.merge(await sibling.breakerStates) { one, other in
          one == .open || other == .open ? .open : one == .closed ? other : one
        }
      }
      return states
    }
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
    get async {
      var held = heldHere
      if sharedPlans.placesTaken > 0 { held.append("\(sharedPlans.placesTaken) places in limits") }
      for sibling in siblings { held += await sibling.heldHere }
      return held
    }
  }

  private var heldHere: [String] {
    var held: [String] = []
    if gate.placesTaken > 0 { held.append("\(gate.placesTaken) places in pools") }
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
}
