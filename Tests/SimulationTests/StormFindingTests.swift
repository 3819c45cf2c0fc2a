import SeaThriftSockets
import SeaThriftStorm
import SeaThriftTesting
import Testing

/// One test for each cause that a storm's seed has led to. Documentation/Decisions/simulation-findings.md tells about them.
@Suite("What the storms have found")
struct StormFindingTests {
  /// The causes that were the storm's own, and what each has of the product's; as the product changes, what a seed does
  /// changes too, so the product's have a test of their own below.
  @Test(
    "seeds that broke a storm break none any more",
    arguments: [
      // Retries were counted when they began, their budget counts them when they are decided on.
      9_000_102, 20_000_078, 20_000_230,
      // The storm's server waited for its reloads after it had failed to listen.
      9_100_090,
      // The queue of an adaptive limit, which ends with the deadline, was left out of the longest call.
      20_001_401, 20_001_696, 20_002_306, 20_004_013,
      // Hedges were held against the calls that found no endpoint, those that the spare group answered left out.
      20_004_282,
      // The simulation, the rate limit, and hedges.
      20_020_136, 9_000_242, 20_000_192, 20_004_455,
    ] as [UInt64])
  func oldSeeds(seed: UInt64) async throws {
    try await simulate(seed: seed) { world in try await Storm.run(in: world) }
  }

  @Test("a group whose circuits were all open takes calls again, which find out who is back (9)", arguments: [1, 3])
  func placesWhenAllAreOpen(endpoints: Int) async throws {
    // The places of the group's gate followed the endpoints that may be chosen: there were none for the probes.
    try await simulate(seed: 9) { world in
      let names = (0..<endpoints).map { "server\($0)" }
      for name in names { world.server(name) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: .list(names.map { .tcp($0, 9090) })) { group in
          for name in names { world.host(name).kill() }
          for _ in 0..<20 { _ = try? await group.add(1, 1) }
          #expect(await group.breakerStates.values.allSatisfy { $0 == .open })
          for name in names { world.host(name).restart() }
          // The breaker rests for 10 s.
          try await world.sleep(for: .seconds(20))
          #expect(try await group.add(1, 1) == 2)
          #expect(await group.heldByCalls.isEmpty)
        }
      }
    }
  }

  @Test("calls that leave the queue of a rate limit leave their tokens, and none is there twice (9000242)")
  func rateAfterCancelling() async throws {
    try await simulate(seed: 9_000_242) { world in
      let log = Log()
      try await world.host("client").run {
        let limit = try RateLimit(10, burst: 1, wait: .seconds(10)).runner()
        await withTaskGroup { tasks in
          for number in 0..<40 {
            tasks.addTask {
              await withTaskGroup(of: Void.self) { call in
                call.addTask { try? await limit.run { log.add("\(world.now / .milliseconds(1))") } }
                guard number % 2 == 1 else { return }
                // Every other one gives up while it waits.
                try? await world.sleep(for: .milliseconds(50 + number))
                call.cancelAll()
              }
            }
          }
        }
      }
      let times = log.lines.compactMap { Double($0) }
      #expect(times.count >= 20)
      for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= 99.999) }
    }
  }

  @Test(
    "no hedge begins when its call has ended, failed or was cancelled in the same instant (20000192, 20004455)",
    arguments: [0, 1, 2, 3, 4] as [UInt64])
  func hedgeAtTheEnd(seed: UInt64) async throws {
    try await simulate(seed: seed) { world in
      for name in ["a", "b"] { world.slowServer(name, .milliseconds(100)) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        // The call takes 100.2 ms when there is a connection.
        for (read, patience) in [(250.0, 1000.0), (100.1, 1000.0), (250.0, 100.2)] {
          let order = AttemptOrder()
          var configuration = ClientConfiguration()
          configuration.observers = [order]
          try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)], configuration: configuration) {
            Retry(0)
            Method(Calculator.peek) { Hedge(after: .fixed(.milliseconds(min(read, 100.2, patience))), extraLoad: 1) }
          } body: { (group) async throws -> Void in
            _ = try await group.add(1, 1)
            var policy = await group.policy
            policy.perEndpoint.timeouts.read = .milliseconds(read)
            try await group.update(policy)
            order.forget()
            await withTaskGroup(of: Void.self) { tasks in
              tasks.addTask { _ = try? await group.call(Calculator.peek, .init(1, 1)) }
              try? await world.sleep(for: .milliseconds(patience))
              order.isOver = true
              tasks.cancelAll()
            }
          }
          #expect(order.began >= 1)
          #expect(order.lateBeginnings == 0, "read \(read), patience \(patience)")
        }
      }
    }
  }

  @Test("what a killed process has left behind ends, though the host is frozen and restarted since (20020136)")
  func frozenAfterKilling() async throws {
    try await simulate(seed: 20_020_136) { world in
      let host = world.host("a")
      let log = Log()
      for seconds in [5, 15] {
        try await host.run {
          let loop = Network.current.loops[0]
          _ = loop.schedule(at: loop.now.advanced(by: .seconds(seconds)), .call { log.add("\(world.now)") })
        }
      }
      host.kill()
      host.freeze()
      try await world.sleep(for: .seconds(10))
      host.restart()
      host.freeze()
      try await world.sleep(for: .seconds(10))
      host.thaw()
      #expect(log.lines == ["5.0 seconds", "15.0 seconds"])
    }
  }
}

