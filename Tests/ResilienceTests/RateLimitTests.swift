import Resilience
import SeaThriftTime
import Testing

@Suite("Rate limit")
struct RateLimitTests {
  /// How many calls in a row may begin at once.
  func take(_ limit: inout RateLimitStateMachine, at seconds: Double) -> Int {
    var count = 0
    while limit.take(at: .seconds(seconds)) == .allowed(after: .zero) { count += 1 }
    return count
  }

  @Test("a full bucket allows its burst at once, then one call per interval")
  func burst() {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 4))
    #expect(take(&limit, at: 0) == 4)
    #expect(limit.take(at: .seconds(0.05)) == .refused(until: .seconds(0.1)))
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

  @Test("calls that may wait get delays one interval apart, until it is too long")
  func waiting() {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 1, wait: .milliseconds(250)))
    let delays = (0..<4).map { _ in limit.take(at: .origin) }
    #expect(
      delays == [
        .allowed(after: .zero), .allowed(after: .milliseconds(100)), .allowed(after: .milliseconds(200)),
        .refused(until: .seconds(0.3)),
      ])
    #expect(limit.take(at: .seconds(0.1), patience: .milliseconds(100)) == .refused(until: .seconds(0.3)))
    #expect(limit.take(at: .seconds(0.1), patience: .milliseconds(200)) == .allowed(after: .milliseconds(200)))
  }

  @Test("a token given back is there for the next")
  func giveBack() {
    var limit = RateLimitStateMachine(RateLimit(10, burst: 1, wait: .seconds(1)))
    #expect(limit.take(at: .origin) == .allowed(after: .zero))
    #expect(limit.take(at: .origin) == .allowed(after: .milliseconds(100)))
    limit.giveBack()
    #expect(limit.take(at: .origin) == .allowed(after: .milliseconds(100)))
  }

  @Test("in any stretch of time no more begin than the burst and what flows in", arguments: seeds)
  func bound(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limit = RateLimitStateMachine(RateLimit(100, burst: 10))
    var begun: [Int64] = []
    var now: Int64 = 0
    for _ in 0..<3_000 {
      now += Int64.random(in: 0...8_000_000, using: &random)
      if limit.take(at: Instant(nanoseconds: now)) == .allowed(after: .zero) { begun.append(now) }
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
    #expect(wild.take(at: .distantFuture) == .allowed(after: .zero))
    wild.giveBack()
  }
}
