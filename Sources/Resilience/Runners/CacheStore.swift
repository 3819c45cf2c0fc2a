package import SeaThriftTime

/// Where results are kept that several processes share, such as Redis. Keys and values are bytes.
///
/// A store that fails, takes too long or holds something else is as good as one that holds nothing: the call is made. It
/// heeds cancellation, which is how one that takes too long is ended.
///
/// Users implement it; requirements that a later version adds have defaults.
public protocol CacheStore: Sendable {
  /// What is kept for a key, and how long it has been there.
  nonisolated(nonsending) func value(for key: [UInt8]) async throws -> (bytes: [UInt8], age: Duration)?
  /// Keeps a value for at most so long.
  nonisolated(nonsending) func store(_ bytes: [UInt8], for key: [UInt8], keeping: Duration) async throws
}

extension CacheStore {
  /// What is kept for a key, if that is known within `patience` and the task's ``Deadline``.
  package func value(
    for key: [UInt8], within patience: Duration, _ time: TimeSource
  ) async -> (value: [UInt8], age: Duration)? {
    let limit = Deadline.earliest(time.now.advanced(by: patience))
    let found = try? await withTimeLimit(until: limit, time) {
      try await value(for: key).map { Found($0.bytes, $0.age) }
    }
    guard case let found?? = found else { return nil }
    // The clocks of those who share a store differ.
    return (found.bytes, max(found.age, .zero))
  }

  /// Keeps a value, if that is done within `patience` and the task's ``Deadline``.
  package func store(
    _ bytes: [UInt8], for key: [UInt8], keeping: Duration, within patience: Duration, _ time: TimeSource
  ) async {
    let limit = Deadline.earliest(time.now.advanced(by: patience))
    _ = try? await withTimeLimit(until: limit, time) { try await store(bytes, for: key, keeping: keeping) }
  }
}

private struct Found: Sendable {
  let bytes: [UInt8]
  let age: Duration

  init(_ bytes: [UInt8], _ age: Duration) {
    self.bytes = bytes
    self.age = age
  }
}
