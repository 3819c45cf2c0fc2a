import SeaThriftTesting

/// What happened in a storm, and what of it must not have happened.
final class StormLedger: @unchecked Sendable {
  // @unchecked: used on the world's thread only.

  private let world: World
  private(set) var calls = 0
  /// How calls ended, by name.
  private(set) var endings: [String: Int] = [:]
  /// How often what storms are for happened.
  private(set) var sights: [String: Int] = [:]
  private(set) var violation: String?
  /// How many clients have come through.
  var recoveredClients = 0

  /// What the clients share.
  let cacheStore: StormCacheStore
  let breakerStore: StormBreakerStore
  /// The servers that run, by their names.
  var servers: [String: ThriftServer] = [:]

  /// The calls that the spare group was asked for, as their own group had failed.
  var askedSpare: Set<Int64> = []

  private var spent: [Int64: Int] = [:]

  init(_ world: World) {
    self.world = world
    cacheStore = StormCacheStore(world)
    breakerStore = StormBreakerStore(world)
  }

  func newCall() -> Int64 {
    calls += 1
    return Int64(calls)
  }

  func ended(_ ending: String) { endings[ending, default: 0] += 1 }

  /// Notes that something happened that storms are for.
  func saw(_ what: String) { sights[what, default: 0] += 1 }

  /// Adds a line to the trace.
  func note(_ text: String) { world.note(text) }

  /// Notes that something happened that never must.
  func violated(_ invariant: String) {
    world.note("VIOLATION: \(invariant)")
    if violation == nil { violation = invariant }
  }

  func executed(_ request: StormRequest, isSpend: Bool) {
    if !request.hasItsPayload { violated("call \(request.id) arrived with other bytes than were sent") }
    guard isSpend else { return }
    spent[request.id, default: 0] += 1
    if spent[request.id] != 1 { violated("call \(request.id), which is not idempotent, was executed twice") }
  }
}

/// The call that the current task makes.
enum StormCall {
  @TaskLocal static var id: Int64 = 0
  /// What it has of its own.
  @TaskLocal static var own: CallPolicy?
}
