public import SeaThriftTime

extension CircuitBreaker {
  /// A circuit breaker at work: what it knows is shared by all calls that are run through it.
  public final class Runner: Sendable {
    private let breaker: Lock<HintedCircuitBreaker>
    private let time: TimeSource
    private let listener: (@Sendable (Transition) -> Void)?

    /// Creates a closed breaker.
    ///
    /// - Parameters:
    ///   - policy: When the circuit opens, and when it closes again.
    ///   - time: The clock and the random numbers; by default ``TimeSource/current``.
    ///   - hints: What other instances say about the circuit; `nil` to find out alone.
    ///   - changed: Is told of every change of state.
    /// - Throws: when a field of the policy is out of its range.
    public init(
      _ policy: CircuitBreaker = CircuitBreaker(), time: TimeSource = .current, hints: BreakerHints.Circuit? = nil,
      changed: (@Sendable (Transition) -> Void)? = nil
    ) throws(PolicyError) {
      try policy.validate()
      breaker = Lock(HintedCircuitBreaker(policy, hints: hints))
      self.time = time
      listener = changed
    }

    /// Whether calls are let through.
    public var state: State { breaker.withLock { $0.machine.state } }

    /// Holds the breaker open or closed by hand, until ``unforce()``.
    public func force(_ state: State) { tell(breaker.withLock { $0.machine.force(state) }) }

    /// Ends ``force(_:)``: the breaker is closed.
    public func unforce() { tell(breaker.withLock { $0.machine.unforce() }) }

    /// Runs `body` if the breaker lets it.
    ///
    /// - Parameters:
    ///   - judging: What the end of `body` means; by default an error is a failure, save cancellation.
    ///   - body: The call; it is not made while the circuit is open.
    /// - Throws: what `body` throws, or a ``ResilienceError`` of the code `circuitOpen`.
    public func run<Value>(
      judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
      let now = time.now
      let ticket: CircuitBreakerStateMachine.Ticket
      let (heard, admission) = breaker.withLock { $0.admit(at: now) }
      tell(heard)
      switch admission {
      case .allowed(let admitted): ticket = admitted
      case .refused(let until):
        let wait = until.map { ", the next probe is due in \(DurationText.format(now.duration(to: $0)))" } ?? ""
        throw ResilienceError(.circuitOpen, "the circuit breaker is open\(wait)")
      }
      tell(ticket.transition)
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      let verdict = judging?(result) ?? usualVerdict(result)
      let end = time.now
      tell(
        breaker.withLock {
          var generator = time.generator
          return $0.record(verdict, ticket: ticket, at: end, using: &generator)
        })
      return try result.get()
    }

    private func tell(_ transition: Transition?) {
      if let transition { listener?(transition) }
    }
  }

  /// A breaker of this policy at work.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(
    time: TimeSource = .current, hints: BreakerHints.Circuit? = nil
  ) throws(PolicyError) -> Runner {
    try Runner(self, time: time, hints: hints)
  }
}
