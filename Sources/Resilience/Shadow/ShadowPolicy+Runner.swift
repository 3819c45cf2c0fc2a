public import SeaThriftTime

extension ShadowPolicy {
  /// Policies that watch at work: what they know is shared by all calls that are run through it.
  public final class Runner: Sendable {
    private let machine: Lock<ShadowStateMachine>
    private let time: TimeSource
    private let report: @Sendable (ShadowEvent) -> Void

    /// Creates a runner that knows nothing yet.
    ///
    /// - Parameters:
    ///   - policy: the policies that are watched.
    ///   - time: the clock and the random numbers; by default ``TimeSource/current``.
    ///   - report: is told what would have been done, in the middle of calls: return quickly, never block.
    /// - Throws: when a field of the policy is out of its range, or it has a policy that only a group can watch.
    public init(
      _ policy: ShadowPolicy, time: TimeSource = .current, report: @escaping @Sendable (ShadowEvent) -> Void
    ) throws(PolicyError) {
      try policy.validate()
      try policy.validateOutsideGroup()
      machine = Lock(ShadowStateMachine(policy))
      self.time = time
      self.report = report
    }

    /// Runs `body` as if the runner were not there, as a call of one attempt.
    ///
    /// - Parameters:
    ///   - judging: What the end of `body` means; by default an error is a failure, save cancellation.
    ///   - body: The call; it is made whatever the policies would have done.
    public func run<Value>(judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) () async throws -> Value)
      async throws -> Value
    {
      try await run(judging: judging, reporting: report, body)
    }

    /// Runs `body`, a call of one attempt.
    ///
    /// - Parameter report: is told in place of the runner's own.
    package func run<Value>(
      judging: Judge<Value>?, reporting report: @escaping @Sendable (ShadowEvent) -> Void,
      _ body: () async throws -> Value
    ) async throws -> Value {
      try await watch(judging: judging, report) { call in
        try await attempt(of: call, judging: judging, report, body)
      }
    }

    /// Runs `body`, a call that makes its attempts by ``attempt(of:judging:_:)``.
    func watch<Value>(
      judging: Judge<Value>?, _ other: (@Sendable (ShadowEvent) -> Void)? = nil,
      _ body: (WatchedCall) async throws -> Value
    ) async throws -> Value {
      let (start, report) = (time.now, other ?? report)
      let call = WatchedCall(tell(report) { $0.began(.idempotent, at: start) })
      let result: Result<Value, any Error>
      do { result = .success(try await body(call)) } catch { result = .failure(error) }
      let (verdict, end) = (judging?(result) ?? usualVerdict(result), time.now)
      tell(report) { $0.ended(call.state.withLock { $0 }, verdict, at: end) }
      return try result.get()
    }

    /// Runs `body` as an attempt of a call.
    func attempt<Value>(
      of call: WatchedCall, judging: Judge<Value>?, _ other: (@Sendable (ShadowEvent) -> Void)? = nil,
      _ body: () async throws -> Value
    ) async throws -> Value {
      let (start, report) = (time.now, other ?? report)
      let attempt = tell(report) { $0.attemptBegan(at: "", at: start) }
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      let (verdict, end) = (judging?(result) ?? usualVerdict(result), time.now)
      let failure = verdict == .failure ? RetryStateMachine.Failure(result.failure, isRetryable: true) : nil
      tell(report) { machine in
        var generator = time.generator
        var copy = call.state.withLock { $0 }
        machine.attemptEnded(attempt, of: &copy, verdict, failure, at: end, using: &generator)
        call.state.withLock { [copy] in $0 = copy }
      }
      return try result.get()
    }

    private func tell<Answer: Sendable>(
      _ report: (ShadowEvent) -> Void, _ body: (inout ShadowStateMachine) -> Answer
    ) -> Answer {
      let (answer, events) = machine.withLock { machine in
        let answer = body(&machine)
        return (answer, machine.takeEvents())
      }
      for event in events { report(event) }
      return answer
    }
  }
}

/// A call of which the attempts are told, perhaps from several tasks.
final class WatchedCall: Sendable {
  /// The call that the current task makes.
  @TaskLocal static var current: WatchedCall?

  let state: Lock<ShadowStateMachine.Call>

  init(_ call: ShadowStateMachine.Call) { state = Lock(call) }
}
