import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("Hedging and faults")
struct HedgeFaultTests {
  private static func hedging(_ configuration: inout ClientConfiguration) {
    configuration.policy.retry = Retry(1, budget: .share(0.1, floor: 1, over: .seconds(10)))
    configuration.policy.methods["Calculator.peek"] = {
      var policy = MethodPolicy()
      policy.hedge = Hedge(after: .fixed(.milliseconds(10)), extraLoad: 1)
      return policy
    }()
  }

  @Test("a hedge hides no dead endpoint from its breaker, and loses no call", arguments: 1...10 as ClosedRange<UInt64>)
  func deadEndpoint(seed: UInt64) async throws {
    try await withTrial(["a", "b"], seed: seed, Self.hedging) { trial in
      for _ in 0..<5 { _ = try await trial.peek() }
      trial.world.host("a").crash()
      let failures = try await trial.calls(100, every: .milliseconds(100)) {
        try await $0.call(Calculator.peek, .init(1, 1))
      }
      #expect(failures == [])
      #expect(trial.openings(of: "a") >= 1)
      #expect(trial.attempts(at: "a") < 20, "calls do not go on connecting to it")
    }
  }

  @Test("a hedge hides no endpoint that has stopped, though it wins long before that has had its time")
  func stoppedEndpoint() async throws {
    try await withTrial(
      ["a", "b"],
      {
        Self.hedging(&$0)
        $0.policy.perEndpoint.timeouts.read = .milliseconds(500)
      }
    ) { trial in
      for _ in 0..<5 { _ = try await trial.peek() }
      trial.world.host("a").freeze()
      let failures = try await trial.calls(300, every: .milliseconds(50)) {
        try await $0.call(Calculator.peek, .init(1, 1))
      }
      #expect(failures == [])
      #expect(trial.openings(of: "a") >= 1)
      #expect(trial.attempts(at: "a") < 250, "\(trial.attempts(at: "a"))")
    }
  }

  @Test("an attempt that lost soon after its hedge began is no failure of its endpoint")
  func soonLost() async throws {
    try await withTrial(
      ["a", "b"], Self.hedging,
      handle: { world, name in
        if name == "a" { try await world.sleep(for: .milliseconds(100)) }
      }
    ) { trial in
      _ = try await trial.calls(30) { try await $0.call(Calculator.peek, .init(1, 1)) }
      #expect(trial.attempts(at: "a") == 30, "it was asked first each time")
      #expect(trial.openings(of: "a") == 0)
    }
  }

  @Test("a group of one endpoint makes no second attempt, and keeps its budget for retries")
  func oneEndpoint() async throws {
    for isListed in [true, false] {
      let source = isListed ? EndpointSource.list([.tcp("a", 9090)]) : EndpointSource { [.tcp("a", 9090)] }
      try await withTrial(
        ["a"], source: source,
        {
          Self.hedging(&$0)
          // One in all of the time.
          $0.policy.retry = Retry(
            1, backoff: .constant(.milliseconds(1)), budget: .share(0, floor: 0.1, over: .seconds(10)))
        },
        handle: { world, _ in
          try await world.sleep(for: .milliseconds(30))
        }
      ) { (trial) async throws -> Void in
        #expect(try await trial.calls(50) { try await $0.call(Calculator.peek, .init(1, 1)) } == [])
        #expect(trial.client.attempts == 50)
        trial.world.host("a").kill()
        _ = try await trial.calls(1) { try await $0.call(Calculator.peek, .init(1, 1)) }
        // A sequence that has ended names nobody for it.
        if isListed { #expect(trial.client.attempts == 52, "the retry was there") }
      }
    }
  }

  @Test("hedges leave half of a shared budget to retries")
  func sharedBudget() async throws {
    try await withTrial(
      ["a", "b"],
      {
        Self.hedging(&$0)
        $0.policy.retry = Retry(1, budget: .share(0, floor: 1, over: .seconds(10)))
        $0.neverOpens()
      },
      handle: { world, name in
        if name == "a" { try await world.sleep(for: .milliseconds(30)) }
      }
    ) { (trial) async throws -> Void in
      _ = try await trial.calls(50) { try await $0.call(Calculator.peek, .init(1, 1)) }
      #expect(trial.client.attempts == 55, "five hedges of the ten")
      trial.world.host("a").kill()
      #expect(try await trial.calls(5) == [], "five retries are left")
    }
  }

  /// Sleeps for 10 ms, by timers of the loop. Those of one turn fire in the order in which they were set, the hedge's
  /// first.
  private static func sleepUntilTheHedge() async throws {
    let time = TimeSource.current
    for part in [Duration.milliseconds(4), .milliseconds(6)] {
      try await time.sleep(until: time.now.advanced(by: part))
    }
  }

  @Test(
    "no hedge begins in the instant in which the attempt ends, however it ends",
    arguments: [true, false], 1...8 as ClosedRange<UInt64>)
  func sameInstant(succeeds: Bool, seed: UInt64) async throws {
    try await simulate(seed: seed) { world in
      let hedge = try Hedge(after: .fixed(.milliseconds(10)), extraLoad: 1).runner()
      for _ in 0..<20 {
        let begun = Counter()
        _ = try? await hedge.run { () async throws -> Int in
          begun.count += 1
          try await Self.sleepUntilTheHedge()
          if !succeeds { throw Undeclared() }
          return 1
        }
        #expect(begun.count == 1)
      }
    }
  }

  @Test("no hedge begins when the call was cancelled in that instant", arguments: 1...8 as ClosedRange<UInt64>)
  func cancelledInThatInstant(seed: UInt64) async throws {
    try await withTrial(
      ["a", "b"], seed: seed, Self.hedging,
      handle: { world, _ in
        try await world.sleep(for: .seconds(1))
      }
    ) { trial in
      await withTaskGroup { tasks in
        tasks.addTask { _ = try? await trial.peek() }
        try? await Self.sleepUntilTheHedge()
        tasks.cancelAll()
      }
      #expect(trial.client.attempts == 1)
    }
  }
}
