public import SeaThriftTime

extension CircuitBreaker {
  /// A circuit breaker at work: what it knows is shared by all calls that are run through it.
  public final class Runner: Sendable {
    private let machine: Lock<CircuitBreakerStateMachine>
    private let time: TimeSource
    private let listener: (@Sendable (Transition) -> Void)?

    /// Creates a closed breaker.
    ///
    /// - Parameter changed: Is told of every change of state.
    /// - Throws: when a field of the policy is out of its range.
    public init(
      _ policy: CircuitBreaker = CircuitBreaker(), time: TimeSource = .current,
      changed: (@Sendable (Transition) -> Void)? = nil
    ) throws(PolicyError) {
      try policy.validate()
      machine = Lock(CircuitBreakerStateMachine(policy))
      self.time = time
      listener = changed
    }

    /// Whether calls are let through.
    public var state: State { machine.withLock { $0.state } }

    /// Holds the breaker open or closed by hand, until ``unforce()``.
    public func force(_ state: State) { tell(machine.withLock { $0.force(state) }) }

    /// Ends ``force(_:)``: the breaker is closed.
    public func unforce() { tell(machine.withLock { $0.unforce() }) }

    /// Runs `body` if the breaker lets it.
    ///
    /// - Parameter judging: What the end of `body` means; by default an error is a failure, save cancellation.
    /// - Throws: what `body` throws, or a ``ResilienceError`` of the code `circuitOpen`.
    public func run<Value>(
      judging: Judge<Value>? = nil, _ body: () async throws -> Value
    ) async throws -> Value {
      let now = time.now
      let ticket: CircuitBreakerStateMachine.Ticket
      switch machine.withLock({ $0.admit(at: now) }) {
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
        machine.withLock {
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
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}
