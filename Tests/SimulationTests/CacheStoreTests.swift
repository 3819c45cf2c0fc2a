import SeaThrift
import SeaThriftTesting
import Testing

private struct StoreFailure: Error {}

/// A store that a test has under its thumb.
private final class ScriptedStore: CacheStore, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private let world: World
  var delay = Duration.zero
  var isFailing = false
  /// What every look-up finds.
  var found: (bytes: [UInt8], age: Duration)?
  private(set) var kept: [(bytes: [UInt8], keeping: Duration)] = []
  private(set) var cancelled = 0

  init(_ world: World) { self.world = world }

  private func answer() async throws {
    do {
      if delay > .zero { try await world.sleep(for: delay) }
    } catch {
      cancelled += 1
      throw error
    }
    if isFailing { throw StoreFailure() }
  }

  func value(for key: [UInt8]) async throws -> (bytes: [UInt8], age: Duration)? {
    try await answer()
    return found
  }

  func store(_ bytes: [UInt8], for key: [UInt8], keeping: Duration) async throws {
    try await answer()
    kept.append((bytes, keeping))
  }
}

@Suite("A cache's store that is shared")
struct CacheStoreTests {
  private func withStore(
    _ body: @escaping @Sendable (World, ScriptedStore, ServiceGroup, Counter) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      let served = Counter()
      let server = world.server("a") { a, b in
        served.count += 1
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let store = ScriptedStore(world)
        var configuration = ClientConfiguration()
        configuration.cacheStore = store
        configuration.cacheStoreTimeout = .milliseconds(20)
        try await withServiceGroup("sums", at: [.tcp(server.name, 9090)], configuration: configuration) {
          Method(Calculator.peek) { Cache(ttl: .seconds(10), staleIfError: .seconds(50)) }
        } body: { (group) async throws -> Void in
          try await body(world, store, group, served)
        }
      }
    }
  }

  @Test("what one process stored, another one finds, and it grows no younger by that")
  func shared() async throws {
    try await withStore { (world, store, group, served) async throws -> Void in
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      #expect(store.kept.map(\.keeping) == [.seconds(60)])
      #expect(served.count == 1)
      store.found = store.kept.first.map { ($0.bytes, .seconds(9)) }
      #expect(try await group.call(Calculator.peek, .init(4, 4)) == 5, "what is stored there counts")
      #expect(served.count == 1)
      store.found = nil
      try await world.sleep(for: .seconds(2))
      #expect(try await group.call(Calculator.peek, .init(4, 4)) == 8, "9 s old when it was found, and 11 s now")
    }
  }

  @Test("a store that fails is as good as none")
  func failing() async throws {
    try await withStore { (world, store, group, served) async throws -> Void in
      store.isFailing = true
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      #expect(served.count == 1, "it is kept in memory")
    }
  }

  @Test("a slow store delays a call by its timeout for each question, by no more than the deadline, and is cancelled")
  func slow() async throws {
    try await withStore { (world, store, group, served) async throws -> Void in
      store.delay = .seconds(60)
      let call = await world.timed { try await group.call(Calculator.peek, .init(2, 3)) }
      #expect(call.result.value == 5)
      #expect(call.took > .milliseconds(40) && call.took < .milliseconds(41), "\(call.took)")
      #expect(store.cancelled == 2)
      let hasty = await world.timed {
        try await withDeadline(.milliseconds(5)) { try await group.call(Calculator.peek, .init(7, 7)) }
      }
      #expect(hasty.result.code == .deadlineExceeded)
      #expect(hasty.took == .milliseconds(5))
      let tight = await world.timed {
        try await withDeadline(.milliseconds(25)) { try await group.call(Calculator.peek, .init(8, 8)) }
      }
      #expect(tight.result.value == 16, "it has its answer, and storing it takes no longer than the deadline")
      #expect(tight.took == .milliseconds(25))
      store.delay = .milliseconds(5)
      #expect(try await group.call(Calculator.peek, .init(9, 9)) == 18)
      #expect(store.kept.count == 1)
    }
  }

  @Test(
    "what a store holds that is no reply counts as nothing",
    arguments: [[], [0xFF], [0], Array(repeating: 0xAB, count: 1000), Array("no Thrift at all".utf8)] as [[UInt8]])
  func garbage(bytes: [UInt8]) async throws {
    try await withStore { (world, store, group, served) async throws -> Void in
      store.found = (bytes, .seconds(-5))
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      #expect(served.count == 1)
      world.host("a").kill()
      let error = await #expect(throws: RPCError.self) { try await group.call(Calculator.peek, .init(1, 1)) }
      #expect(error?.code == .unavailable, "nor does it replace an error")
    }
  }

  @Test("a stale reply of the store replaces an error")
  func stale() async throws {
    try await withStore { (world, store, group, served) async throws -> Void in
      #expect(try await group.call(Calculator.peek, .init(2, 3)) == 5)
      world.host("a").kill()
      store.found = store.kept.first.map { ($0.bytes, .seconds(30)) }
      #expect(try await group.call(Calculator.peek, .init(4, 4)) == 5)
      store.found = store.kept.first.map { ($0.bytes, .seconds(61)) }
      await #expect(throws: RPCError.self) { try await group.call(Calculator.peek, .init(5, 5)) }
    }
  }
}
