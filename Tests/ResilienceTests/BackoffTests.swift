import Resilience
import SeaThriftTime
import Testing

@Suite("Backoff")
struct BackoffTests {
  func delays(_ backoff: Backoff, _ count: Int) -> [Duration] {
    var generator = SeededGenerator(seed: 1)
    return (1...count).map { backoff.delay(attempt: $0, previous: .zero, using: &generator) }
  }

  @Test("constant, linear and exponential delays without jitter are exact, and end at the cap")
  func growth() {
    #expect(delays(.none, 3) == [.zero, .zero, .zero])
    #expect(delays(.constant(.seconds(40)), 3) == [.seconds(40), .seconds(40), .seconds(40)])
    #expect(
      delays(.linear(from: .seconds(2), cap: .seconds(5)), 4) == [.seconds(2), .seconds(4), .seconds(5), .seconds(5)])
    #expect(
      delays(.exponential(from: .milliseconds(20), cap: .milliseconds(200), jitter: .none), 6)
        == [20, 40, 80, 160, 200, 200].map { .milliseconds($0) })
    #expect(
      delays(.exponential(from: .milliseconds(10), factor: 1.5, jitter: .none), 3)
        == [.milliseconds(10), .milliseconds(15), .microseconds(22_500)])
  }

  @Test("no jitter draws nothing, jitter draws once")
  func draws() {
    var generator = ScriptedGenerator(7)
    _ = Backoff.exponential(from: .seconds(1), jitter: .none).delay(attempt: 5, using: &generator)
    #expect(generator.draws == 0)
    _ = Backoff.exponential(from: .seconds(1), jitter: .equal).delay(attempt: 5, using: &generator)
    #expect(generator.draws == 1)
  }

  @Test("jittered delays keep to their range and reach both halves of it", arguments: seeds)
  func jitterRanges(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let full = Backoff.exponential(from: .seconds(1), cap: .seconds(100), jitter: .full)
    let equal = Backoff.exponential(from: .seconds(1), cap: .seconds(100), jitter: .equal)
    let fullDelays = (0..<200).map { _ in full.delay(attempt: 4, using: &generator) }
    let equalDelays = (0..<200).map { _ in equal.delay(attempt: 4, using: &generator) }
    #expect(fullDelays.allSatisfy { $0 >= .zero && $0 <= .seconds(8) })
    #expect(equalDelays.allSatisfy { $0 >= .seconds(4) && $0 <= .seconds(8) })
    #expect(fullDelays.contains { $0 < .seconds(2) } && fullDelays.contains { $0 > .seconds(6) })
    #expect(equalDelays.contains { $0 < .seconds(5) } && equalDelays.contains { $0 > .seconds(7) })
  }

  @Test(
    "a decorrelated delay lies between the first and three times the one before, and below the cap", arguments: seeds)
  func decorrelated(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let backoff = Backoff.decorrelated(from: .milliseconds(10), cap: .seconds(1))
    var previous = Duration.zero
    for attempt in 1...100 {
      let delay = backoff.delay(attempt: attempt, previous: previous, using: &generator)
      #expect(delay >= .milliseconds(10) && delay <= max(.milliseconds(10), min(.seconds(1), previous * 3)))
      previous = delay
    }
  }

  @Test("extreme values neither trap nor exceed the cap")
  func extremes() {
    var generator = SeededGenerator(seed: 1)
    let huge = Duration.seconds(Int64.max)
    let wild = [
      Backoff(growth: .exponential, from: huge, factor: .infinity, cap: huge, jitter: .full),
      Backoff(growth: .exponential, from: .nanoseconds(1), factor: .nan, cap: huge),
      Backoff(growth: .exponential, from: .nanoseconds(1), factor: 1e300, cap: huge, jitter: .equal),
      Backoff(growth: .exponential, from: .nanoseconds(1), factor: 1.000_000_000_000_000_2, cap: huge),
      Backoff(growth: .linear, from: huge, cap: .seconds(-4)), Backoff(growth: .constant, from: .seconds(-1)),
      Backoff(growth: .decorrelated, from: .seconds(5), cap: .seconds(1)),
    ]
    for backoff in wild {
      for attempt in [Int.min, 0, 1, 2, 100, .max] {
        for previous in [Duration.seconds(Int64.min), .zero, huge] {
          let delay = backoff.delay(attempt: attempt, previous: previous, using: &generator)
          #expect(delay >= .zero && delay <= .seconds(366 * 86_400))
        }
      }
    }
  }

  @Test("validation names the field, the value and the range")
  func validation() {
    #expect(
      policyError(Backoff(growth: .linear, from: .seconds(5), cap: .seconds(1)).validate)?.description
        == "Backoff.cap is 1s, allowed is 5s...366d")
    #expect(
      policyError(Backoff(from: .seconds(-1)).validate)?.description == "Backoff.from is -1s, allowed is 0s...366d")
    #expect(
      policyError(Backoff.exponential(from: .seconds(1), factor: .nan).validate)?.description
        == "Backoff.factor is nan, allowed is 1.0...100.0")
    #expect(policyError(Backoff(growth: .decorrelated, jitter: .full).validate)?.field == "jitter")
    #expect(policyError(Backoff.constant(.seconds(90)).validate) == nil)
    #expect(policyError(Backoff.none.validate) == nil)
  }
}
