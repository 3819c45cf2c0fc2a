import Resilience
import SeaThriftTime

/// Encoded replies, by method, headers and encoded arguments; in memory, and in a store that is shared, if there is one.
final class ReplyCache: Sendable {
  private let policy: Cache
  private let local: Cache.Runner<[UInt8], [UInt8]>

  init(_ policy: Cache, _ time: TimeSource) throws(PolicyError) {
    self.policy = policy
    local = try Cache.Runner(policy, time: time) { $0.count + $1.count }
  }

  func reply(
    _ key: [UInt8], store: (any CacheStore)?, _ body: () async throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await local.run(key) {
      guard let store else { return try await body() }
      // A store that fails is as good as one that holds nothing.
      let found = try? await store.value(for: key)
      if let found, found.age < policy.ttl { return found.bytes }
      do {
        let bytes = try await body()
        try? await store.store(bytes, for: key, keeping: policy.ttl + policy.staleIfError)
        return bytes
      } catch {
        if let found, found.age < policy.ttl + policy.staleIfError, !Task.isCancelled { return found.bytes }
        throw error
      }
    }
  }
}
