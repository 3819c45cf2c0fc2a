import Foundation
import Resilience
import Testing

@Suite("Policies as documents")
struct PolicyCodingTests {
  func decode<Policy: Decodable>(_: Policy.Type, _ text: String) throws -> Policy {
    try JSONDecoder().decode(Policy.self, from: Data(text.utf8))
  }

  @Test("every policy survives being written and read")
  func roundTrips() throws {
    try expectRoundTrip(Backoff.exponential(from: .milliseconds(20), factor: 3, cap: .seconds(7), jitter: .equal))
    try expectRoundTrip(Backoff.decorrelated(from: .nanoseconds(1)))
    try expectRoundTrip(Backoff.constant(.seconds(90)))
    try expectRoundTrip(
      CircuitBreaker(
        .any(
          .failures(over: 9, within: .seconds(5)), .consecutive(4), .errorRate(0.25, of: 7, within: .seconds(3)),
          .any(.slowRate(0.75, slowerThan: .milliseconds(30), of: 8, within: .seconds(2)))),
        reopen: .linear(from: .seconds(1)), probes: 3, lease: .seconds(4)))
    try expectRoundTrip(Pool(size: 3, waiters: nil, idle: nil, lifetime: .seconds(1_800), lifetimeJitter: 0.5))
    try expectRoundTrip(Timeouts(connect: nil, pool: .seconds(1), write: nil, read: .seconds(2), attempt: .seconds(3)))
    try expectRoundTrip(
      Retry(5, backoff: .constant(.seconds(1)), budget: .share(0.2, floor: 3, over: .seconds(9)), pushBackLimit: .zero))
    try expectRoundTrip(Bulkhead(3, waiters: 2, wait: .seconds(1)))
    try expectRoundTrip(RateLimit(3, per: .seconds(2), burst: 1, wait: .seconds(1)))
    try expectRoundTrip(AdaptiveLimit(initial: 7, min: 2, max: 9, tolerance: 3, smoothing: 1, waiters: 4))
    try expectRoundTrip(Hedge(after: .percentile(0.5), extraLoad: 1, samples: 3, over: .seconds(2)))
    try expectRoundTrip(Hedge(after: .fixed(.milliseconds(2))))
    try expectRoundTrip(
      Cache(bytes: 5, ttl: .seconds(1), staleWhileRevalidate: .seconds(2), staleIfError: .seconds(3)))
    try expectRoundTrip(SingleFlight())
    try expectRoundTrip(
      Balance(.peakEWMA(decay: .seconds(1), penalty: .zero), panicBelow: 0.5, maxEjected: 0.1, zone: "a", zoneShare: 1))
    try expectRoundTrip(Balance(.consistentHash(points: 3, bound: 2), slowStart: .seconds(1)))
  }

  @Test("an empty document is the default")
  func defaults() throws {
    #expect(try decode(Backoff.self, "{}") == Backoff())
    #expect(try decode(CircuitBreaker.self, "{}") == CircuitBreaker())
    #expect(try decode(Pool.self, "{}") == Pool())
    #expect(try decode(Timeouts.self, "{}") == Timeouts())
    #expect(try decode(Retry.self, "{}") == Retry())
    #expect(try decode(RetryBudget.self, "{}") == RetryBudget())
    #expect(try decode(TripCondition.self, #"{"failures": {}}"#) == .failures())
    #expect(try decode(TripCondition.self, #"{"errorRate": {}}"#) == .errorRate())
  }

  @Test("null switches a field off, which is not its default")
  func null() throws {
    #expect(try decode(Pool.self, #"{"waiters": null, "idle": null}"#) == Pool(waiters: nil, idle: nil))
    #expect(try decode(Timeouts.self, #"{"read": null}"#) == Timeouts(read: nil))
  }

