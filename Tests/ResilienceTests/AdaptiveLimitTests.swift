import Resilience
import SeaThriftTime
import Testing

@Suite("Adaptive limit")
struct AdaptiveLimitTests {
  /// A server with `cores` that each do a call in 10 ms; calls beyond that queue. Returns the limit after so many
  /// seconds of as many calls as the limit lets in.
  func settle(_ limit: inout AdaptiveLimitStateMachine, cores: Int, from start: Double, seconds: Double) -> Int {
    var now = start
    while now < start + seconds {
      let running = limit.limit
      let latency = 0.010 * max(1, Double(running) / Double(cores))
      for _ in 0..<10 {
        _ = limit.record(.success, latency: .seconds(latency), running: running, at: .seconds(now))
        now += 0.020
      }
    }
    return limit.limit
  }

  @Test("the limit settles near what the server can do, also after it changed, and stays there", arguments: [5, 400])
  func settles(initial: Int) {
    var limit = AdaptiveLimitStateMachine(AdaptiveLimit(initial: initial, probe: .seconds(10)))
    var now = 0.0
    for cores in [100, 20, 200] {
      _ = settle(&limit, cores: cores, from: now, seconds: 90)
      for second in 90..<180 {
        let settled = settle(&limit, cores: cores, from: now + Double(second), seconds: 1)
        #expect(settled > cores / 2 && settled < cores * 5 / 2, "\(cores) cores, second \(second)")
      }
      now += 180
    }
  }

  @Test("a probe lowers the limit until one window has been measured, then it is as before")
  func probe() {
    var limit = AdaptiveLimitStateMachine(AdaptiveLimit(initial: 100, max: 100, probe: .seconds(1)))
    var limits: [Int] = []
    var running = 100
    for step in 0..<400 {
      _ = limit.record(.success, latency: .milliseconds(10), running: running, at: .seconds(Double(step) / 200))
      if limits.last != limit.limit { limits.append(limit.limit) }
      running += (limit.limit - running).signum()
    }
    #expect(limits == [100, 53, 100])
  }

  @Test("an idle client learns nothing about the limit")
  func idle() {
    var limit = AdaptiveLimitStateMachine(AdaptiveLimit(initial: 20))
    for step in 0..<1_000 {
      #expect(
        limit.record(.success, latency: .milliseconds(1), running: 2, at: .seconds(Double(step) / 100)) == nil)
    }
    #expect(limit.limit == 20)
  }

  @Test("failures lower it by a tenth per window, down to the lowest; ignorable calls do not")
  func failures() {
    var limit = AdaptiveLimitStateMachine(AdaptiveLimit(initial: 100, min: 80))
    var changes: [Int] = []
    for step in 0..<100 {
      let change = limit.record(.failure, latency: .zero, running: 100, at: .seconds(Double(step) / 100))
      if let change { changes.append(change) }
    }
    #expect(changes == [90, 81, 80])
    for step in 0..<100 {
      #expect(limit.record(.ignorable, latency: .zero, running: 100, at: .seconds(2 + Double(step) / 100)) == nil)
    }
  }

  @Test("it stays within its range whatever is reported", arguments: seeds)
  func range(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limit = AdaptiveLimitStateMachine(AdaptiveLimit(initial: 30, min: 10, max: 50, smoothing: 1))
    for step in 0..<5_000 {
      let verdict =
        [Verdict.success, .success, .success, .failure, .ignorable].randomElement(using: &random) ?? .success
      let latency = Duration.nanoseconds(Int64.random(in: -5...(1 << 60), using: &random))
      let running = Int.random(in: 0...100, using: &random)
      let change = limit.record(verdict, latency: latency, running: running, at: .seconds(Double(step) / 50))
      #expect((10...50).contains(limit.limit))
      #expect(change == nil || change == limit.limit)
    }
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(policyError(AdaptiveLimit(min: 0).validate)?.field == "min")
    #expect(
      policyError(AdaptiveLimit(min: 5, max: 4).validate)?.description
        == "AdaptiveLimit.max is 4, allowed is 5...1000000")
    #expect(policyError(AdaptiveLimit(initial: 2_000).validate)?.field == "initial")
    #expect(policyError(AdaptiveLimit(smoothing: 0).validate)?.field == "smoothing")
    #expect(policyError(AdaptiveLimit().validate) == nil)
    try expectRoundTrip(
      AdaptiveLimit(initial: 7, min: 6, max: 8, tolerance: 2, smoothing: 1, probe: .seconds(9), waiters: 3))
  }
}
