import SeaThriftTesting
import Testing

/// A server in the middle with two loops, whose handler calls those behind it through one group.
@Suite("A group that is spread over all loops")
struct SpreadGroupTests {
  private struct Chain: Sendable {
    let world: World
    let middle: ServiceGroup
    let watched: ObservedClient
    /// Calls the server in the middle, over as many connections as there are calls at once.
    let front: ServiceGroup
    let running: Most
  }

  /// The most calls that ran at once behind the middle.
  private final class Most: @unchecked Sendable {
    // @unchecked: used on the world's thread only.
    private var now = 0
    private(set) var most = 0
    func begin() {
      now += 1
      most = max(most, now)
    }
    func end() { now -= 1 }
  }

  private func withChain(
    _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Chain) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      let running = Most()
      for name in ["a", "b"] {
        world.server(name) { one, other in
          running.begin()
          defer { running.end() }
          try await world.sleep(for: .milliseconds(10))
          return one + other
        }
      }
      try await world.sleep(for: .seconds(1))
      let ready = Handover()
      let watched = ObservedClient(world)
      let middle = world.host("middle", loops: 2)
      middle.start {
        var configuration = ClientConfiguration()
        configuration.spread = .everyLoop
        configuration.observers = [watched]
        policy(&configuration)
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)], configuration: configuration) {
          group in
          ready.group = group
          try await ThriftServer(on: .tcp("0.0.0.0", 9090)) {
            Calculator.service { try await group.add($0, $1) }
          }.run()
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("front").run {
        let group = try #require(ready.group)
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.timeouts.read = .seconds(5)
        try await withServiceGroup("front", at: [.tcp("middle", 9090)], configuration: configuration) { front in
          try await body(
            Chain(world: world, middle: group, watched: watched, front: front, running: running))
        }
      }
    }
  }

  private final class Handover: @unchecked Sendable {
    // @unchecked: used on the world's thread only.
    var group: ServiceGroup?
  }

  @Test("has connections on each, and calls from each are answered")
  func everyLoop() async throws {
    try await withChain { chain in
      let codes = await chain.world.codes(8) { try await chain.front.add(1, 1) }
      #expect(codes.allSatisfy { $0 == nil } && chain.watched.connections == 8)
      // Each call stays on its loop: so each loop keeps as many connections as it had calls at once, and makes no more.
      for _ in 0..<5 { _ = await chain.world.codes(8) { try await chain.front.add(1, 1) } }
      #expect(chain.watched.connections == 8)
      #expect(await chain.middle.heldByCalls == [])
    }
  }

  @Test("keeps limits that are those of the whole")
  func sharedLimits() async throws {
    try await withChain({ $0.policy.bulkhead = Bulkhead(2, waiters: 100) }) { chain in
      #expect(await chain.world.codes(10) { try await chain.front.add(1, 1) }.allSatisfy { $0 == nil })
      #expect(chain.running.most == 2)
      #expect(await chain.middle.heldByCalls == [])
    }
  }

  @Test("opens a circuit everywhere when it opens on one loop")
  func sharedBreakers() async throws {
    try await withChain { chain in
      chain.world.host("a").refuseConnections()
      chain.world.host("a").kill()
      // One call after the other, on one connection and so on one loop.
      for _ in 0..<6 { _ = try await chain.front.add(1, 1) }
      #expect(chain.watched.openings[.tcp("a", 9090)] == 2, "on the loop that found out, and on the one that heard")
      let before = chain.watched.attemptsAt[.tcp("a", 9090)]
      #expect(await chain.world.codes(8) { try await chain.front.add(1, 1) }.allSatisfy { $0 == nil })
      #expect(chain.watched.attemptsAt[.tcp("a", 9090)] == before)
      #expect(await chain.middle.breakerStates[.tcp("a", 9090)] == .open)
    }
  }

  @Test("takes new policies everywhere")
  func update() async throws {
    try await withChain { chain in
      _ = await chain.world.codes(8) { try await chain.front.add(1, 1) }
      var policy = Policy.default
      policy.bulkhead = Bulkhead(1, waiters: 100)
      try await chain.middle.update(policy)
      #expect(await chain.world.codes(8) { try await chain.front.add(1, 1) }.allSatisfy { $0 == nil })
      #expect(await chain.middle.policy == policy)
    }
  }

  @Test("lets the calls of every loop end before it is shut down")
  func shutdown() async throws {
    try await withChain { chain in
      async let codes = chain.world.codes(8) { try await chain.front.add(1, 1) }
      try await chain.world.sleep(for: .milliseconds(5))
      #expect(await chain.middle.shutdown(within: .seconds(1)))
      #expect(await codes.allSatisfy { $0 == nil })
      #expect(chain.watched.openConnections == 0)
      await #expect(throws: (any Error).self) { try await chain.front.add(1, 1) }
    }
  }
}
