package import SeaThriftTime

/// A cache whose least recently used entries make room for new ones.
///
/// Every operation takes constant time, a `store` the more the more entries it drives out. Memory is `bytes` of the
/// policy, as far as the sizes that it is told are right; each entry counts 64 bytes at least.
package struct CacheStateMachine<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// What is known about a key.
  package enum Lookup {
    /// Serve it.
    case fresh(Value)
    /// Serve it; when `revalidate` is true, it is to be fetched anew meanwhile, and `store`d or reported as `failed`.
    case stale(Value, revalidate: Bool)
    /// Make the call.
    case miss
  }

  /// How old what is kept may be.
  private struct Times: Sendable {
    let ttl: Duration
    let staleWhileRevalidate: Duration
    let staleIfError: Duration

    init(_ policy: Cache) {
      ttl = PolicyCheck.clamp(policy.ttl)
      staleWhileRevalidate = PolicyCheck.clamp(policy.staleWhileRevalidate, atLeast: .zero)
      staleIfError = PolicyCheck.clamp(policy.staleIfError, atLeast: .zero)
    }
  }

  private struct Entry: Sendable {
    let key: Key
    let value: Value
    let bytes: Int
    let stored: Instant
    var revalidationEnd: Instant?
  }

  private static var leastBytes: Int { 64 }
  /// How long one that fetches anew and never reports keeps others from doing so.
  private static var lease: Duration { .seconds(30) }
  /// How long after a fetch that failed the next one is, so that whoever is in trouble is not asked by every call.
  private static var pause: Duration { .seconds(1) }

  private let byteLimit: Int
  private let times: Times

  private var indices: [Key: Int] = [:]
  private var entries: [Entry?] = []
  private var freeIndices: [Int] = []
  /// The least recently used first.
  private var order = IndexList()

  /// The bytes that all entries take together.
  package private(set) var bytes = 0
  /// How many entries there are.
  package var count: Int { order.count }

  /// Creates an empty cache.
  package init(_ policy: Cache = Cache()) {
    byteLimit = min(max(policy.bytes, 1), 1 << 40)
    times = Times(policy)
  }

  /// Looks a key up for a call that is about to be made.
  ///
  /// - Parameter own: how old the value may be for this call, if that is different.
  package mutating func lookup(_ key: Key, as own: Cache? = nil, at now: Instant) -> Lookup {
    guard let index = indices[key], let entry = entries[index] else { return .miss }
    let age = entry.stored.duration(to: now)
    let limits = own.map { Times($0) } ?? times
    if age < limits.ttl {
      touch(index)
      return .fresh(entry.value)
    }
    if age < limits.ttl + limits.staleWhileRevalidate {
      touch(index)
      let isTaken = entry.revalidationEnd.map { now < $0 } ?? false
      if !isTaken { entries[index]?.revalidationEnd = now.advanced(by: Self.lease) }
      return .stale(entry.value, revalidate: !isTaken)
    }
    // Others may still have a use for what is too old for this call.
    if age >= max(times.ttl + times.staleIfError, limits.ttl + limits.staleIfError) { remove(index) }
    return .miss
  }

  /// The value that replaces the error of a call for this key, if one may; ends a revalidation of the key.
  package mutating func failed(_ key: Key, as own: Cache? = nil, at now: Instant) -> Value? {
    guard let index = indices[key], let entry = entries[index] else { return nil }
    if entry.revalidationEnd != nil { entries[index]?.revalidationEnd = now.advanced(by: Self.pause) }
    let limits = own.map { Times($0) } ?? times
    let longest = limits.ttl + max(limits.staleIfError, limits.staleWhileRevalidate)
    return entry.stored.duration(to: now) < longest ? entry.value : nil
  }

  /// Keeps the result of a call. One larger than the whole cache is not kept, and what was kept before is dropped.
  ///
  /// - Parameter bytes: What key and value take in memory.
  package mutating func store(_ value: Value, for key: Key, bytes size: Int, at now: Instant) {
    remove(key)
    let size = max(size, Self.leastBytes)
    guard size <= byteLimit else { return }
    while bytes > byteLimit - size, let oldest = order.first { remove(oldest) }
    let index = freeIndices.popLast() ?? entries.count
    if index == entries.count { entries.append(nil) }
    entries[index] = Entry(key: key, value: value, bytes: size, stored: now)
    indices[key] = index
    order.append(index)
    bytes += size
  }

  /// Forgets a key.
  package mutating func remove(_ key: Key) {
    if let index = indices[key] { remove(index) }
  }

  /// Forgets everything, and gives its memory back.
  package mutating func removeAll() {
    indices = [:]
    entries = []
    freeIndices = []
    order = IndexList()
    bytes = 0
  }

  private mutating func touch(_ index: Int) {
    order.remove(index)
    order.append(index)
  }

  private mutating func remove(_ index: Int) {
    guard let entry = entries[index] else { return }
    indices[entry.key] = nil
    entries[index] = nil
    order.remove(index)
    freeIndices.append(index)
    bytes -= entry.bytes
  }
}
