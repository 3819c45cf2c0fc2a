import SeaThriftTesting
import Testing

@Suite("More callers than there are places")
struct OverloadTests {
  @Test("of 10,000 at once those succeed that have a place")
  func tenThousand() async throws {
    try await withTrial(
      ["a", "b", "c"],
      {
        $0.policy = .recommended
        $0.policy.perEndpoint.timeouts.pool = .seconds(1)
      },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(20))
      }
    ) { (trial) async throws -> Void in
      let codes = await trial.world.codes(10_000) { try await trial.group.add(1, 1) }
      let ok = codes.count { $0 == nil }
      #expect(ok >= 330, "\(ok) of 330 places")
      #expect(codes.allSatisfy { $0 == nil || $0 == .unavailable })
      #expect(await trial.group.heldByCalls == [])
      #expect(try await trial.calls(3) == [], "nobody has kept a place")
    }
  }

  @Test("with the timeouts of the presets as they are, too", arguments: [Policy.default, .recommended])
  func thousandByDefault(policy: Policy) async throws {
    try await withTrial(["a", "b", "c"], { $0.policy = policy }) { trial in
      let codes = await trial.world.codes(2_000) { try await trial.group.add(1, 1) }
      let ok = codes.count { $0 == nil }
      #expect(ok >= 330, "\(ok) of 330 places")
    }
  }

  @Test("a call that is turned away says so at once, and that nothing was sent")
  func refusal() async throws {
    try await withTrial(
      ["a"], { $0.policy.perEndpoint.pool = Pool(size: 1, waiters: 1) },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(50))
      }
    ) { trial in
      try await withThrowingDiscardingTaskGroup { tasks in
        for _ in 0..<2 { tasks.addTask { _ = try await trial.group.add(1, 1) } }
        try await trial.world.sleep(for: .milliseconds(1))
        let before = trial.world.now
        let error = await #expect(throws: RPCError.self) { try await trial.group.spend(1, 1) }
        #expect(error?.code == .unavailable && error?.isUnsent == true && trial.world.now == before)
        #expect((error?.cause as? RPCError)?.code == .poolFull)
      }
      #expect(trial.client.attempts == 2, "it is no attempt")
    }
  }

  @Test("whoever pauses before a retry takes up no place")
  func pauses() async throws {
    try await withTrial(
      ["a"],
      {
        $0.policy.perEndpoint.pool = Pool(size: 1, waiters: 0)
        $0.policy.retry = Retry(1, backoff: .constant(.seconds(5)))
        $0.neverOpens()
      }
    ) { (trial) async throws -> Void in
      trial.world.host("a").kill()
      try await withThrowingDiscardingTaskGroup { tasks in
        tasks.addTask { _ = try await trial.group.add(1, 1) }
        try await trial.world.sleep(for: .seconds(1))
        trial.world.host("a").restart()
        try await trial.world.sleep(for: .seconds(1))
        #expect(try await trial.calls(3) == [])
      }
    }
  }

  @Test("places follow the policy and the endpoints that may be chosen")
  func placesFollow() async throws {
    try await withTrial(
      ["a", "b"],
      {
        $0.policy.balance = Balance(.roundRobin)
        $0.policy.perEndpoint.pool = Pool(size: 1, waiters: 0)
      },
      handle: { world, _ in
        try await world.sleep(for: .milliseconds(20))
      }
    ) { trial in
      func succeeding() async -> Int {
        await trial.world.codes(20) { try await trial.group.add(1, 1) }.count { $0 == nil }
      }
      _ = try await trial.calls(1)
      #expect(await succeeding() == 2)
      var policy = await trial.group.policy
      policy.perEndpoint.pool = Pool(size: 3, waiters: 1)
      try await trial.group.update(policy)
      #expect(await succeeding() == 8)
      trial.world.host("a").kill()
      _ = try await trial.calls(20)
      #expect(await succeeding() == 4)
    }
  }

  // MARK: Thousands who wait, and give up at once

  private static let crowd = 2_000

  /// Has a crowd wait, and give up in the instant in which what they wait for comes.
  private func giveUp(
    in world: World, after wait: Duration, _ call: @escaping @Sendable () async throws -> Void
  ) async throws {
    await withTaskGroup { tasks in
      for _ in 0..<Self.crowd { tasks.addTask { try? await call() } }
      try? await world.sleep(for: wait)
      tasks.cancelAll()
    }
  }

  @Test("of a connection")
  func pool() async throws {
    try await withTrial(
      ["a"],
      {
        $0.policy.retry = Retry(0)
        $0.policy.perEndpoint.pool = Pool(size: 1, waiters: 20_000)
        $0.policy.perEndpoint.timeouts.pool = .milliseconds(50)
      },
      handle: { world, _ in
        if world.now < .milliseconds(1_010) { try await world.sleep(for: .milliseconds(50) - .microseconds(200)) }
      }
    ) { (trial) async throws -> Void in
      // The pool timeout of all ends in the instant in which the connection comes back.
      let codes = await trial.world.codes(Self.crowd) { try await trial.group.add(1, 1) }
      #expect(codes.contains(nil))
      #expect(await trial.group.heldByCalls == [])
      #expect(try await trial.calls(3) == [])
      try await self.giveUp(in: trial.world, after: .milliseconds(1)) { _ = try await trial.group.add(1, 1) }
      #expect(await trial.group.heldByCalls == [])
      #expect(try await trial.calls(3) == [])
    }
  }

  @Test("of a place in a bulkhead or an adaptive limit, or of a token")
  func limits() async throws {
    try await simulate(seed: 1) { world in
      let bulkhead = try Bulkhead(1, waiters: 20_000, wait: .milliseconds(50)).runner()
      let adaptive = try AdaptiveLimit(initial: 5, waiters: 20_000).runner()
      let rate = try RateLimit(20, per: .seconds(1), burst: 1, wait: .seconds(1_000)).runner()
      let hold: @Sendable () async throws -> Void = { try await world.sleep(for: .milliseconds(50)) }
      // In the instant in which the first has ended, once by time and once by cancellation.
      let codes = await world.codes(Self.crowd) { try await bulkhead.run(hold) }
      #expect(codes.count == Self.crowd && bulkhead.running == 0)
      for wait in [Duration.milliseconds(50), .milliseconds(51)] {
        try await self.giveUp(in: world, after: wait) { try await bulkhead.run(hold) }
        try await self.giveUp(in: world, after: wait) { try await adaptive.run(hold) }
        try await self.giveUp(in: world, after: wait) { try await rate.run {} }
        #expect(bulkhead.running == 0 && adaptive.running == 0 && rate.waiting == 0)
      }
      #expect(try await bulkhead.run { 1 } == 1)
      #expect(try await adaptive.run { 1 } == 1)
      #expect(try await rate.run { 1 } == 1)
    }
  }

  @Test("of a call that they share")
  func singleFlight() async throws {
    try await simulate(seed: 1) { world in
      let flight = SingleFlight.Runner<String, Int>()
      let made = Counter()
      try await self.giveUp(in: world, after: .milliseconds(50)) {
        _ = try await flight.run("key") {
          made.count += 1
          try await world.sleep(for: .milliseconds(50))
          return 1
        }
      }
      #expect(made.count >= 1)
      #expect(try await flight.run("key") { 2 } == 2)
    }
  }
}
