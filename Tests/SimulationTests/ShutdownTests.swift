import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("Shutting down")
struct ShutdownTests {
  /// A group of these servers, the first of two of which refuses connections, a call that is under way, and what became of it and of the shutdown.
  private func shutdown(
    _ names: [String], within time: Duration,
    _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
    handle: @escaping @Sendable (World, String) async throws -> Void = { world, _ in
      try await world.sleep(for: .milliseconds(100))
    },
    _ check: @escaping @Sendable (_ isDrained: Bool, _ call: [RPCError.Code?], _ duration: Duration) -> Void
  ) async throws {
    try await withTrial(names, policy, handle: handle) { trial in
      if names.count > 1 { trial.world.host(names[0]).refuseConnections() }
      let start = trial.world.now
      async let running = trial.calls(1)
      try await trial.world.sleep(for: .milliseconds(20))
      let isDrained = await trial.group.shutdown(within: time)
      let duration = trial.world.now - start
      let later = try await trial.calls(1)
      #expect(later == [.closed])
      check(isDrained, try await running, duration)
    }
  }

  @Test("a group lets the calls that run end, and takes no new ones")
  func running() async throws {
    try await shutdown(["a"], within: .seconds(10)) { isDrained, call, duration in
      #expect(isDrained && call == [])
      #expect(duration < .milliseconds(200), "it waits for no longer than the calls take")
    }
  }

  @Test("a call that pauses before its retry is one of them")
  func pausing() async throws {
    try await shutdown(
      ["a", "b"], within: .seconds(10), { $0.policy.retry = Retry(1, backoff: .constant(.milliseconds(500))) }
    ) { isDrained, call, duration in
      #expect(isDrained && call == [])
      #expect(duration >= .milliseconds(400))
    }
  }

  @Test("it waits for no longer than it is told")
  func outOfTime() async throws {
    try await shutdown(["a"], within: .milliseconds(30)) { isDrained, call, duration in
      #expect(!isDrained)
      #expect(call == [], "what runs ends by itself")
      #expect(duration < .milliseconds(80))
    }
  }

  @Test("a group without calls is shut down at once, also twice and by several")
  func idle() async throws {
    try await withTrial(["a"]) { trial in
      let start = trial.world.now
      async let first = trial.group.shutdown(within: .seconds(10))
      async let second = trial.group.shutdown(within: .seconds(10))
      let third = await trial.group.shutdown(within: .seconds(10))
      let all = await [first, second, third]
      #expect(all == [true, true, true])
      #expect(trial.world.now == start)
    }
  }

  @Test("an endpoint that is called by itself does likewise")
  func endpoint() async throws {
    try await withTrial(["a"], handle: { world, _ in try await world.sleep(for: .milliseconds(100)) }) { trial in
      try await trial.world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        async let running = endpoint.call(Calculator.add, .init(1, 1))
        try await trial.world.sleep(for: .milliseconds(20))
        let isDrained = await endpoint.shutdown(within: .seconds(1))
        let sum = try await running
        #expect(isDrained && sum == 2)
        let error = await #expect(throws: RPCError.self) { try await endpoint.call(Calculator.add, .init(1, 1)) }
        #expect(error?.code == .closed && error?.isUnsent == true)
      }
    }
  }

  @Test("a server that is told to ends as if its task were cancelled: calls that run have their grace period")
  func server() async throws {
    try await simulate(seed: 1) { world in
      let host = world.host("server")
      let server = Lock<ThriftServer?>(nil)
      let hasEnded = Counter()
      host.start {
        let made = try ThriftServer(on: .tcp("0.0.0.0", 9090)) {
          Calculator.service { a, b in
            try await world.sleep(for: .milliseconds(100))
            return a + b
          }
        }
        server.withLock { $0 = made }
        try await made.run()
        hasEnded.count += 1
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("server", 9090))
        async let running = endpoint.call(Calculator.add, .init(1, 1))
        try await world.sleep(for: .milliseconds(20))
        server.withLock { $0 }?.beginGracefulShutdown()
        let sum = try await running
        try await world.sleep(for: .milliseconds(20))
        #expect(sum == 2)
        #expect(hasEnded.count == 1)
        await endpoint.close()
      }
    }
  }

  @Test("a server that is told to before it runs ends at once")
  func serverBeforeRunning() async throws {
    try await simulate(seed: 1) { world in
      try await world.host("server").run {
        let server = try ThriftServer(on: .tcp("0.0.0.0", 9090)) { Calculator.service { $0 + $1 } }
        server.beginGracefulShutdown()
        try await server.run()
      }
    }
  }
}