extension StormFindingTests {
  @Test(
    "an endpoint whose name nobody answers for is found out, and asked no more than any other that is down (outage 23)")
  func deadName() async throws {
    // Calls gave up waiting for a connection, which said nothing; making it had no end, as looking up the name had none.
    try await simulate(seed: 23) { world in
      world.server("well")
      _ = world.host("dead")
      world.setName("dead", isFailing: true)
      world.setName("dead", delay: .seconds(10))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("dead", 9090), .tcp("well", 9090)]) {
          Balance(.roundRobin)
          Retry(1)
        } body: { (group) async throws -> Void in
          for _ in 0..<40 {
            _ = try await group.add(1, 1)
            try await world.sleep(for: .milliseconds(50))
          }
          #expect(await group.breakerStates[.tcp("dead", 9090)] == .open)
          try await world.sleep(for: .seconds(15))
          let start = world.now
          for _ in 0..<100 { _ = try await group.add(1, 1) }
          #expect(world.now - start < .milliseconds(200), "one of them was the probe")
        }
      }
    }
  }

  @Test("an attempt that had to leave time for the next, and brought nothing, counts against its endpoint (outage 19)")
  func sharedTime() async throws {
    // With more retries than two, a share was never half of the read timeout, and the circuit never opened.
    try await simulate(seed: 19) { world in
      for name in ["a", "b", "c"] { world.server(name) }
      try await world.sleep(for: .seconds(1))
      world.host("a").freeze()
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090), .tcp("c", 9090)]) {
          Balance(.roundRobin)
          Retry(3, backoff: .constant(.milliseconds(1)))
        } body: { (group) async throws -> Void in
          for _ in 0..<30 { _ = try? await withDeadline(.milliseconds(250)) { try await group.add(1, 1) } }
          #expect(await group.breakerStates[.tcp("a", 9090)] == .open)
          #expect(await group.breakerStates[.tcp("b", 9090)] == .closed)
        }
      }
    }
  }

  @Test(
    "a connection that waited for its first call, and is dead by then, says nothing about its endpoint (outage 440)")
  func unusedConnection() async throws {
    try await simulate(seed: 440) { world in
      world.server("server")
      world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(40))))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("server", 9090)]) {
          Retry(0)
          PerEndpoint { CircuitBreaker(.consecutive(1)) }
        } body: { (group) async throws -> Void in
          // Its connection is made when it has gone.
          await #expect(throws: RPCError.self) {
            try await withDeadline(.milliseconds(50)) { try await group.add(1, 1) }
          }
          try await world.sleep(for: .seconds(3))
          world.host("server").crash()
          world.host("server").restart()
          try await world.sleep(for: .seconds(1))
          #expect(try await group.call(Calculator.peek, .init(1, 1)) == 2)
          #expect(await group.breakerStates[.tcp("server", 9090)] == .closed)
        }
      }
    }
  }

  @Test("how long this process stood still is not taken for what a method takes (outage 611)")
  func stallAndSharedTime() async throws {
    try await simulate(seed: 611) { world in
      for name in ["a", "b"] { world.slowServer(name, .milliseconds(20)) }
      try await world.sleep(for: .seconds(1))
      let client = world.host("client")
      try await client.run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090), .tcp("b", 9090)]) { (group) async throws -> Void in
          for isStalled in [false, true, true] {
            if isStalled {
              world.schedule(after: .milliseconds(5)) { client.freeze() }
              world.schedule(after: .seconds(1)) { client.thaw() }
            }
            #expect(try await withDeadline(.milliseconds(250)) { try await group.add(1, 1) } == 2)
          }
          world.host("a").freeze()
          #expect(try await withDeadline(.milliseconds(250)) { try await group.add(1, 1) } == 2)
        }
      }
    }
  }

  @Test("a full server that stops leaves no timer behind, with which it waits for a place (outage 77)")
  func timersOfAFullServer() async throws {
    try await simulate(seed: 77) { world in
      var configuration = ServerConfiguration()
      configuration.maxConnections = 1
      world.server("server", configuration: configuration)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("server", 9090)]) { (first) async throws -> Void in
          try await withServiceGroup("sums", at: [.tcp("server", 9090)]) { (second) async throws -> Void in
            #expect(try await first.add(1, 1) == 2)
            #expect(try await second.add(1, 1) == 2)
          }
        }
      }
    }
  }

  @Test("a simulation ends though a host is frozen (outage 3)")
  func endWhileFrozen() async throws {
    try await simulate(seed: 3) { world in
      world.server("server")
      try await world.sleep(for: .seconds(1))
      world.host("server").freeze()
    }
  }
}

/// In which order the attempts of one call begin and end.
private final class AttemptOrder: ClientObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private(set) var began = 0
  /// How many began when one had ended, or the call was over.
  private(set) var lateBeginnings = 0
  private var ended = 0
  var isOver = false

  func forget() {
    (began, ended, lateBeginnings) = (0, 0, 0)
  }

  func attemptStarted(_ method: String, endpoint: EndpointAddress) {
    began += 1
    if isOver || ended > 0 { lateBeginnings += 1 }
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    ended += 1
  }
}
