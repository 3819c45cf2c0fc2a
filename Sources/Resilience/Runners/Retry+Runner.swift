public import SeaThriftTime

extension Retry {
  /// Retries at work: all calls that are run through it share its budget.
  public final class Runner: Sendable {
    let policy: Retry
    let time: TimeSource
    let budget: Lock<RetryBudgetStateMachine?>

    /// Creates a runner.
    ///
    /// - Throws: when a field of the policy is out of its range.
    public init(_ policy: Retry = Retry(), time: TimeSource = .current) throws(PolicyError) {
      try policy.validate()
      self.policy = policy
      self.time = time
      budget = Lock(policy.budget.map(RetryBudgetStateMachine.init))
    }

    /// Runs `body`, again when it failed, as often as the policy, its budget and the task's ``Deadline`` let.
    ///
    /// An error that is ``RetryAdvising`` is heard: it may ask for more time, or to be left alone. What `body` calls is not
    /// tried again within an attempt that is a retry itself (``Retry/isSuppressed``).
    ///
    /// - Parameters:
    ///   - judging: What the end of an attempt means: a failure, error or value, is retried. By default an error is, save
    ///     cancellation.
    ///   - body: One attempt.
    /// - Returns: the result of the last attempt.
    /// - Throws: the error of the last attempt.
    public func run<Value>(
      judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
      var machine = RetryStateMachine(policy, isSuppressed: Retry.isSuppressed)
      while true {
        let result: Result<Value, any Error>
        do { result = .success(try await attempt(machine, body)) } catch { result = .failure(error) }
        let verdict = judging?(result) ?? usualVerdict(result)
        let now = time.now
        if verdict == .success { budget.withLock { $0?.deposit(at: now) } }
        guard verdict == .failure, !Task.isCancelled else { return try result.get() }
        let failure = RetryStateMachine.Failure(result.failure, isRetryable: true)
        let left = Deadline.current.map { now.duration(to: $0) }
        let next = budget.withLock { [machine] budget in
          var copy = machine
          var generator = time.generator
          let next = copy.failed(failure, remaining: left, budget: &budget, at: now, using: &generator)
          return (next, copy)
        }
        machine = next.1
        guard case .retry(let delay) = next.0 else { return try result.get() }
        if delay > .zero {
          do {
            try await time.sleep(until: now.advanced(by: delay))
          } catch {
            return try result.get()
          }
        }
      }
    }

    private func attempt<Value>(
      _ machine: RetryStateMachine, _ body: () async throws -> Value
    ) async throws -> Value {
      if machine.retries == 0 { return try await body() }
      return try await withRetriesSuppressed { try await body() }
    }
  }

  /// A runner of this policy, with a budget of its own.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}

extension Result {
  /// The error, if it is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
