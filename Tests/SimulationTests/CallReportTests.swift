import SeaThriftTesting
import Testing

@Suite("What observers are told of a call")
struct CallReportTests {
  /// Keeps what it is told.
  private final class Reports: ClientObserver, @unchecked Sendable {
    // @unchecked: used on the world's thread only.
    private(set) var started = 0
    private(set) var ended: [CallReport] = []
    private(set) var refused: [RPCError.Code] = []

    func callStarted(_ method: String) { started += 1 }
    func callEnded(_ report: CallReport) { ended.append(report) }
    func callRefused(_ method: String, error: RPCError) { refused.append(error.code) }
  }

  /// The reports of a trial, each of which two observers were told of.
  private func reports(
    _ names: [String], _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
    handle: @escaping @Sendable (World, String) async throws -> Void = { _, _ in },
    _ body: @escaping @Sendable (Trial) async throws -> Void
  ) async throws -> (reports: [CallReport], refused: [RPCError.Code]) {
    let (first, second) = (Reports(), Reports())
    try await withTrial(
      names,
      {
        $0.observers += [first, second] as [any ClientObserver]
        policy(&$0)
      }, handle: handle, body)
    #expect(first.ended.map(\.duration) == second.ended.map(\.duration) && first.refused == second.refused)
    #expect(first.started == first.ended.count)
    return (first.ended, first.refused)
  }

  private static let slowly: @Sendable (World, String) async throws -> Void = { world, _ in
    try await world.sleep(for: .milliseconds(100))
  }

  @Test("where its time went")
  func times() async throws {
    let (reports, _) = try await reports(
      ["a"],
      {
        $0.policy.perEndpoint.pool.size = 1
        $0.policy.perEndpoint.timeouts.pool = .seconds(1)
      }, handle: Self.slowly
    ) { trial in
      try await withThrowingTaskGroup { tasks in
        for _ in 0..<2 { tasks.addTask { _ = try await trial.group.add(1, 1) } }
        try await tasks.waitForAll()
      }
    }
    try #require(reports.count == 2)
    let (first, second) = (reports[0], reports[1])
    #expect(
      first.method == "Calculator.add" && first.group == "sums" && first.error == nil && first.source == .endpoint)
    #expect(first.endpoint == .tcp("a", 9090) && first.attempts == 1 && first.hedges == 0)
    #expect(first.times.read >= .milliseconds(100) && first.times.read < .milliseconds(101))
    #expect(first.times.connect > .zero && first.times.pool == .zero && first.times.backoff == .zero)
    #expect(second.times.pool + second.times.connect >= .milliseconds(100))
    for report in reports {
      let times = report.times
      let sum = times.queued + times.pool + times.connect + times.write + times.read + times.backoff
      #expect(sum <= report.duration && sum > report.duration - .milliseconds(1), "\(times) of \(report.duration)")
    }
  }

  @Test("its attempts, and the time between them")
  func attempts() async throws {
    let (reports, _) = try await reports(
      ["a", "b"], { $0.policy.retry = Retry(1, backoff: .constant(.milliseconds(30))) }
    ) { trial in
      trial.world.host("a").refuseConnections()
      #expect(try await trial.calls(1) == [])
      trial.world.host("b").refuseConnections()
      trial.world.host("b").kill()
      _ = try await trial.calls(1)
    }
    try #require(reports.count == 2)
    #expect(reports[0].attempts == 2 && reports[0].error == nil && reports[0].endpoint == .tcp("b", 9090))
    #expect(reports[0].times.backoff == .milliseconds(30))
    #expect((reports[1].error as? RPCError)?.code == .unavailable)
  }

  @Test("a result from a cache, an old one, and one of an identical call")
  func sources() async throws {
    let (reports, _) = try await reports(
      ["a"],
      {
        var peek = MethodPolicy()
        peek.cache = Cache(ttl: .seconds(1), staleIfError: .seconds(60))
        peek.singleFlight = SingleFlight()
        $0.policy.methods["Calculator.peek"] = peek
        $0.policy.retry = Retry(0)
      }, handle: Self.slowly
    ) { trial in
      try await withThrowingTaskGroup { tasks in
        for _ in 0..<2 { tasks.addTask { _ = try await trial.peek() } }
        try await tasks.waitForAll()
      }
      _ = try await trial.peek()
      trial.world.host("a").refuseConnections()
      trial.world.host("a").kill()
      try await trial.world.sleep(for: .seconds(2))
      _ = try await trial.peek()
    }
    #expect(reports.map(\.source) == [.endpoint, .sharedFlight, .cache, .staleCache])
    #expect(reports.map(\.attempts) == [1, 0, 0, 1])
    #expect(reports[2].endpoint == nil && reports[2].times == CallReport.Times())
  }

  @Test("that it was hedged")
  func hedged() async throws {
    let (reports, _) = try await reports(
      ["a", "b"],
      {
        var peek = MethodPolicy()
        peek.hedge = Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1)
        $0.policy.methods["Calculator.peek"] = peek
      },
      handle: { world, name in try await world.sleep(for: .milliseconds(name == "a" ? 200 : 1)) }
    ) { trial in _ = try await trial.peek() }
    #expect(reports.map(\.hedges) == [1] && reports.map(\.endpoint) == [.tcp("b", 9090)])
  }

  @Test("and of those that find no room")
  func refused() async throws {
    let (reports, refused) = try await reports(
      ["a"], { $0.policy.perEndpoint.pool = Pool(size: 1, waiters: 1) }, handle: Self.slowly
    ) { trial in
      _ = try await trial.calls(1)
      let codes = await trial.world.codes(5) { try await trial.group.add(1, 1) }
      #expect(codes.count == 5)
    }
    #expect(reports.count == 3 && refused == [.unavailable, .unavailable, .unavailable])
  }

  @Test("an endpoint that is called by itself tells, too")
  func endpointAlone() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let reports = Reports()
        var configuration = ClientConfiguration()
        configuration.observers = [reports]
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        _ = try await endpoint.add(1, 1)
        #expect(reports.ended.map(\.attempts) == [1] && reports.ended[0].group == nil)
        await endpoint.close()
        await #expect(throws: RPCError.self) { try await endpoint.add(1, 1) }
        #expect((reports.ended.last?.error as? RPCError)?.code == .closed || reports.refused == [.closed])
      }
    }
  }
}
