import Resilience
import SeaThriftTime

/// Encoded replies, by method, headers and encoded arguments; in memory, and in a store that is shared, if there is one.
final class ReplyCache: Sendable {
  private let policy: Cache
  /// Nil when it is the one that the memory was made with.
  private let own: Cache?
  private let local: Cache.Runner<[UInt8], [UInt8]>
  private let time: TimeSource

  init(_ policy: Cache, _ time: TimeSource) throws(PolicyError) {
    self.policy = policy
    own = nil
    self.time = time
    local = try Cache.Runner(policy, time: time) { $0.count + $1.count }
  }

  private init(_ policy: Cache, sharing other: ReplyCache) {
    (self.policy, own) = (policy, policy)
    (local, time) = (other.local, other.time)
  }

  /// The same memory, for calls to which other times apply.
  func with(_ policy: Cache) -> ReplyCache { ReplyCache(policy, sharing: self) }

  /// What a look-up needs besides the key.
  struct Request {
    /// Shared with others; nil for none.
    let store: (any CacheStore)?
    /// How long to wait for the store.
    let patience: Duration
    /// Whether bytes of the store are what they should be.
    let isReply: ([UInt8]) -> Bool
    /// Which errors a kept reply may replace.
    let replaces: (any Error) -> Bool
  }

  /// The reply of `key`: kept, or from `making`.
  ///
  /// - Parameter refresh: has a reply that is served stale fetched anew, by ``fetch(_:_:making:)``, without waiting for it.
  func reply(
    _ key: [UInt8], _ request: Request, refresh: () -> Void, making: () async throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await local.runAged(key, as: own, replacing: request.replaces, refresh: refresh) {
      try await stored(key, request, making)
    }
  }

  /// Fetches a reply anew.
  func fetch(_ key: [UInt8], _ request: Request, making: () async throws -> [UInt8]) async throws {
    _ = try await local.fetch(key) { try await stored(key, request, making) }
  }

  private func stored(
    _ key: [UInt8], _ request: Request, _ making: () async throws -> [UInt8]
  ) async throws -> (value: [UInt8], age: Duration) {
    guard let store = request.store else { return (try await making(), .zero) }
    var found = await store.value(for: key, within: request.patience, time)
    if let bytes = found?.value, !request.isReply(bytes) { found = nil }
    if let found, found.age < policy.ttl { return found }
    do {
      let bytes = try await making()
      await store.store(bytes, for: key, keeping: policy.ttl + policy.staleIfError, within: request.patience, time)
      return (bytes, .zero)
    } catch {
      if let found, found.age < policy.ttl + policy.staleIfError, request.replaces(error), !Task.isCancelled {
        return found
      }
      throw error
    }
  }
}
