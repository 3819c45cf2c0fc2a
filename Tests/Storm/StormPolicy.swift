import SeaThriftTesting

/// What a storm's client may have besides a pool, timeouts, a breaker and plain retries; each is there in some storms.
struct StormPolicy {
  var hedge: Hedge?
  var cache: Cache?
  var singleFlight: SingleFlight?
  var hasFallback = false
  /// Whether policies that only watch are there, which must not make a difference.
  var isWatched = false
  var hasZones = false
  /// The breaker of some methods.
  var methodBreaker: CircuitBreaker?
  private var methodsWithBreaker: Set<String> = []
  /// Whether breakers tell those of other clients.
  var hasHints = false
  /// Whether cached replies are shared with other clients.
  var hasStore = false
  /// Whether another group is called when all has failed.
  var hasSpare = false
  /// What some calls have of their own.
  var own: CallPolicy?
  /// How many calls have a deadline of their own.
  var deadlineShare = 0.0
  /// How many of the calls may be repeated, shared and kept.
  var lookShare = 0.0

  init(using generator: inout SeededGenerator, for policy: inout Policy) {
    if generator.chance(0.3) { return }
    lookShare = generator.pick([0.3, 0.7, 1])
    deadlineShare = generator.pick([0, 0.3, 1])
    if generator.chance(0.3) { policy.deadline = Deadline(generator.milliseconds(20...5000)) }
    policy.retry = Self.retry(policy.retry.retries, using: &generator)
    policy.balance = Self.balance(using: &generator)
    if generator.chance(0.3) {
      policy.perEndpoint.timeouts.attempt = generator.milliseconds(20...3000)
    }
    if generator.chance(0.3) {
      policy.bulkhead = Bulkhead(
        generator.int(1...4), waiters: generator.int(0...3), wait: generator.milliseconds(1...500))
    }
    if generator.chance(0.3) {
      policy.rateLimit = RateLimit(
        generator.int(1...20), burst: generator.pick([nil, 1, 5]),
        wait: generator.pick([nil, .milliseconds(10), .seconds(1)]))
    }
    if generator.chance(0.3) {
      policy.adaptiveLimit = AdaptiveLimit(
        initial: generator.int(1...5), min: 1, max: generator.int(5...50), window: .milliseconds(100),
        probe: .seconds(5), waiters: policy.deadline == nil ? 0 : generator.int(0...3))
    }
    if generator.chance(0.5) {
      hedge = Hedge(
        after: generator.chance(0.5)
          ? .fixed(generator.milliseconds(1...500)) : .percentile(generator.pick([0.5, 0.9])),
        extraLoad: generator.pick([0.05, 0.3, 1]), samples: 5)
    }
    if generator.chance(0.3) {
      let stale = generator.pick([Duration.zero, .seconds(1), .seconds(20)])
      cache = Cache(
        bytes: generator.pick([100, 10_000]), ttl: generator.milliseconds(10...5000), staleWhileRevalidate: stale,
        staleIfError: generator.pick([Duration.zero, .seconds(5)]))
    }
    if generator.chance(0.4) { singleFlight = SingleFlight() }
    hasFallback = generator.chance(0.2)
    isWatched = generator.chance(0.3)
    hasZones = generator.chance(0.3)
    if hasZones { policy.balance.zone = "a" }
    hasHints = generator.chance(0.4)
    hasStore = generator.chance(0.5)
    hasSpare = generator.chance(0.3)
    if generator.chance(0.4) {
      methodBreaker = StormPlan.breaker(using: &generator)
      methodsWithBreaker = Set(generator.some(["Storm.work", "Storm.spend", "Storm.look"]))
    }
    if generator.chance(0.4) { own = Self.ofCalls(using: &generator) }
  }

  /// The breaker that a method has of its own.
  func breaker(of method: String) -> CircuitBreaker? { methodsWithBreaker.contains(method) ? methodBreaker : nil }

