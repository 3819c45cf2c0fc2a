public import SeaThriftTime

extension RateLimit: LimitPolicy {
  /// A rate limit at work: all calls that are run through it share its tokens.
  public final class Runner: LimitRunner {
    private struct State {
      var machine: RateLimitStateMachine
      /// How those that wait behind the first are told that they are the first.
      var waiters: [WaiterID: Signal<Void>] = [:]
    }

    package let policy: RateLimit
    private let state: Lock<State>
    private let time: TimeSource

    /// Creates a full bucket.
    ///
    /// - Throws: when a field of the policy is out of its range.
    public init(_ policy: RateLimit = RateLimit(), time: TimeSource = .current) throws(PolicyError) {
      try policy.validate()
      self.policy = policy
      state = Lock(State(machine: RateLimitStateMachine(policy)))
      self.time = time
    }

    /// How many calls wait.
    public var waiting: Int { state.withLock { $0.machine.waiting } }

    /// Runs `body` when there is a token for it; waits for one as long as the policy and the task's ``Deadline`` let.
    ///
    /// - Throws: what `body` throws, a ``ResilienceError`` of the code `rateLimited`, or `CancellationError`.
    public func run<Value>(_ body: nonisolated(nonsending) () async throws -> Value) async throws -> Value {
      let now = time.now
      let patience = Deadline.current.map { now.duration(to: $0) }
      switch state.withLock({ $0.machine.take(at: now, patience: patience) }) {
      case .enter: break
      case .wait(let waiter, let isFirst): try await wait(as: waiter, isFirst: isFirst)
      case .refuse(let until):
        let wait = now.duration(to: until)
        throw ResilienceError(
          .rateLimited, "the next call may begin in \(DurationText.format(wait))", retryAdvice: .after(wait))
      }
      return try await body()
    }

    private func wait(as waiter: WaiterID, isFirst: Bool) async throws {
      do {
        if !isFirst { try await becomeFirst(waiter) }
        while true {
          let now = time.now
          let delay = state.withLock { $0.machine.delayOfFirst(at: now) }
          if delay <= .zero { break }
          try await time.sleep(until: now.advanced(by: delay))
        }
        try Task.checkCancellation()
      } catch {
        tell { state in state.machine.waiterLeft(waiter) }
        throw error
      }
      let now = time.now
      tell { state in state.machine.admitFirst(at: now) }
    }

    private func becomeFirst(_ waiter: WaiterID) async throws {
      let signal = Signal<Void>()
      let isFirst = state.withLock { state in
        // It may have become so before anybody could tell it.
        if state.machine.isFirst(waiter) { return true }
        state.waiters[waiter] = signal
        return false
      }
      if isFirst { return }
      defer { state.withLock { $0.waiters[waiter] = nil } }
      try await signal.value()
    }

    /// Changes the queue, and tells whoever is the first now.
    private func tell(_ change: (inout State) -> WaiterID?) {
      let signal = state.withLock { state in change(&state).flatMap { state.waiters[$0] } }
      signal?.give(())
    }
  }

  /// A rate limit of this policy at work.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}

extension Bulkhead: LimitPolicy {
  /// A bulkhead at work: all calls that are run through it share its places.
  public final class Runner: LimitRunner {
    private let gate: Gate
    package let policy: Bulkhead

    /// Creates a bulkhead with nobody in it.
    ///
    /// - Throws: when a field of the policy is out of its range.
    public init(_ policy: Bulkhead = Bulkhead(), time: TimeSource = .current) throws(PolicyError) {
      try policy.validate()
      self.policy = policy
      gate = Gate(policy, time)
    }

    /// How many calls run.
    public var running: Int { gate.running }

    var isFull: Bool { gate.isFull }

    /// Runs `body` when there is a place for it; waits for one as long as the policy and the task's ``Deadline`` let.
    ///
    /// - Throws: what `body` throws, a ``ResilienceError`` of the code `bulkheadFull` or `deadlineExceeded`, or
    ///   `CancellationError`.
    public func run<Value>(_ body: nonisolated(nonsending) () async throws -> Value) async throws -> Value {
      try await gate.enter(wait: policy.wait)
      defer { gate.leave() }
      return try await body()
    }
  }