  @Test("the documented form reads as the documented policy")
  func documented() throws {
    let text = """
      {"trip": {"any": [{"failures": {"over": 3, "within": "60s"}}, {"consecutive": 5}]},
       "reopen": {"growth": "exponential", "from": "10s", "cap": "5m", "jitter": "equal"}}
      """
    let expected = CircuitBreaker(
      .any(.failures(over: 3, within: .seconds(60)), .consecutive(5)),
      reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .equal))
    #expect(try decode(CircuitBreaker.self, text) == expected)
  }

  @Test(
    "a misspelt field, an unknown choice, a bad duration: an error that names it",
    arguments: [
      (#"{"probe": 1}"#, "unknown field 'probe', known are: lease, probes, reopen, trip"),
      (#"{"reopen": {"growth": "quadratic"}}"#, "'quadratic' is none of: constant, linear, exponential, decorrelated"),
      (#"{"reopen": {"from": "10 sec"}}"#, "'10 sec' is no duration"),
      (#"{"trip": {}}"#, "exactly one field"), (#"{"trip": {"consecutive": 1, "any": []}}"#, "exactly one field"),
      (#"{"trip": {"slowRate": {}}}"#, "slowerThan has no default"),
    ])
  func errors(text: String, message: String) {
    #expect {
      try decode(CircuitBreaker.self, text)
    } throws: { error in
      "\(error)".contains(message)
    }
  }

  @Test("the defaults are the reference client's, and valid")
  func referenceDefaults() throws {
    let breaker = CircuitBreaker()
    #expect(breaker.trip == .failures(over: 3, within: .seconds(60)))
    #expect(breaker.reopen == .constant(.seconds(10)) && breaker.probes == 1)
    #expect(Pool().size == 10 && Pool().idle == .seconds(60))
    let timeouts = Timeouts()
    #expect(timeouts.connect == .milliseconds(100) && timeouts.pool == .milliseconds(100))
    #expect(timeouts.read == .milliseconds(250) && timeouts.attempt == nil)
    #expect(Retry().retries == 1)
    try breaker.validate()
    try Pool().validate()
    try timeouts.validate()
    try Retry().validate()
    try RetryBudget().validate()
  }

  @Test("validation names the policy, the field, the value and the range")
  func validation() {
    #expect(policyError(Pool(size: 0).validate)?.description == "Pool.size is 0, allowed is 1...65536")
    #expect(policyError(Pool(waiters: -1).validate)?.description == "Pool.waiters is -1, allowed is 0...1000000")
    #expect(policyError(Pool(idle: .zero).validate)?.description == "Pool.idle is 0s, allowed is 1ns...366d")
    #expect(policyError(Pool(lifetimeJitter: .nan).validate)?.field == "lifetimeJitter")
    #expect(policyError(Timeouts(pool: .zero).validate)?.field == "pool")
    #expect(policyError(Timeouts(write: .seconds(-1)).validate)?.value == "-1s")
    #expect(policyError(Retry(-1).validate)?.description == "Retry.retries is -1, allowed is 0...1000")
    #expect(policyError(Retry(budget: .share(-0.5)).validate)?.field == "budget.share")
    #expect(policyError(RetryBudget(over: .zero).validate)?.field == "window")
    #expect(
      policyError(CircuitBreaker(.failures(over: -1)).validate)?.description
        == "CircuitBreaker.trip.failures.over is -1, allowed is 0...10000")
    #expect(policyError(CircuitBreaker(.any([])).validate)?.field == "trip.any.count")
    #expect(policyError(CircuitBreaker(.any(.errorRate(0))).validate)?.field == "trip.errorRate.rate")
    #expect(policyError(CircuitBreaker(.slowRate(slowerThan: .zero)).validate)?.field == "trip.slowRate.slowerThan")
    #expect(
      policyError(CircuitBreaker(reopen: .linear(from: .seconds(45))).validate)?.description
        == "CircuitBreaker.reopen.cap is 30s, allowed is 45s...366d")
    #expect(policyError(CircuitBreaker(probes: 0).validate)?.field == "probes")
    #expect(policyError(CircuitBreaker(lease: .zero).validate)?.field == "lease")
  }
}
