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

  /// The reply of `key`: kept, or from `making`.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for the store.
  ///   - isReply: whether bytes of the store are what they should be.
  func reply(
    _ key: [UInt8], _ store: (any CacheStore)?, within patience: Duration, isReply: ([UInt8]) -> Bool,
    making: () async throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await local.runAged(key, as: own) {
      guard let store else { return (try await making(), .zero) }
      var found = await store.value(for: key, within: patience, time)
      if let bytes = found?.value, !isReply(bytes) { found = nil }
      if let found, found.age < policy.ttl { return found }
      do {
        let bytes = try await making()
        await store.store(bytes, for: key, keeping: policy.ttl + policy.staleIfError, within: patience, time)
        return (bytes, .zero)
      } catch {
        if let found, found.age < policy.ttl + policy.staleIfError, !Task.isCancelled { return found }
        throw error
      }
    }
  }
}
