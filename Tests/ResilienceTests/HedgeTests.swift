import Resilience
import SeaThriftTime
import Testing

@Suite("Latency histogram")
struct LatencyHistogramTests {
  @Test("a percentile is that of the sorted latencies, or up to 6.25 % more", arguments: seeds)
  func accuracy(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var histogram = LatencyHistogram()
    var latencies: [Int64] = []
    for _ in 0..<2_000 {
      let magnitude = Int64.random(in: 0..<43, using: &random)
      let latency = Int64.random(in: 0...(1 << magnitude), using: &random)
      latencies.append(latency)
      histogram.record(.nanoseconds(latency), at: .seconds(1))
    }
    latencies.sort()
    for quantile in [0.0, 0.001, 0.25, 0.5, 0.95, 0.99, 1] {
      let exact = latencies[max(Int((quantile * 2_000).rounded(.up)), 1) - 1]
      let estimate = try #require(histogram.percentile(quantile, at: .seconds(1)) as Duration?).wholeNanoseconds
      #expect(estimate >= exact && Double(estimate) <= Double(exact) * 1.0625)
    }
  }

  @Test("old latencies leave, in quarters of the window")
  func window() {
    var histogram = LatencyHistogram(over: .seconds(40))
    for second in 0..<40 { histogram.record(.milliseconds(second < 20 ? 100 : 1), at: .seconds(Double(second))) }
    #expect(histogram.count == 40)
    #expect((histogram.percentile(0.9, at: .seconds(39)) ?? .zero) > .milliseconds(99))
    #expect((histogram.percentile(0.9, at: .seconds(50)) ?? .seconds(9)) < .milliseconds(2))
    #expect(histogram.count == 20)
    #expect(histogram.percentile(0.5, at: .seconds(1_000)) == nil)
    #expect(histogram.count == 0)
    histogram.record(.seconds(1), at: .seconds(1_000))
    #expect(histogram.count == 1)
  }

  @Test("extreme latencies are counted at the ends")
  func extremes() {
    var histogram = LatencyHistogram()
    #expect(histogram.percentile(0.5, at: .origin) == nil)
    histogram.record(.seconds(-5), at: .origin)
    #expect(histogram.percentile(.nan, at: .origin) == .zero)
    histogram.record(.seconds(Int64.max), at: .seconds(1e9))
    #expect((histogram.percentile(1, at: .seconds(1e9)) ?? .zero) > .seconds(10_000))
  }
}

@Suite("Hedge")
struct HedgeTests {
  @Test("a fixed delay is known from the first call")
  func fixed() {
    var hedge = HedgeStateMachine(Hedge(after: .fixed(.milliseconds(20))))
    #expect(hedge.callBegan(at: .origin) == .milliseconds(20))
  }

  @Test("a percentile is known once there are enough successes, and follows them")
  func percentile() throws {
    var hedge = HedgeStateMachine(Hedge(after: .percentile(0.9), samples: 50))
    for count in 0..<100 {
      let delay = hedge.callBegan(at: .seconds(Double(count) / 1_000))
      #expect((delay == nil) == (count < 64), "looked up after every 32")
      hedge.record(.milliseconds(count % 10 < 9 ? 10 : 500), at: .seconds(Double(count) / 1_000))
    }
    let delay = try #require(hedge.callBegan(at: .seconds(2)) as Duration?)
    #expect(delay >= .milliseconds(10) && delay < .milliseconds(11))
    for _ in 0..<1_000 { hedge.record(.milliseconds(30), at: .seconds(3)) }
    let later = try #require(hedge.callBegan(at: .seconds(3)) as Duration?)
    #expect(later >= .milliseconds(30) && later < .milliseconds(32))
    #expect(hedge.callBegan(at: .seconds(100)) == nil, "nothing is known any more")
  }

  @Test("hedges stay within their share of the calls")
  func extraLoad() {
    var hedge = HedgeStateMachine(Hedge(after: .fixed(.milliseconds(1)), extraLoad: 0.02))
    var hedges = 0
    for call in 1...10_000 {
      _ = hedge.callBegan(at: .seconds(Double(call) / 10_000))
      if hedge.beginHedge(at: .seconds(Double(call) / 10_000)) { hedges += 1 }
      #expect(Double(hedges) <= 0.02 * Double(call))
    }
    #expect(hedges == 200)
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(policyError(Hedge(after: .fixed(.zero)).validate)?.field == "after.fixed")
    #expect(policyError(Hedge(after: .percentile(1)).validate)?.field == "after.percentile")
    #expect(policyError(Hedge(extraLoad: 2).validate)?.description == "Hedge.extraLoad is 2.0, allowed is 0.0...1.0")
    #expect(policyError(Hedge(samples: 0).validate)?.field == "samples")
    #expect(policyError(Hedge().validate) == nil)
    try expectRoundTrip(Hedge(after: .percentile(0.9), extraLoad: 0.1, samples: 5, over: .seconds(9)))
    try expectRoundTrip(Hedge(after: .fixed(.milliseconds(30))))
  }
}
