import Resilience
import SeaThriftTime
import Testing

@Suite("Rate limit")
struct RateLimitTests {
  /// How many calls in a row may begin at once.
  func take(_ limit: inout RateLimitStateMachine, at seconds: Double) -> Int {
    var count = 0
    while limit.take(at: .seconds(seconds)) == .enter { count += 1 }
    return count
  }

  @Test("a full bucket allows its burst at once, then one call per interval")
  func burst() {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 4))
    #expect(take(&limit, at: 0) == 4)
    #expect(limit.take(at: .seconds(0.05)) == .refuse(until: .seconds(0.1)))
    #expect(take(&limit, at: 0.1) == 1)
    #expect(take(&limit, at: 0.35) == 2)
    #expect(take(&limit, at: 0.4) == 1)
    #expect(take(&limit, at: 100) == 4, "no more than the bucket holds")
  }

  @Test("without a burst of its own the bucket holds one period")
  func defaultBurst() {
    var limit = RateLimitStateMachine(RateLimit(60, per: .seconds(60)))
    #expect(take(&limit, at: 0) == 60)
    #expect(take(&limit, at: 1) == 1)
  }

  @Test("calls that may wait stand in a queue, as long as the last of it does not wait for too long")
  func waiting() throws {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 1, wait: .milliseconds(250)))
    #expect(limit.take(at: .origin) == .enter)
    guard case .wait(let first, isFirst: true) = limit.take(at: .origin),
      case .wait(let second, isFirst: false) = limit.take(at: .origin)
    else { throw Unexpected() }
    #expect(limit.take(at: .origin) == .refuse(until: .seconds(0.3)))
    #expect(limit.take(at: .seconds(0.05), patience: .milliseconds(200)) == .refuse(until: .seconds(0.3)))
    #expect(limit.isFirst(first) && !limit.isFirst(second))
    #expect(limit.delayOfFirst(at: .seconds(0.02)) == .milliseconds(80))
    #expect(limit.admitFirst(at: .seconds(0.1)) == second)
    #expect(limit.delayOfFirst(at: .seconds(0.1)) == .milliseconds(100))
    #expect(limit.admitFirst(at: .seconds(0.2)) == nil)
    #expect(limit.waiting == 0)
  }

  @Test("whoever leaves the queue leaves its token to those behind, and none is there twice")
  func leaving() throws {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 1, wait: .seconds(1)))
    #expect(limit.take(at: .origin) == .enter)
    let waiters = try (0..<3).map { _ in
      guard case .wait(let waiter, _) = limit.take(at: .origin) else { throw Unexpected() }
      return waiter
    }
    #expect(limit.waiterLeft(waiters[1]) == nil, "the first is the same")
    #expect(limit.waiterLeft(waiters[0]) == waiters[2])
    #expect(limit.delayOfFirst(at: .origin) == .milliseconds(100))
    guard case .wait(_, isFirst: false) = limit.take(at: .seconds(0.05)) else { throw Unexpected() }
    _ = limit.admitFirst(at: .seconds(0.1))
    #expect(limit.delayOfFirst(at: .seconds(0.1)) == .milliseconds(100))
  }

  @Test(
    "with waiters that give up at random, no more begin than flow in, in the order in which they came", arguments: seeds
  )
  func leavingAtRandom(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limit = RateLimitStateMachine(RateLimit(100, burst: 3, wait: .milliseconds(100)))
    var queue: [WaiterID] = []
    var begun: [Int64] = []
    var now: Int64 = 0
    for _ in 0..<5_000 {
      now += Int64.random(in: 0...4_000_000, using: &random)
      let instant = Instant(nanoseconds: now)
      while let first = queue.first, limit.delayOfFirst(at: instant) <= .zero {
        check(limit.isFirst(first))
        queue.removeFirst()
        check(limit.admitFirst(at: instant) == queue.first)
        begun.append(now)
      }
      switch limit.take(at: instant) {
      case .enter:
        check(queue.isEmpty)
        begun.append(now)
      case .wait(let waiter, let isFirst):
        check(isFirst == queue.isEmpty && queue.count <= 11)
        queue.append(waiter)
      case .refuse: check(queue.count >= 8)
      }
      if let index = queue.indices.randomElement(using: &random), Bool.random(using: &random) {
        let next = limit.waiterLeft(queue.remove(at: index))
        check(next == (index == 0 ? queue.first : nil))
      }
    }
    for index in begun.indices.dropFirst(20) {
      // 21 calls: all but the burst have to flow in.
      check(begun[index] - begun[index - 20] >= Int64(21 - 3) * 10_000_000)
    }
    #expect(begun.count > 500)
  }

  private struct Unexpected: Error {}

  @Test("in any stretch of time no more begin than the burst and what flows in", arguments: seeds)
  func bound(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limit = RateLimitStateMachine(RateLimit(100, burst: 10))
    var begun: [Int64] = []
    var now: Int64 = 0
    for _ in 0..<3_000 {
      now += Int64.random(in: 0...8_000_000, using: &random)
      if limit.take(at: Instant(nanoseconds: now)) == .enter { begun.append(now) }
    }
    for window in [10, 20, 100, 500] {
      for index in begun.indices.dropFirst(window) {
        let stretch = begun[index] - begun[index - window]
        // window + 1 calls: all but the burst have to flow in.
        check(stretch >= Int64(window + 1 - 10) * 10_000_000)
      }
    }
    #expect(Double(begun.count) >= Double(now) / 10_000_000 * 0.95, "and what flows in is used")
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(policyError(RateLimit(0).validate)?.description == "RateLimit.rate is 0, allowed is 1...1000000")
    #expect(policyError(RateLimit(per: .nanoseconds(1)).validate)?.field == "per")
    #expect(policyError(RateLimit(burst: 0).validate)?.field == "burst")
    #expect(policyError(RateLimit(1_000_000_000, per: .seconds(5_000)).validate) == nil)
    try expectRoundTrip(RateLimit(7, per: .seconds(2), burst: 3, wait: .milliseconds(5)))
    var wild = RateLimitStateMachine(RateLimit(.max, per: .seconds(Int64.max), burst: .max, wait: .seconds(-1)))
    #expect(wild.take(at: .distantFuture) == .enter)
    #expect(wild.reserve(at: .distantFuture) != nil)
  }
}
