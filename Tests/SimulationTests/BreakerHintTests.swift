import SeaThrift
import SeaThriftTesting
import Testing

/// A store that a test has under its thumb.
private final class ScriptedBreakerStore: BreakerStateStore, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private let world: World
  var delay = Duration.zero
  var isFailing = false
  var open: [String: Duration] = [:]
  private(set) var told: [String] = []

  init(_ world: World) { self.world = world }

  private func answer() async throws {
    if delay > .zero { try await world.sleep(for: delay) }
    if isFailing { throw CancellationError() }
  }

  func setOpen(_ circuit: String, for duration: Duration) async throws {
    try await answer()
    told.append(duration > .zero ? "open \(circuit)" : "closed \(circuit)")
  }

  func openCircuits() async throws -> [String: Duration] {
    try await answer()
    return open
  }
}

@Suite("Breakers that tell each other")
struct BreakerHintTests {
  /// Runs `body` with a group on a host of its own that is connected to the store.
  private func client(
    _ name: String, in world: World, _ store: any BreakerStateStore,
    _ body: @escaping @Sendable (ServiceGroup, ObservedClient) async throws -> Void
  ) async throws {
    try await world.host(name).run {
      let observer = ObservedClient(world)
      let hints = try BreakerHints(store, refresh: .milliseconds(100))
      var configuration = ClientConfiguration()
      configuration.breakerHints = hints
      configuration.observers = [observer]
      try await withThrowingTaskGroup { tasks in
        tasks.addTask { await hints.run() }
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)], configuration: configuration) {
          PerEndpoint { CircuitBreaker(.consecutive(2), reopen: .constant(.seconds(5))) }
        } body: { (group) async throws -> Void in
          try await body(group, observer)
        }
        tasks.cancelAll()
      }
    }
  }

  @Test("an instance need not fail itself to leave alone what another one found down, until that expires")
  func shared() async throws {
    try await simulate(seed: 1) { world in
      world.server("a").refuseConnections()
      world.server("b")
      try await world.sleep(for: .seconds(1))
      let store = InMemoryBreakerStateStore()
      try await client("first", in: world, store) { (group, observer) async throws -> Void in
        for _ in 0..<2 { _ = try await group.add(1, 1) }
        #expect(await group.breakerStates[.tcp("a", 9090)] == .open)
        try await world.sleep(for: .milliseconds(200))
      }
      #expect(Array(store.openCircuits().keys) == ["a:9090"])
      try await client("second", in: world, store) { (group, observer) async throws -> Void in
        try await world.sleep(for: .milliseconds(200))
        #expect(try await group.add(1, 1) == 2)
        #expect(observer.log.filter { $0.hasSuffix("breaker closed to open") }.count == 1)
        #expect(observer.openConnections == 1, "no connection to the one that is down was tried")
        #expect(await group.breakerStates[.tcp("a", 9090)] == .open)
        // It is not this instance that says so: the hint must not live for ever.
        try await world.sleep(for: .seconds(5))
        #expect(store.openCircuits().isEmpty)
        world.host("a").admitConnections()
        #expect(try await group.add(1, 1) == 2)
        #expect(await group.breakerStates[.tcp("a", 9090)] == .closed, "the probe has found out")
      }
      try await client("third", in: world, store) { (group, observer) async throws -> Void in
        try await world.sleep(for: .milliseconds(200))
        #expect(try await group.add(1, 1) == 2)
        #expect(observer.log.allSatisfy { !$0.contains("breaker") }, "the hint is stale")
      }
    }
  }

  @Test("what an instance has measured as success, no hint overrides; what it finds closed, it tells")
  func ownSuccess() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      world.server("b")
      try await world.sleep(for: .seconds(1))
      let store = ScriptedBreakerStore(world)
      try await client("client", in: world, store) { (group, observer) async throws -> Void in
        #expect(try await group.add(1, 1) == 2)
        store.open = ["a:9090": .seconds(60)]
        try await world.sleep(for: .seconds(1))
        for _ in 0..<3 { _ = try await group.add(1, 1) }
        #expect(await group.breakerStates[.tcp("a", 9090)] == .closed)
        try await world.sleep(for: .seconds(11))
        #expect(try await group.add(1, 1) == 2)
        #expect(await group.breakerStates[.tcp("a", 9090)] == .open, "its own success is long ago")
        store.open = [:]
        try await world.sleep(for: .seconds(6))
        for _ in 0..<2 { _ = try await group.add(1, 1) }
        try await world.sleep(for: .milliseconds(200))
        #expect(store.told == ["closed a:9090"], "an opening that it only heard of it does not tell")
      }
    }
  }

  @Test("a store that is slow or fails delays no call and fails none", arguments: [true, false])
  func brokenStore(isFailing: Bool) async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      world.server("b")
      try await world.sleep(for: .seconds(1))
      let store = ScriptedBreakerStore(world)
      store.open = ["a:9090": .seconds(60)]
      if isFailing { store.isFailing = true } else { store.delay = .seconds(1000) }
      try await client("client", in: world, store) { (group, observer) async throws -> Void in
        for _ in 0..<20 {
          let call = await world.timed { try await group.add(1, 1) }
          #expect(call.result.value == 2)
          #expect(call.took <= .microseconds(400))
          try await world.sleep(for: .milliseconds(30))
        }
        #expect(observer.log.count == 1, "one connection, and no breaker: \(observer.log)")
        world.host("a").refuseConnections()
        world.host("a").kill()
        for _ in 0..<3 { _ = try await group.add(1, 1) }
        #expect(await group.breakerStates[.tcp("a", 9090)] == .open, "it goes by what it sees itself")
      }
    }
  }

  @Test("a method's breaker has a circuit of its own")
  func methods() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.server(name) }
      try await world.sleep(for: .seconds(1))
      let store = ScriptedBreakerStore(world)
      try await client("client", in: world, store) { (group, observer) async throws -> Void in
        var policy = await group.policy
        policy.methods["Calculator.add"] = MethodPolicy()
        policy.methods["Calculator.add"]?.circuitBreaker = CircuitBreaker(
          .consecutive(1), reopen: .constant(.seconds(5)))
        try await group.update(policy)
        store.open = ["a:9090 Calculator.add": .seconds(3)]
        try await world.sleep(for: .milliseconds(200))
        #expect(try await group.add(1, 1) == 2)
        #expect(observer.log.filter { $0.hasSuffix("breaker closed to open") }.count == 1)
        #expect(await group.breakerStates[.tcp("a", 9090)] == .closed, "the endpoint as a whole is not meant")
        #expect(observer.log.allSatisfy { !$0.contains("a:9090 open") }, "\(observer.log)")
        // A new policy leaves what the breaker knows.
        try await group.update(policy)
        #expect(try await group.add(1, 1) == 2)
        #expect(observer.log.filter { $0.hasSuffix("breaker closed to open") }.count == 1)
        store.open = [:]
        try await world.sleep(for: .seconds(3))
        #expect(try await group.add(1, 1) == 2)
        try await world.sleep(for: .milliseconds(200))
        #expect(store.told == ["closed a:9090 Calculator.add"])
        world.host("a").kill()
        #expect(try await group.add(1, 1) == 2)
        try await world.sleep(for: .milliseconds(200))
        #expect(store.told.last == "open a:9090 Calculator.add")
      }
    }
  }

  @Test("breakers around any async call share a store too, alone and in a pipeline")
  func runners() async throws {
    struct Down: Error {}
    try await simulate(seed: 1) { world in
      let store = InMemoryBreakerStateStore()
      let policy = CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(5)))
      let hints = try (0..<3).map { _ in try BreakerHints(store, refresh: .milliseconds(100)) }
      try await withThrowingTaskGroup { tasks in
        for hint in hints { tasks.addTask { await hint.run() } }
        let first = try policy.runner(hints: hints[0].circuit("payments"))
        let changes = Log()
        let second = try CircuitBreaker.Runner(policy, hints: hints[1].circuit("payments")) {
          changes.add("\($0.from) to \($0.to)")
        }
        let pipeline = try Pipeline(hints: hints[2].circuit("payments")) { policy }
        let other = try policy.runner(hints: hints[1].circuit("search"))
        try await second.run {}
        try await world.sleep(for: .seconds(9))
        await #expect(throws: Down.self) { try await first.run { throw Down() } }
        try await world.sleep(for: .milliseconds(300))
        try await second.run {}
        #expect(changes.lines.isEmpty, "its own success is not 10 s old")
        let refusal = await #expect(throws: ResilienceError.self) { try await pipeline.run {} }
        #expect(refusal?.code == .circuitOpen)
        try await other.run {}
        try await world.sleep(for: .seconds(5))
        try await pipeline.run {}
        try await first.run {}
        try await world.sleep(for: .milliseconds(300))
        #expect(store.openCircuits().isEmpty)
        try await world.sleep(for: .seconds(10))
        await #expect(throws: Down.self) { try await first.run { throw Down() } }
        try await world.sleep(for: .milliseconds(300))
        await #expect(throws: ResilienceError.self) { try await second.run {} }
        #expect(changes.lines == ["closed to open"])
        tasks.cancelAll()
      }
    }
  }

  @Test("hints of a store that has fallen silent expire")
  func silence() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.server(name) }
      try await world.sleep(for: .seconds(1))
      let store = ScriptedBreakerStore(world)
      store.open = ["a:9090": .milliseconds(400)]
      try await client("client", in: world, store) { (group, observer) async throws -> Void in
        try await world.sleep(for: .milliseconds(50))
        store.delay = .seconds(1000)
        try await world.sleep(for: .milliseconds(500))
        #expect(try await group.add(1, 1) == 2)
        #expect(await group.breakerStates[.tcp("a", 9090)] == .closed)
      }
    }
  }

  @Test("bad values are errors")
  func validation() {
    let error = #expect(throws: PolicyError.self) {
      try BreakerHints(InMemoryBreakerStateStore(), refresh: .zero)
    }
    #expect(error.map { "\($0)" } == "BreakerHints.refresh is 0s, allowed is 1ms...366d")
  }
}
