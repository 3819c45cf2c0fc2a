public import SeaThriftTime

extension Cache {
  /// A cache at work, for calls that a key tells apart.
  public final class Runner<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let machine: Lock<CacheStateMachine<Key, Value>>
    private let time: TimeSource
    private let size: @Sendable (Key, Value) -> Int
    private let refreshes = TaskSet()

    /// Creates an empty cache. What it fetches anew in the background ends with it.
    ///
    /// - Parameters:
    ///   - policy: For how long values are kept, and how many bytes of them.
    ///   - time: The clock; by default ``TimeSource/current``.
    ///   - size: How many bytes a key and its value take in memory.
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
    /// Nobody waits for a value to be fetched anew while a stale one may be served: that is done in a task of its own, one
    /// for each key, and after a failure not again for a second.
    ///
    /// - Parameters:
    ///   - key: What the value is kept under.
    ///   - replacing: Which errors of `body` a kept value may replace (``Cache/staleIfError``). By default all but
    ///     cancellation; an error that is an answer had better reach the caller.
    ///   - body: Makes the value.
    /// - Throws: what `body` throws, unless a value is kept that may replace the error.
    public func run(
      _ key: Key, replacing: (any Error) -> Bool = { !($0 is CancellationError) },
      _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
      try await runAged(key, replacing: replacing) {
        refreshes.start(on: time.executor) { _ = try? await self.fetch(key) { (try await body(), .zero) } }
      } making: {
        (try await body(), .zero)
      }
    }

    /// The value of `key`: kept, or from `making`.
    ///
    /// - Parameters:
    ///   - own: how old a kept value may be for this call, if that is different.
    ///   - refresh: has a value that is served stale fetched anew, by ``fetch(_:_:)`` in a task of its own.
    ///   - making: makes the value, and says how old it is already.
    package func runAged(
      _ key: Key, as own: Cache? = nil, replacing: (any Error) -> Bool, refresh: () -> Void,
      making: () async throws -> (value: Value, age: Duration)
    ) async throws -> Value {
      let now = time.now
      switch machine.withLock({ $0.lookup(key, as: own, at: now) }) {
      case .fresh(let value), .stale(let value, revalidate: false): return value
      case .stale(let value, revalidate: true):
        refresh()
        return value
      case .miss: break
      }
      do {
        return try await fetch(key, making)
      } catch {
        let end = time.now
        guard let kept = machine.withLock({ $0.failed(key, as: own, at: end) }), replacing(error), !Task.isCancelled
        else {
          throw error
        }
        return kept
      }
    }

    /// Makes the value of a key and keeps it.
    package func fetch(
      _ key: Key, _ making: () async throws -> (value: Value, age: Duration)
    ) async throws -> Value {
      do {
        let (value, age) = try await making()
        let (made, bytes) = (time.now.advanced(by: .zero - age), size(key, value))
        machine.withLock { $0.store(value, for: key, bytes: bytes, at: made) }
        return value
      } catch {
        let end = time.now
        machine.withLock { _ = $0.failed(key, at: end) }
        throw error
      }
    }

    /// Forgets a key.
    public func remove(_ key: Key) { machine.withLock { $0.remove(key) } }

    /// Forgets everything.
    public func removeAll() { machine.withLock { $0.removeAll() } }
  }
}

/// Identical calls at the same time share one attempt.
public struct SingleFlight: IdempotentMethodPolicyValue, ShadowPolicyValue {
  /// Creates the policy, which has no fields.
  public init() {}

  /// Never throws: there is nothing that could be out of its range.
  public func validate() throws(PolicyError) {}

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
    public func run(_ key: Key, _ body: nonisolated(nonsending) () async throws -> Value) async throws -> Value {
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
