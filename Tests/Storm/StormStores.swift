import SeaThriftTesting

/// A store that is slow or broken at times.
private struct Moods {
  private let world: World
  private var generator: SeededGenerator

  init(_ world: World) {
    self.world = world
    generator = world.randomNumbers()
  }

  /// How long an answer takes; nil for none.
  mutating func delay() -> Duration? {
    switch generator.int(0...9) {
    case 0: nil
    case 1: generator.milliseconds(1...10_000)
    default: .milliseconds(1)
    }
  }

  mutating func isSpoiled() -> Bool { generator.chance(0.05) }
}

private struct StoreFailure: Error {}

/// What clients keep for each other.
final class StormCacheStore: CacheStore, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private let world: World
  private var moods: Moods
  private(set) var hits = 0
  private var kept: [[UInt8]: (bytes: [UInt8], since: Duration, until: Duration)] = [:]

  init(_ world: World) {
    self.world = world
    moods = Moods(world)
  }

  func value(for key: [UInt8]) async throws -> (bytes: [UInt8], age: Duration)? {
    guard let delay = moods.delay() else { throw StoreFailure() }
    try await world.sleep(for: delay)
    if moods.isSpoiled() { return ([1, 2, 3], .zero) }
    guard let found = kept[key], found.until > world.now else { return nil }
    hits += 1
    return (found.bytes, world.now - found.since)
  }

  func store(_ bytes: [UInt8], for key: [UInt8], keeping: Duration) async throws {
    guard let delay = moods.delay() else { throw StoreFailure() }
    try await world.sleep(for: delay)
    kept[key] = (bytes, world.now, world.now + keeping)
  }
}

/// What clients tell each other about circuits.
final class StormBreakerStore: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private let world: World
  private var moods: Moods
  private var open: [String: Duration] = [:]
  /// All that somebody has ever said to be open.
  private(set) var everOpen: Set<String> = []

  init(_ world: World) {
    self.world = world
    moods = Moods(world)
  }

  func setOpen(_ circuit: String, for duration: Duration) async throws {
    guard let delay = moods.delay() else { throw StoreFailure() }
    try await world.sleep(for: delay)
    open[circuit] = world.now + duration
    if duration > .zero { everOpen.insert(circuit) }
  }

  func openCircuits() async throws -> [String: Duration] {
    guard let delay = moods.delay() else { throw StoreFailure() }
    try await world.sleep(for: delay)
    open = open.filter { $0.value > world.now }
    return open.mapValues { $0 - world.now }
  }
}

/// The store as one client has it: what it says must be what it has measured.
struct StormClientStore: BreakerStateStore {
  let store: StormBreakerStore
  let observer: StormObserver

  func setOpen(_ circuit: String, for duration: Duration) async throws {
    if duration > .zero { observer.told(open: circuit) }
    try await store.setOpen(circuit, for: duration)
  }

  func openCircuits() async throws -> [String: Duration] { try await store.openCircuits() }
}

/// Another group that is called when all has failed, until the faults are over.
final class StormSpare: ThriftCaller, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private let group: ServiceGroup
  private let ledger: StormLedger
  var isOver = false

  /// What a call takes at most.
  static let longestCall = Duration.seconds(2)

  private init(_ group: ServiceGroup, _ ledger: StormLedger) {
    self.group = group
    self.ledger = ledger
  }

  static func with(
    _ source: EndpointSource, _ configuration: ClientConfiguration, _ ledger: StormLedger,
    _ body: (StormSpare) async throws -> Void
  ) async throws {
    var own = ClientConfiguration()
    (own.framing, own.format) = (configuration.framing, configuration.format)
    try await withServiceGroup("spare", at: source, configuration: own) {
      Deadline(Self.longestCall)
      PerEndpoint { Timeouts(read: .seconds(1)) }
    } body: { (group) async throws -> Void in
      try await body(StormSpare(group, ledger))
    }
  }

  nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    ledger.saw("call of the spare group")
    ledger.askedSpare.insert(StormCall.id)
    if isOver { throw RPCError(.unavailable, "the spare group is not asked any more") }
    return try await group.call(method, arguments)
  }
}
