import Resilience
import SeaThriftTime
import Testing

private typealias TextCache = CacheStateMachine<String, Int>

extension CacheStateMachine where Value == Int {
  /// The answer as text, for comparison.
  mutating func look(_ key: Key, _ seconds: Double) -> String {
    switch lookup(key, at: .seconds(seconds)) {
    case .fresh(let value): "fresh \(value)"
    case .stale(let value, let revalidate): "stale \(value)\(revalidate ? ", revalidate" : "")"
    case .miss: "miss"
    }
  }
}

@Suite("Cache")
struct CacheTests {
  @Test("a result is served while it is fresh, then forgotten")
  func freshness() {
    var cache = TextCache(Cache(ttl: .seconds(10)))
    #expect(cache.look("a", 0) == "miss")
    cache.store(1, for: "a", bytes: 100, at: .seconds(0))
    #expect(cache.look("a", 9.999) == "fresh 1")
    #expect(cache.count == 1 && cache.bytes == 100)
    #expect(cache.look("a", 10) == "miss")
    #expect(cache.count == 0 && cache.bytes == 0)
  }

  @Test("a stale result is served while exactly one caller fetches it anew")
  func staleWhileRevalidate() {
    var cache = TextCache(Cache(ttl: .seconds(10), staleWhileRevalidate: .seconds(100)))
    cache.store(1, for: "a", bytes: 1, at: .seconds(0))
    #expect(cache.look("a", 11) == "stale 1, revalidate")
    #expect(cache.look("a", 11) == "stale 1")
    #expect(cache.look("a", 40.9) == "stale 1")
    #expect(cache.look("a", 41) == "stale 1, revalidate", "the first one never reported")
    #expect(cache.failed("a", at: .seconds(42)) == 1)
    #expect(cache.look("a", 42.9) == "stale 1", "whoever is in trouble is not asked by every call")
    #expect(cache.look("a", 43) == "stale 1, revalidate")
    cache.store(2, for: "a", bytes: 1, at: .seconds(43))
    #expect(cache.look("a", 52) == "fresh 2")
    #expect(cache.look("a", 153) == "miss")
  }

  @Test("an error is replaced by a stale result for as long as that is allowed")
  func staleIfError() {
    var cache = TextCache(Cache(ttl: .seconds(10), staleIfError: .seconds(50)))
    #expect(cache.failed("a", at: .origin) == nil)
    cache.store(1, for: "a", bytes: 1, at: .seconds(0))
    #expect(cache.look("a", 20) == "miss")
    #expect(cache.failed("a", at: .seconds(20)) == 1)
    #expect(cache.failed("a", at: .seconds(60)) == nil)
    #expect(cache.look("a", 60) == "miss")
    #expect(cache.count == 0)
  }

  @Test("the least recently used make room")
  func eviction() {
    var cache = TextCache(Cache(bytes: 300))
    for (value, key) in ["a", "b", "c"].enumerated() { cache.store(value, for: key, bytes: 100, at: .origin) }
    #expect(cache.look("a", 0) == "fresh 0")
    cache.store(3, for: "d", bytes: 100, at: .origin)
    #expect(cache.look("b", 0) == "miss")
    #expect(cache.look("a", 0) == "fresh 0")
    cache.store(4, for: "e", bytes: 250, at: .origin)
    #expect(cache.count == 1 && cache.bytes == 250)
    cache.store(5, for: "e", bytes: 301, at: .origin)
    #expect(cache.count == 0, "too large to be kept, and what it replaces is out of date")
  }

  @Test("tiny entries count what an entry costs, so that their number is bounded too")
  func tinyEntries() {
    var cache = TextCache(Cache(bytes: 640))
    for value in 0..<1_000 { cache.store(value, for: "\(value)", bytes: 0, at: .origin) }
    #expect(cache.count == 10 && cache.bytes == 640)
    cache.removeAll()
    #expect(cache.count == 0 && cache.look("999", 0) == "miss")
  }

  @Test("agrees with a list that is searched, and never exceeds its bytes", arguments: seeds)
  func againstModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var cache = CacheStateMachine<Int, Int>(
      Cache(bytes: 1_000, ttl: .seconds(10), staleWhileRevalidate: .seconds(5), staleIfError: .seconds(20)))
    var model: [(key: Int, value: Int, bytes: Int, stored: Double, fetching: Double)] = []
    var now = 0.0
    for step in 0..<2_000 {
      now += Double.random(in: 0...2, using: &random)
      let key = Int.random(in: 0..<12, using: &random)
      let index = model.firstIndex { $0.key == key }
      let age = index.map { now - model[$0].stored } ?? .infinity
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3:
        let bytes = Int.random(in: 64...400, using: &random)
        if let index { model.remove(at: index) }
        while model.reduce(bytes, { $0 + $1.bytes }) > 1_000 { model.removeFirst() }
        model.append((key, step, bytes, now, -1))
        cache.store(step, for: key, bytes: bytes, at: .seconds(now))
      case 3:
        let expected = age < 30 ? index.map { model[$0].value } : nil
        if let index { model[index].fetching = -1 }
        #expect(cache.failed(key, at: .seconds(now)) == expected)
      default:
        var expected = "miss"
        if let index, age < 15 {
          var entry = model.remove(at: index)
          expected = "fresh \(entry.value)"
          if age >= 10 {
            expected = "stale \(entry.value)\(now >= entry.fetching ? ", revalidate" : "")"
            if now >= entry.fetching { entry.fetching = now + 30 }
          }
          model.append(entry)
        } else if let index, age >= 30 {
          model.remove(at: index)
        }
        #expect(cache.look(key, now) == expected)
      }
      #expect(cache.bytes <= 1_000 && cache.bytes == model.reduce(0) { $0 + $1.bytes } && cache.count == model.count)
    }
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(policyError(Cache(bytes: 0).validate)?.description == "Cache.bytes is 0, allowed is 1...1099511627776")
    #expect(policyError(Cache(ttl: .zero).validate)?.field == "ttl")
    #expect(policyError(Cache(staleIfError: .seconds(-1)).validate)?.field == "staleIfError")
    #expect(policyError(Cache().validate) == nil)
    try expectRoundTrip(Cache(bytes: 5, ttl: .seconds(1), staleWhileRevalidate: .seconds(2), staleIfError: .seconds(3)))
  }
}
