import SeaThriftTesting

/// A cluster of which some servers are well all the time and the others never, with a policy that has to cope with that.
struct OutagePlan {
  /// What is wrong with a server.
  enum Ailment: CaseIterable {
    /// Every call is answered at once with an internal error.
    case internalError
    /// Every call is answered at once with a refusal.
    case sheds
    /// Every request is answered at once with HTTP 503.
    case http503
    /// Connections are refused, or never answered.
    case refuses, silent
    /// Connections are accepted, and nothing else happens.
    case frozen
    /// Its name is not resolved: with an error at once, or after 10 s.
    case failingName, deadName

    /// Whether it is known at once.
    var isFast: Bool { self != .silent && self != .frozen && self != .deadName }
  }

  struct Server {
    var name: String
    var ailment: Ailment?
    var configuration: ServerConfiguration
    /// How long a call takes.
    var milliseconds: Int
  }

  /// Some calls at once, and then none for a while.
  struct Burst {
    /// How many calls each caller makes, one after the other.
    var calls: Int
    var pause: Duration
    /// When the client's process stands still, and for how long.
    var stall: (after: Duration, length: Duration)?
    /// Whether the machines of all healthy servers are switched off and on in the pause.
    var restarts = false
  }

  var servers: [Server]
  var configuration = ClientConfiguration()
  var hedge: Hedge?
  var callers: Int
  /// That of every call.
  var deadline: Duration?
  var link = LinkProfile()
  var bursts: [Burst]
  /// Whether others of the servers are listed for each burst.
  var isChanging: Bool
  /// With how many bursts the client learns who is well.
  var warmUp: Int
  /// Whether a round trip takes so long that the deadline leaves no time for two.
  let isFar: Bool
  /// How long the names of healthy servers take.
  var nameDelay = Duration.zero
  /// How many connections somebody else opens to each healthy server, and never uses.
  var greedyConnections = 0
  /// Whether there are fewer connections, and places to wait for one, than callers.
  var isTight = false
  /// Whether that somebody is switched off in the middle of it.
  var greedyVanishes = false

  var healthy: [Server] { servers.filter { $0.ailment == nil } }
  var stalls: Int { bursts.count { $0.stall != nil } }
  var isHealthy: Bool { healthy.count == servers.count }

  init(using generator: inout SeededGenerator) {
    isFar = generator.chance(0.1)
    let (isFar, isHTTP) = (isFar, generator.chance(0.3))
    callers = generator.int(1...8)
    let sick = isFar || generator.chance(0.3) ? 0 : generator.int(1...generator.pick([2, 9]))
    servers = (0..<generator.int(1...3) + sick).map { index in
      var configuration = ServerConfiguration()
      configuration.log = nil
      let ailment = index < sick ? Self.ailment(isHTTP, using: &generator) : nil
      return Server(name: "server\(index)", ailment: ailment, configuration: configuration, milliseconds: 0)
    }
    servers.shuffle(using: &generator)
    let idle = generator.chance(0.5) && !isFar ? generator.milliseconds(500...10_000) : nil
    let isGreedy = generator.chance(0.2) && !isFar
    for index in servers.indices {
      servers[index].milliseconds = isFar ? 0 : generator.int(0...generator.pick([0, 20]))
      servers[index].configuration.idleTimeout = idle ?? .seconds(3600)
      if isGreedy { servers[index].configuration.maxConnections = callers * 2 + generator.int(1...5) }
    }
    if isGreedy {
      greedyConnections = generator.int(10...40)
      greedyVanishes = generator.chance(0.5)
    }
    link.latency = isFar ? .constant(.milliseconds(40)) : .uniform(.zero ... .milliseconds(generator.int(1...5)))
    deadline = isFar ? .milliseconds(100) : generator.pick([nil, .milliseconds(250), .milliseconds(400), .seconds(2)])
    warmUp = 6
    let least = (30 * servers.count + callers * warmUp - 1) / (callers * warmUp)
    bursts = (0..<generator.int(10...20)).map { [warmUp] index in
      var burst = Burst(calls: least, pause: .seconds(1))
      if index < warmUp { return burst }
      burst.calls = generator.int(1...20)
      burst.pause = generator.milliseconds(500...90_000)
      if generator.chance(0.2) {
        burst.stall = (generator.milliseconds(1...100), generator.milliseconds(100...5_000))
      }
      burst.restarts = !isFar && generator.chance(0.3)
      return burst
    }
    isChanging = !isFar && generator.chance(0.2)
    if !isFar, generator.chance(0.1) { nameDelay = generator.milliseconds(100...400) }
    configuration.framing = isHTTP ? .http : generator.pick([.framed, .header])
    configuration.policy = policy(isFar, using: &generator)
    // Connections in advance: to those that are well they are of use, and the others are found out by them.
    if generator.chance(0.3) {
      let most = configuration.policy.perEndpoint.pool.size
      configuration.policy.perEndpoint.pool.minimum = generator.int(1...min(most, 3))
    }
  }

  /// The servers that are listed for a burst: at least one that is well.
  func listed(using generator: inout SeededGenerator) -> [Server] {
    if !isChanging { return servers }
    let one = generator.pick(healthy).name
    return servers.filter { $0.name == one || generator.chance(0.5) }.shuffled(using: &generator)
  }

  private static func ailment(_ isHTTP: Bool, using generator: inout SeededGenerator) -> Ailment {
    generator.pick(Ailment.allCases.filter { isHTTP || $0 != .http503 })
  }

  private mutating func policy(_ isFar: Bool, using generator: inout SeededGenerator) -> Policy {
    var policy = generator.chance(0.5) ? Policy.default : Policy.recommended
    policy.deadline = nil
    isTight = generator.chance(0.2) && !isFar
    if isFar {
      policy.perEndpoint.pool = Pool(idle: nil)
      configuration.endpointIdle = nil
    }
    if isTight { policy.perEndpoint.pool = Pool(size: generator.int(1...2), waiters: generator.int(0...2)) }
    policy.retry = Retry(generator.int(1...3))
    if generator.chance(0.5) {
      policy.retry.backoff = .exponential(from: .milliseconds(5), cap: .milliseconds(20))
      policy.retry.budget = .share(0.2, floor: 5, over: .seconds(10))
    }
    policy.balance = Balance(
      generator.pick([
        .inOrder, .shuffled, .roundRobin, .weighted, .leastLoaded, .powerOfTwoChoices, .peakEWMA(decay: .seconds(10)),
        .consistentHash(),
      ]))
    if servers.count > healthy.count * 2 { policy.balance.panicBelow = 0 }
    if !isFar, generator.chance(0.3) {
      hedge = Hedge(after: .fixed(generator.milliseconds(20...100)), extraLoad: generator.pick([0.1, 1]))
    }
    // Without a breaker, only the balancer keeps calls away from those that fail at once.
    if servers.allSatisfy({ $0.ailment?.isFast != false }), generator.chance(0.3), policy.balance.algorithm != .inOrder
    {
      policy.perEndpoint.circuitBreaker = nil
    }
    return policy
  }

  /// What it is like, for the trace.
  var summary: String {
    let policy = configuration.policy
    let sick = servers.map { server in server.ailment.map { "\(server.name): \($0)" } ?? "\(server.name): well" }
    return """
      \(sick.joined(separator: ", ")); \(policy.balance), \(policy.retry), \(policy.perEndpoint), hedge \
      \(hedge.map { "\($0)" } ?? "none"), \(callers) callers, deadline \(deadline ?? .zero), names after \(nameDelay), \
      \(isChanging ? "changing list, " : "")\
      \(greedyConnections) greedy connections
      """
  }
}
