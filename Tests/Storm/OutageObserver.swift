import SeaThriftTesting

/// Watches where the calls of a group go while some of its endpoints are sick: does it learn who is well?
final class OutageObserver: ClientObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.

  private let ledger: StormLedger
  private let plan: OutagePlan
  private let ailments: [EndpointAddress: OutagePlan.Ailment?]
  private var attempts: [EndpointAddress: Int] = [:]
  /// Those of the burst that goes on.
  private var burst: [EndpointAddress: Int] = [:]
  private var calls = 0
  private var failures: [String] = []
  private var isLearnt = false
  /// How many times the rest of an endpoint may have been over.
  private var rests = 0

  init(_ ledger: StormLedger, _ plan: OutagePlan) {
    self.ledger = ledger
    self.plan = plan
    ailments = Dictionary(uniqueKeysWithValues: plan.servers.map { (.tcp($0.name, 9090), $0.ailment) })
  }

  /// From now on it should be known who is well.
  func hasLearnt() { isLearnt = true }

  /// Some calls were made, in so much time, while these were listed.
  func burstEnded(after time: Duration, _ listed: [OutagePlan.Server]) {
    let all = burst.values.reduce(0, +)
    if plan.givesTurns, all >= 20 * listed.count {
      for server in listed where server.ailment == nil && burst[.tcp(server.name, 9090)] == nil {
        ledger.violated("none of \(all) attempts went to \(server.name), which is well")
      }
    }
    burst = [:]
    // An endpoint that rests is asked once whenever its rest is over.
    if isLearnt { rests += 1 + Int(time / .seconds(10)) }
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    // Asking a breaker is no attempt.
    if (error as? RPCError)?.code == .circuitOpen { return }
    burst[endpoint, default: 0] += 1
    if isLearnt { attempts[endpoint, default: 0] += 1 }
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {
    ledger.note("the circuit of \(endpoint) is \(transition.to)")
    guard transition.to == .open else { return }
    if let ailment = ailments[endpoint] ?? nil {
      ledger.saw("open: \(ailment)")
    } else if plan.nameDelay == .zero {
      ledger.violated("the breaker of \(endpoint), which is well, opened")
    }
  }

  /// A call ended. One that an endpoint has answered, though with an error, is not for others to mend.
  func ended(_ error: (any Error)?, isStalled: Bool) {
    ledger.ended(error.map { ($0 as? RPCError).map { "\($0.code)" } ?? "\($0)" } ?? "success")
    guard isLearnt else { return }
    calls += 1
    guard let error, !isStalled, (error as? RPCError)?.code != .applicationException else { return }
    ledger.note("failed: \(error)")
    failures.append("\(error)")
  }

  /// Looks at all of it.
  func check() {
    if let failure = failures.first, plan.hasFailover, failures.count > plan.mostFailures(of: calls) {
      ledger.violated("\(failures.count) of \(calls) calls failed although servers were well: \(failure)")
    }
    for server in plan.servers {
      let endpoint = EndpointAddress.tcp(server.name, 9090)
      guard let ailment = server.ailment, let count = attempts[endpoint],
        let most = plan.mostAttempts(at: ailment, ofAll: attempts.values.reduce(0, +), rests)
      else { continue }
      if count > most {
        ledger.violated("\(count) of the attempts of \(calls) calls went to \(endpoint), \(ailment): over \(most)")
      }
    }
  }
}

extension OutagePlan {
  /// Whether every call should find a server that is well: those that nobody knows to be sick are met again and again.
  var hasFailover: Bool {
    if isTight || isChanging { return false }
    if isHealthy { return true }
    return configuration.policy.perEndpoint.circuitBreaker != nil && servers.allSatisfy { $0.ailment != .sheds }
  }

  /// How many calls may fail.
  func mostFailures(of calls: Int) -> Int {
    // Each connection costs one call that has no time for both; calls of a stalled client end with theirs. With slow names
    // there is none until the name is known.
    if isFar { return servers.count * callers * (1 + stalls) * 2 }
    if nameDelay > .zero { return calls / 2 }
    // A balancer may have kept away from some while there were calls to learn from.
    let unknown = servers.count - healthy.count
    // Without time for a second attempt, whether to share it is found out again after each.
    return unknown + (deadline.map { $0 <= .milliseconds(250) } == true ? 1 + stalls : 0)
  }

  /// How many attempts may go to a sick endpoint.
  func mostAttempts(at ailment: Ailment, ofAll attempts: Int, _ rests: Int) -> Int? {
    // While the name of a healthy one is looked up, calls go elsewhere.
    if isChanging || nameDelay > .zero { return nil }
    let policy = configuration.policy
    if policy.perEndpoint.circuitBreaker != nil, ailment != .sheds {
      // A balancer may have kept away from it while there were calls to learn from, and what a client finds that stood still
      // says nothing.
      // When it takes time to be known, every caller may be on its way there.
      return 8 + rests + (stalls + (ailment.isFast ? 0 : 1)) * callers
    }
    switch policy.balance.algorithm {
    case .inOrder: return nil
    case let algorithm where algorithm == .consistentHash(): return nil
    default:
      // Its fair share of what does not go to those whose circuits are open.
      let others =
        policy.perEndpoint.circuitBreaker == nil ? servers : servers.filter { $0.ailment.map { $0 == .sheds } ?? true }
      return 10 + attempts * 5 / (others.count * 4)
    }
  }

  /// Whether every endpoint that is well gets some of the calls.
  var givesTurns: Bool {
    nameDelay == .zero
      && [.shuffled, .roundRobin, .weighted, .powerOfTwoChoices].contains(configuration.policy.balance.algorithm)
  }
}
