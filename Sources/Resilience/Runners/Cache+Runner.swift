public import SeaThriftTime

extension Cache {
  /// A cache at work, for calls that a key tells apart.
  public final class Runner<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let machine: Lock<CacheStateMachine<Key, Value>>
    private let time: TimeSource
    private let size: @Sendable (Key, Value) -> Int

    /// Creates an empty cache.
    ///
    /// - Parameter size: How many bytes a key and its value take in memory.
    /// - Throws: when a field of the policy is out of its range.
    public init(
      _ policy: Cache = Cache(), time: TimeSource = .current, size: @escaping @Sendable (Key, Value) -> Int
    ) throws(PolicyError) {
      try policy.validate()
      machine = Lock(CacheStateMachine(policy))
      self.time = time
      self.size = size
    }

    /// The value of `key`: kept, or from `body`.
    ///
    /// Of the calls that find a value stale, one runs `body`, and the others get the stale one meanwhile.
    ///
    /// - Throws: what `body` throws, unless a value is kept that may replace an error.
    public func run(_ key: Key, _ body: () async throws -> Value) async throws -> Value {
      try await runAged(key) { (try await body(), .zero) }
    }

    /// Runs `body` likewise, which says how old its value is already.
    ///
    /// - Parameter own: how old a kept value may be for this call, if that is different.
    package func runAged(
      _ key: Key, as own: Cache? = nil, _ body: () async throws -> (value: Value, age: Duration)
    ) async throws -> Value {
      let now = time.now
      switch machine.withLock({ $0.lookup(key, as: own, at: now) }) {
      case .fresh(let value), .stale(let value, revalidate: false): return value
      case .stale(_, revalidate: true), .miss: break
      }
      do {
        let (value, age) = try await body()
        let (made, bytes) = (time.now.advanced(by: .zero - age), size(key, value))
        machine.withLock { $0.store(value, for: key, bytes: bytes, at: made) }
        return value
      } catch {
        let end = time.now
        guard let kept = machine.withLock({ $0.failed(key, as: own, at: end) }), !(error is CancellationError) else {
          throw error
        }
        return kept
      }
    }

    /// Forgets a key.
    public func remove(_ key: Key) { machine.withLock { $0.remove(key) } }

    /// Forgets everything.
    public func removeAll() { machine.withLock { $0.removeAll() } }
  }
}

/// Identical calls at the same time share one attempt.
public struct SingleFlight: Hashable, Sendable, Codable {
  /// Creates the policy, which has no fields.
  public init() {}

  /// Single flight at work, for calls that a key tells apart.
  public final class Runner<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum News: Sendable {
      case result(Result<Value, any Error>)
      case lead
    }

    private struct State {
      var machine = SingleFlightStateMachine<Key>()
      var followers: [Key: [WaiterID: Signal<News>]] = [:]
    }

    private let state = Lock(State())
    private let time: TimeSource

    /// Creates a runner with no call under way.
    public init(time: TimeSource = .current) { self.time = time }

    /// The result of `body`, or of the same call that is under way. A leader that is cancelled, or whose ``Deadline`` ends
    /// its call, hands over to a follower.
    ///
    /// - Throws: what `body` throws, `CancellationError`, or a ``ResilienceError`` of the code `deadlineExceeded` when the
    ///   task's ``Deadline`` is over before the call of another has ended.
    public func run(_ key: Key, _ body: () async throws -> Value) async throws -> Value {
      let signal = Signal<News>()
      let role = state.withLock { state in
        let role = state.machine.join(key)
        if case .follow(let waiter) = role { state.followers[key, default: [:]][waiter] = signal }
        return role
      }
      if case .follow(let waiter) = role {
        let news: News?
        do {
          news = try await withTimeLimit(until: Deadline.current ?? .distantFuture, time) { try await signal.value() }
        } catch {
          leave(waiter, of: key)
          throw error
        }
        switch news {
        case .result(let result)?: return try result.get()
        case .lead?: break
        case nil:
          leave(waiter, of: key)
          throw ResilienceError(.deadlineExceeded, "the deadline is over")
        }
      }
      return try await lead(key, body)
    }

    private func lead(_ key: Key, _ body: () async throws -> Value) async throws -> Value {
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      if Task.isCancelled || Deadline.current.map({ $0 <= time.now }) == true, case .failure = result {
        // Says nothing about those that are not cancelled, and have more time.
        handOver(key)
      } else {
        let signals = state.withLock { state in
          // In the order in which they joined, not that of a dictionary.
          let followers = state.followers.removeValue(forKey: key) ?? [:]
          return state.machine.finish(key).compactMap { followers[$0] }
        }
        for signal in signals { signal.give(.result(result)) }
      }
      return try result.get()
    }

    private func handOver(_ key: Key) {
      while true {
        let next: Signal<News>? = state.withLock { state in
          guard let waiter = state.machine.abandon(key) else {
            state.followers[key] = nil
            return nil
          }
          return state.followers[key]?.removeValue(forKey: waiter) ?? Signal()
        }
        guard let next, !next.give(.lead) else { return }
      }
    }

    private func leave(_ waiter: WaiterID, of key: Key) {
      state.withLock { state in
        if state.machine.followerLeft(waiter, of: key) { state.followers[key]?[waiter] = nil }
      }
    }
  }
}