  /// A bulkhead of this policy at work.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}

extension AdaptiveLimit: LimitPolicy {
  /// An adaptive limit at work: all calls that are run through it share it and teach it.
  public final class Runner: LimitRunner {
    package let policy: AdaptiveLimit
    private let gate: Gate
    private let machine: Lock<AdaptiveLimitStateMachine>
    private let time: TimeSource

    /// Creates a limit that knows nothing yet.
    ///
    /// - Throws: when a field of the policy is out of its range.
    public init(_ policy: AdaptiveLimit = AdaptiveLimit(), time: TimeSource = .current) throws(PolicyError) {
      try policy.validate()
      self.policy = policy
      machine = Lock(AdaptiveLimitStateMachine(policy))
      gate = Gate(Bulkhead(policy.initial, waiters: policy.waiters), time)
      self.time = time
    }

    /// How many calls run.
    public var running: Int { gate.running }

    var isFull: Bool { gate.isFull }

    /// The limit as it is now.
    public var limit: Int { machine.withLock { $0.limit } }

    /// Runs `body` when there is a place for it.
    ///
    /// - Parameters:
    ///   - judging: What the end of `body` means; by default an error is a failure, save cancellation.
    ///   - body: The call; how long it takes decides about the limit.
    /// - Throws: what `body` throws, a ``ResilienceError`` of the code `bulkheadFull` or `deadlineExceeded`, or
    ///   `CancellationError`.
    public func run<Value>(judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) () async throws -> Value)
      async throws -> Value
    {
      try await gate.enter(wait: nil)
      let start = time.now
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      let verdict = judging?(result) ?? usualVerdict(result)
      let (end, running) = (time.now, gate.running)
      let changed = machine.withLock {
        $0.record(verdict, latency: start.duration(to: end), running: running, at: end)
      }
      if let changed { gate.setLimit(changed) }
      gate.leave()
      return try result.get()
    }
  }

  /// A limit of this policy at work.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}

/// Places that calls take and wait for.
final class Gate: Sendable {
  private struct State {
    var machine: BulkheadStateMachine
    var waiters: [WaiterID: Signal<Void>] = [:]
  }

  private let state: Lock<State>
  private let time: TimeSource

  init(_ policy: Bulkhead, _ time: TimeSource) {
    state = Lock(State(machine: BulkheadStateMachine(policy)))
    self.time = time
  }

  var running: Int { state.withLock { $0.machine.running } }

  var isFull: Bool { state.withLock { $0.machine.isFull } }

  func enter(wait: Duration?) async throws {
    let signal = Signal<Void>()
    let admission = state.withLock { state in
      let admission = state.machine.enter()
      if case .wait(let waiter) = admission { state.waiters[waiter] = signal }
      return admission
    }
    switch admission {
    case .enter: return
    case .refuse: throw ResilienceError(.bulkheadFull, "too many calls run and wait")
    case .wait(let waiter):
      let own = wait.map { time.now.advanced(by: $0) } ?? .distantFuture
      let instant = Deadline.earliest(own)
      do {
        if try await withTimeLimit(until: instant, time, { try await signal.value() }) != nil { return }
      } catch {
        leaveQueue(waiter)
        throw error
      }
      leaveQueue(waiter)
      throw instant < own
        ? ResilienceError(.deadlineExceeded, "the deadline is over")
        : ResilienceError(.bulkheadFull, "no call ended within \(DurationText.format(wait ?? .zero))")
    }
  }

  func leave() { admit(state.withLock { state in Self.named(state.machine.leave(), &state) }) }

  func setLimit(_ limit: Int) {
    let signals = state.withLock { state in
      state.machine.setLimit(limit).compactMap { state.waiters.removeValue(forKey: $0) }
    }
    for signal in signals { admit(signal) }
  }

  /// One that gave up. When its place had come to it just then, the place goes on to the next.
  private func leaveQueue(_ waiter: WaiterID) {
    state.withLock { state in
      if state.machine.waiterLeft(waiter) { state.waiters[waiter] = nil }
    }
  }

  private func admit(_ signal: Signal<Void>?) {
    var next = signal
    // A waiter that was cancelled at the same moment does not take the place.
    while let signal = next, !signal.give(()) {
      next = state.withLock { state in Self.named(state.machine.leave(), &state) }
    }
  }

  private static func named(_ waiter: WaiterID?, _ state: inout State) -> Signal<Void>? {
    waiter.flatMap { state.waiters.removeValue(forKey: $0) }
  }
}
