import SeaThriftTesting

/// Watches one group's attempts: does each breaker do what it says, and does each pool keep its limit?
final class StormObserver: ClientObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.

  /// What is known about one endpoint.
  private struct Watched {
    /// `nil` when it may have been forgotten, and a new one begun.
    var state: CircuitBreaker.State? = .closed
    var probes: Set<Int64> = []
    /// A call that has asked the breaker, and of which the answer is not known yet.
    var asking: Int64?
    /// Whether that call may be made whatever the breaker says.
    var isForced = false
    var lastUse: Duration = .zero
    var connections = 0
    var running = 0
  }

  private let host: Host
  private let ledger: StormLedger
  private let configuration: ClientConfiguration
  private let endpointCount: Int
  private var endpoints: [EndpointAddress: Watched] = [:]
  private var attempts: StormAttempts

  init(_ host: Host, _ ledger: StormLedger, _ configuration: ClientConfiguration, _ plan: StormPlan.Client) {
    self.host = host
    self.ledger = ledger
    self.configuration = configuration
    endpointCount = plan.addresses.count
    attempts = StormAttempts(configuration, plan.policy, ledger)
  }

  /// Whether so few endpoints are healthy that health may be left out of account.
  private var isPanic: Bool {
    let healthy = endpointCount - endpoints.values.count { $0.state != .closed }
    return Double(healthy) < configuration.policy.balance.panicBelow * Double(endpointCount)
  }

  private func with(_ endpoint: EndpointAddress, _ body: (inout Watched) -> Void) {
    var watched = endpoints[endpoint] ?? Watched()
    body(&watched)
    endpoints[endpoint] = watched
  }

  /// Nothing was heard of a refusal: the call was let through.
  private func settle(_ watched: inout Watched, _ endpoint: EndpointAddress) {
    guard let call = watched.asking else { return }
    watched.asking = nil
    if watched.isForced { return }
    switch watched.state {
    case .closed, nil: break
    case .open: ledger.violated("call \(call) went to \(endpoint) although its breaker is open")
    case .halfOpen:
      watched.probes.insert(call)
      if watched.probes.count > (configuration.policy.perEndpoint.circuitBreaker?.probes ?? 0) {
        ledger.violated("\(watched.probes.count) probes at once went to \(endpoint)")
      }
    }
  }

  /// A call of what may be hedged failed, perhaps because no endpoint could be attempted.
  func lookFailed() { attempts.failed(at: host.now) }

  func attemptStarted(_ method: String, endpoint: EndpointAddress) {
    attempts.began(method, at: host.now)
    let isForced = isPanic
    with(endpoint) { watched in
      // The group may have forgotten an endpoint that was not used, and its breaker with it.
      if watched.running == 0, let idle = configuration.endpointIdle, host.now - watched.lastUse >= idle / 2 {
        watched.state = nil
        watched.probes = []
      }
      settle(&watched, endpoint)
      watched.asking = StormCall.id
      watched.isForced = isForced
      watched.running += 1
      watched.lastUse = host.now
    }
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress) {
    with(endpoint) { watched in
      if transition.to == .halfOpen {
        watched.probes = [watched.asking ?? 0]
        watched.asking = nil
      } else {
        settle(&watched, endpoint)
        watched.probes = []
      }
      if let state = watched.state, transition.from != state {
        ledger.violated("the breaker of \(endpoint) went from \(transition.from), but was \(state)")
      }
      watched.state = transition.to
    }
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    let wasRefused = (error as? RPCError)?.code == .circuitOpen
    attempts.ended(wasRefused: wasRefused, isSuccess: error == nil, at: host.now)
    with(endpoint) { watched in
      watched.running -= 1
      watched.lastUse = host.now
      if wasRefused, watched.asking == StormCall.id {
        watched.asking = nil
        if watched.state == .closed { ledger.violated("the closed breaker of \(endpoint) refused a call") }
        return
      }
      settle(&watched, endpoint)
      watched.probes.remove(StormCall.id)
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

  func connectionClosed(endpoint: EndpointAddress) {
    with(endpoint) { $0.connections -= 1 }
  }
}
