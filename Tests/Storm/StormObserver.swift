import SeaThriftTesting

/// Watches one group's attempts: does each breaker do what it says, and does each pool keep its limit?
final class StormObserver: ClientObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.

  /// For how long an own success outweighs what others say.
  static let trust = Duration.seconds(10)

  /// Whose breaker it is: an endpoint's as a whole, or that of a method there.
  private struct Circuit: Hashable {
    let endpoint: EndpointAddress
    let method: String?

    var name: String { method.map { "\(endpoint) \($0)" } ?? "\(endpoint)" }
  }

  /// What is known about one breaker.
  private struct Breaker {
    /// `nil` when it may have been forgotten, and a new one begun.
    var state: CircuitBreaker.State? = .closed
    var probes: Set<Int64> = []
    /// A call that has asked the breaker, and of which the answer is not known yet.
    var asking: Int64?
    /// Whether that call may be made whatever the breaker says.
    var isForced = false
    /// When a connection could not be made last, which may have opened it without any call.
    var connectFailed: Duration?
    /// The call during whose attempt it opened last.
    var openedBy: Int64?
    var lastSuccess: Duration?

    /// The group has perhaps begun a new one.
    mutating func forget() {
      state = nil
      probes = []
      lastSuccess = nil
    }
  }

  /// What is known about one endpoint.
  private struct Watched {
    var lastUse: Duration = .zero
    var connections = 0
    var running = 0
  }

  private let host: Host
  private let ledger: StormLedger
  private let configuration: ClientConfiguration
  private let policy: StormPolicy
  private let endpointCount: Int
  private var endpoints: [EndpointAddress: Watched] = [:]
  private var breakers: [Circuit: Breaker] = [:]
  /// The circuits that were found open here.
  private var measuredOpen: Set<String> = []
  private var attempts: StormAttempts

  init(_ host: Host, _ ledger: StormLedger, _ configuration: ClientConfiguration, _ plan: StormPlan.Client) {
    self.host = host
    self.ledger = ledger
    self.configuration = configuration
    policy = plan.policy
    endpointCount = plan.addresses.count
    attempts = StormAttempts(configuration, plan, ledger)
  }

  /// Whether so few endpoints are healthy that health may be left out of account.
  private var isPanic: Bool {
    let healthy = endpointCount - breakers.count { $0.key.method == nil && $0.value.state != .closed }
    return Double(healthy) < configuration.policy.balance.panicBelow * Double(endpointCount)
  }

  private func circuit(_ endpoint: EndpointAddress, _ method: String) -> Circuit {
    Circuit(endpoint: endpoint, method: policy.breaker(of: method) == nil ? nil : method)
  }

  /// How many probes its breaker lets through at once.
  private func probes(of circuit: Circuit) -> Int {
    let own = circuit.method.flatMap { policy.breaker(of: $0) }
    return (own ?? configuration.policy.perEndpoint.circuitBreaker)?.probes ?? 0
  }

  private func with(_ circuit: Circuit, _ body: (inout Breaker) -> Void) {
    var breaker = breakers[circuit] ?? Breaker()
    body(&breaker)
    breakers[circuit] = breaker
  }

  private func with(_ endpoint: EndpointAddress, _ body: (inout Watched) -> Void) {
    var watched = endpoints[endpoint] ?? Watched()
    body(&watched)
    endpoints[endpoint] = watched
  }

  /// Nothing was heard of a refusal: the call was let through.
  private func settle(_ breaker: inout Breaker, _ circuit: Circuit) {
    guard let call = breaker.asking else { return }
    breaker.asking = nil
    if breaker.isForced { return }
    switch breaker.state {
    case .closed, nil: break
    case .open: ledger.violated("call \(call) went to \(circuit.name) although its breaker is open")
    case .halfOpen:
      breaker.probes.insert(call)
      if breaker.probes.count > probes(of: circuit) {
        ledger.violated("\(breaker.probes.count) probes at once went to \(circuit.name)")
      }
    }
  }

  /// A call of what may be hedged failed, perhaps because no endpoint could be attempted.
  func lookFailed() { attempts.failed(at: host.now) }

  /// Others were told that a circuit is open.
  func told(open circuit: String) {
    if !measuredOpen.contains(circuit) { ledger.violated("\(circuit) was said to be open, but was not found so") }
  }

  func attemptStarted(_ method: String, endpoint: EndpointAddress) {
    attempts.began(method, at: host.now)
    let isForced = isPanic
    with(endpoint) { watched in
      // The group may have forgotten an endpoint that was not used, and its breakers with it.
      if watched.running == 0, let idle = configuration.endpointIdle, host.now - watched.lastUse >= idle / 2 {
        for circuit in breakers.keys where circuit.endpoint == endpoint { breakers[circuit]?.forget() }
      }
      watched.running += 1
      watched.lastUse = host.now
    }
    let circuit = circuit(endpoint, method)
    with(circuit) { breaker in
      settle(&breaker, circuit)
      breaker.asking = StormCall.id
      breaker.isForced = isForced
      breaker.openedBy = nil
    }
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {
    let circuit = Circuit(endpoint: endpoint, method: method)
    with(circuit) { breaker in
      if method != nil { ledger.saw("breaker of a method is \(transition.to)") }
      if transition.to == .open {
        breaker.openedBy = StormCall.id
        if breaker.connectFailed == host.now {
          breaker.openedBy = nil
          measuredOpen.insert(circuit.name)
        }
      }
      if transition.to == .halfOpen {
        breaker.probes = [breaker.asking ?? 0]
        breaker.asking = nil
      } else {
        settle(&breaker, circuit)
        breaker.probes = []
      }
      if let state = breaker.state, transition.from != state {
        ledger.violated("the breaker of \(circuit.name) went from \(transition.from), but was \(state)")
      }
      breaker.state = transition.to
    }
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    let wasRefused = (error as? RPCError)?.code == .circuitOpen
    let isFull = (error as? RPCError)?.code == .poolFull && !configuration.errors.fullPoolIsFailure
    attempts.ended(wasRefused: wasRefused || isFull, error: error, at: host.now)
    with(endpoint) { watched in
      watched.running -= 1
      watched.lastUse = host.now
    }
    let circuit = circuit(endpoint, method)
    with(circuit) { breaker in
      if breaker.openedBy == StormCall.id {
        breaker.openedBy = nil
        // It opened before the attempt, which it then refused: that is what others have said.
        if wasRefused { checkHint(breaker, circuit) } else { measuredOpen.insert(circuit.name) }
      }
      if wasRefused, breaker.asking == StormCall.id {
        breaker.asking = nil
        if breaker.state == .closed { ledger.violated("the closed breaker of \(circuit.name) refused a call") }
        return
      }
      settle(&breaker, circuit)
      breaker.probes.remove(StormCall.id)
      if error == nil { breaker.lastSuccess = host.now }
    }
  }

  private func checkHint(_ breaker: Breaker, _ circuit: Circuit) {
    ledger.saw("breaker of \(circuit.method == nil ? "an endpoint" : "a method") opened by a hint")
    if !policy.hasHints || !ledger.breakerStore.everOpen.contains(circuit.name) {
      ledger.violated("the breaker of \(circuit.name) opened without a reason")
    }
    if let success = breaker.lastSuccess, host.now - success < Self.trust {
      ledger.violated("a hint opened the breaker of \(circuit.name), which had a success at \(success)")
    }
  }

  func connectionOpened(endpoint: EndpointAddress, duration: Duration) {
    with(endpoint) { watched in
      watched.connections += 1
      if watched.connections > configuration.policy.perEndpoint.pool.size {
        ledger.violated(
          "\(watched.connections) connections to \(endpoint), the pool has \(configuration.policy.perEndpoint.pool.size)"
        )
      }
    }
  }

  func connectionFailed(endpoint: EndpointAddress, error: RPCError) {
    with(Circuit(endpoint: endpoint, method: nil)) { $0.connectFailed = host.now }
  }

  func connectionClosed(endpoint: EndpointAddress) {
    with(endpoint) { $0.connections -= 1 }
  }
}