  private static func ofCalls(using generator: inout SeededGenerator) -> CallPolicy {
    var policy = CallPolicy()
    if generator.chance(0.3) { policy.deadline = Deadline(generator.milliseconds(20...5000)) }
    if generator.chance(0.5) { policy.retry = retry(generator.int(0...3), using: &generator) }
    if generator.chance(0.3) {
      policy.timeouts = Timeouts(
        connect: generator.milliseconds(20...3000), read: generator.milliseconds(50...3000),
        attempt: generator.pick([nil, .seconds(1)]))
    }
    if generator.chance(0.5) {
      // All or none, so that what belongs to which hedge need not be known to count them.
      policy.hedge = Hedge(after: .fixed(generator.milliseconds(1...500)), extraLoad: generator.pick([0, 1]))
    }
    if generator.chance(0.3) { policy.cache = Cache(bytes: 10_000, ttl: generator.milliseconds(10...2000)) }
    return policy
  }

  /// What of it belongs to ``StormService/look``.
  @PolicyBuilder var elements: [PolicyElement] {
    Method(StormService.look) {
      if let hedge { hedge }
      if let cache { cache }
      if let singleFlight { singleFlight }
      if hasFallback { Fallback(value: StormRequest.fallback) }
      HashKey { "\($0.id)" }
      if isWatched { shadow }
      if let breaker = breaker(of: "Storm.look") { breaker }
    }
    if let breaker = breaker(of: "Storm.work") { Method(StormService.work) { breaker } }
    if let breaker = breaker(of: "Storm.spend") { Method(StormService.spend) { breaker } }
    if isWatched { shadow }
  }

  private var shadow: Shadow {
    Shadow {
      Bulkhead(1, waiters: 1)
      RateLimit(1)
      AdaptiveLimit(initial: 1, min: 1, waiters: 1)
      Deadline(.milliseconds(1))
      Retry(5, budget: .share())
      Hedge(after: .fixed(.milliseconds(1)), extraLoad: 1)
      CircuitBreaker(.consecutive(1))
      AttemptTimeout(.milliseconds(1))
      Cache(ttl: .milliseconds(100))
      SingleFlight()
      Fallback(value: StormRequest.fallback)
      Balance(.leastLoaded, panicBelow: 0.5)
      Pool(size: 1, waiters: 1, idle: .milliseconds(100), lifetime: .seconds(1))
      Timeouts(
        connect: .milliseconds(1), pool: .milliseconds(1), write: .milliseconds(1), read: .milliseconds(1),
        attempt: .milliseconds(1))
    }
  }

  private static func retry(_ retries: Int, using generator: inout SeededGenerator) -> Retry {
    var retry = Retry(retries)
    let from = generator.milliseconds(1...200)
    switch generator.int(0...2) {
    case 0: retry.backoff = .constant(from, jitter: generator.pick([.none, .full]))
    case 1: retry.backoff = .exponential(from: from, cap: longestPause)
    default: break
    }
    retry.pushBackLimit = generator.pick([.zero, .milliseconds(200), .seconds(2)])
    if generator.chance(0.5) {
      retry.budget = .share(
        generator.pick([0, 0.1, 0.5]), floor: generator.pick([0.1, 1, 10]), over: .seconds(generator.int(1...10)))
    }
    return retry
  }

  /// The longest that a back-off lasts.
  static let longestPause = Duration.milliseconds(500)

  private static func balance(using generator: inout SeededGenerator) -> Balance {
    let algorithm = generator.pick([
      Balance.Algorithm.inOrder, .shuffled, .roundRobin, .weighted, .leastLoaded, .powerOfTwoChoices,
      .peakEWMA(decay: .seconds(1)), .consistentHash(points: 20, bound: 1.25),
    ])
    return Balance(
      algorithm, panicBelow: generator.pick([0, 0, 0.3, 0.6, 1]), maxEjected: generator.pick([1, 1, 0.5, 0]),
      slowStart: generator.pick([nil, .seconds(5)]))
  }
}
