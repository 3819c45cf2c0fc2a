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
      let now = time.now
      switch machine.withLock({ $0.lookup(key, at: now) }) {
      case .fresh(let value), .stale(let value, revalidate: false): return value
      case .stale(_, revalidate: true), .miss: break
      }
      do {
        let value = try await body()
        let (end, bytes) = (time.now, size(key, value))
        machine.withLock { $0.store(value, for: key, bytes: bytes, at: end) }
        return value
      } catch {
        let end = time.now
        guard let kept = machine.withLock({ $0.failed(key, at: end) }), !(error is CancellationError) else {
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

/// Where results are kept that several processes share, such as Redis. Keys and values are bytes.
///
/// A store that fails is as good as one that holds nothing: the call is made.
public protocol CacheStore: Sendable {
  /// What is kept for a key, and how long it has been there.
  func value(for key: [UInt8]) async throws -> (bytes: [UInt8], age: Duration)?
  /// Keeps a value for at most so long.
  func store(_ bytes: [UInt8], for key: [UInt8], keeping: Duration) async throws
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

    /// Creates a runner with no call under way.
    public init() {}

    /// The result of `body`, or of the same call that is under way. A leader that is cancelled hands over to a follower.
    ///
    /// - Throws: what `body` throws, or `CancellationError`.
    public func run(_ key: Key, _ body: () async throws -> Value) async throws -> Value {
      let signal = Signal<News>()
      let role = state.withLock { state in
        let role = state.machine.join(key)
        if case .follow(let waiter) = role { state.followers[key, default: [:]][waiter] = signal }
        return role
      }
      if case .follow(let waiter) = role {
        do {
          switch try await signal.value() {
          case .result(let result): return try result.get()
          case .lead: break
          }
        } catch let error as CancellationError where Task.isCancelled {
          leave(waiter, of: key)
          throw error
        }
      }
      return try await lead(key, body)
    }

    private func lead(_ key: Key, _ body: () async throws -> Value) async throws -> Value {
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      if Task.isCancelled, case .failure = result {
        handOver(key)
      } else {
        let signals = state.withLock { state in
          _ = state.machine.finish(key)
          return state.followers.removeValue(forKey: key)?.values.map { $0 } ?? []
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
