import SeaThriftTesting

/// A random cluster with a random policy and random load.
struct StormPlan {
  struct Server {
    var name: String
    var loops: Int
    var configuration: ServerConfiguration
    /// How long it serves before it is stopped gracefully and started again.
    var restartsAfter: Duration?
    /// Whether it gets other limits while it runs.
    var isReloaded: Bool
  }

  struct Client {
    var name: String
    var loops: Int
    var callers: Int
    var configuration: ClientConfiguration
    var policy: StormPolicy
    /// In which order the endpoints are tried.
    var order: Order
    var addresses: [EndpointAddress]
    var thinkTime: Duration
    /// How many of the calls are cancelled on their way.
    var cancelShare: Double
    /// How many of the calls must not be executed twice.
    var spendShare: Double
    var largestPayload: Int
    var slowestHandler: Int
  }

  enum Order: CaseIterable { case fixed, rotating, random, endless, name }

  /// The name that stands for all servers.
  static let clusterName = "cluster"

  var servers: [Server]
  var clients: [Client]
  var link: LinkProfile
  /// How long the load and the faults last.
  var duration: Duration
  var faultCount: Int

  init(using generator: inout SeededGenerator) {
    duration = generator.milliseconds(2_000...300_000)
    // A long storm has pauses as long, so that it costs no more than a short one.
    let pace = max(1, Int(duration / .seconds(10)))
    faultCount = generator.int(0...25)
    link = Self.link(using: &generator)
    let format = generator.pick([ThriftFormat.binary, .binary, .compact, .json])
    var servers: [Server] = []
    for index in 0..<generator.int(1...5) {
      servers.append(
        Server(
          name: "server\(index)", loops: generator.int(1...3), configuration: Self.server(using: &generator),
          restartsAfter: generator.chance(0.3) ? generator.milliseconds(100...10_000) : nil,
          isReloaded: generator.chance(0.3)))
    }
    self.servers = servers
    let names = servers.map(\.name)
    var clients: [Client] = []
    for index in 0..<generator.int(1...4) {
      var configuration = Self.client(using: &generator)
      let policy = StormPolicy(using: &generator, for: &configuration.policy)
      configuration.format = format
      if format == .json { configuration.framing = .framed }
      clients.append(
        Client(
          name: "client\(index)", loops: generator.int(1...2), callers: generator.int(1...4),
          configuration: configuration, policy: policy, order: generator.pick(Order.allCases),
          addresses: names.map { .tcp($0, 9090) }, thinkTime: generator.milliseconds(300...3000) * pace,
          cancelShare: generator.pick([0, 0, 0.05, 0.3]), spendShare: generator.pick([0, 0.2, 1]),
          largestPayload: generator.pick([0, 0, 100, 100, 300, 1000, 1000, 20_000]),
          slowestHandler: generator.pick([0, 20, 300, 3000])))
    }
    self.clients = clients
  }

  static func link(using generator: inout SeededGenerator) -> LinkProfile {
    var link = LinkProfile()
    let typical = generator.milliseconds(1...20)
    switch generator.int(0...4) {
    case 0: link.latency = .constant(typical)
    case 1: link.latency = .uniform(.zero...typical)
    case 2: link.latency = .exponential(mean: typical, floor: .microseconds(50))
    case 3: link.latency = .logNormal(median: typical, sigma: 0.8)
    default: break
    }
    if generator.chance(0.3) { link.bytesPerSecond = generator.int(20_000...10_000_000) }
    if generator.chance(0.3) { link.loss = generator.pick([0.001, 0.01, 0.1]) }
    link.cutsAtRandom = generator.chance(0.5)
    link.packetBytes = generator.pick([100, 536, 1460, 65_536])
    return link
  }

  private static func server(using generator: inout SeededGenerator) -> ServerConfiguration {
    var server = ServerConfiguration()
    server.log = nil
    server.backlog = generator.pick([1, 3, 128])
    if generator.chance(0.3) { server.idleTimeout = generator.milliseconds(100...10_000) }
    if generator.chance(0.2) {
      // Few places are only fair when those who do not use theirs lose them.
      server.maxConnections = generator.int(1...20)
      server.idleTimeout = generator.milliseconds(100...1000)
    }
    if generator.chance(0.3) { server.requestTimeout = generator.milliseconds(100...10_000) }
    if generator.chance(0.3) { server.writeTimeout = generator.milliseconds(100...10_000) }
    server.gracePeriod = generator.milliseconds(1...10_000)
    if generator.chance(0.3) {
      // Storms have few calls at a time: only a tight limit refuses any.
      server.policy.limits.bulkhead = Bulkhead(generator.int(1...2), waiters: generator.pick([0, 0, 1]))
    }
    if generator.chance(0.3) {
      // Its clients are told when to come back.
      server.policy.limits.rateLimit = RateLimit(generator.int(1...5), burst: generator.pick([1, 3]))
    }
    return server
  }

  private static func client(using generator: inout SeededGenerator) -> ClientConfiguration {
    var client = ClientConfiguration()
    client.framing = generator.pick([.framed, .unframed, .header, .http])
    client.policy.perEndpoint.pool = Pool(
      size: generator.int(1...10), waiters: generator.pick([nil, 0, 1, 5, 100]),
      idle: generator.pick([nil, .milliseconds(50), .seconds(1), .seconds(60)]),
      lifetime: generator.pick([nil, nil, .milliseconds(500), .seconds(10)]))
    client.policy.perEndpoint.timeouts.connect = generator.milliseconds(20...3000)
    client.policy.perEndpoint.timeouts.pool = generator.milliseconds(1...1000)
    client.policy.perEndpoint.timeouts.write = generator.milliseconds(50...3000)
    client.policy.perEndpoint.timeouts.read = generator.milliseconds(50...3000)
    client.policy.perEndpoint.circuitBreaker = breaker(using: &generator)
    client.policy.retry = Retry(generator.int(0...3))
    client.endpointIdle = generator.pick([nil, .milliseconds(200), .seconds(5), .seconds(60)])
    client.reapInterval = generator.milliseconds(100...10_000)
    if generator.chance(0.5) { client.errors.fullPoolIsFailure = false }
    return client
  }

  static func breaker(using generator: inout SeededGenerator) -> CircuitBreaker {
    let window = generator.milliseconds(500...60_000)
    let condition: TripCondition =
      switch generator.int(0...3) {
      case 0: .failures(over: generator.int(0...5), within: window)
      case 1: .consecutive(generator.int(1...8))
      case 2: .errorRate(generator.pick([0.1, 0.5, 1]), of: generator.int(1...20), within: window)
      default: .any(.failures(over: 10, within: window), .consecutive(3))
      }
    let delay = generator.milliseconds(50...10_000)
    let reopen: Backoff = generator.chance(0.5) ? .constant(delay) : .exponential(from: delay, cap: .seconds(20))
    return CircuitBreaker(condition, reopen: reopen, probes: generator.pick([1, 1, 1, 2, 5]))
  }
}
