import Resilience
import SeaThriftTime
import Testing

/// A call of the state machine with what it shares with others.
private struct Call {
  var machine: RetryStateMachine
  var budget: RetryBudgetStateMachine?
  var random = SeededGenerator(seed: 1)

  init(
    _ policy: Retry = Retry(), _ idempotency: RetryStateMachine.Idempotency = .unknown,
    budget: RetryBudgetStateMachine? = nil
  ) {
    machine = RetryStateMachine(policy, idempotency: idempotency)
    self.budget = budget
  }

  mutating func fail(
    _ failure: RetryStateMachine.Failure = RetryStateMachine.Failure(), remaining: Duration? = nil
  ) -> RetryStateMachine.Next {
    machine.failed(failure, remaining: remaining, budget: &budget, at: .origin, using: &random)
  }

  mutating func hedge() -> Bool { machine.beginHedge(budget: &budget, at: .origin) }
}

@Suite("Retry")
struct RetryTests {
  @Test("by default: one retry, at once")
  func standard() {
    var call = Call()
    #expect(call.fail() == .retry(after: .zero))
    #expect(call.fail() == .stop(.outOfAttempts))
    #expect(call.machine.attempts == 2 && call.machine.running == 0)
  }

  @Test("an error that no attempt mends is final")
  func final() {
    var call = Call()
    #expect(call.fail(RetryStateMachine.Failure(isRetryable: false)) == .stop(.notRetryable))
  }

  @Test("what must not run twice is retried only when nothing was sent")
  func idempotency() {
    var call = Call(Retry(5), .notIdempotent)
    #expect(call.fail(RetryStateMachine.Failure(isUnsent: true)) == .retry(after: .zero))
    #expect(call.fail() == .stop(.notRetryable))
  }

  @Test("what was retried further down is not retried again")
  func chain() {
    var call = Call()
    #expect(call.fail(RetryStateMachine.Failure(isRetriedBelow: true)) == .stop(.retriedBelow))
  }

  @Test("what is part of a call that is being retried is neither retried nor hedged")
  func suppressed() {
    var machine = RetryStateMachine(Retry(5), idempotency: .idempotent, isSuppressed: true)
    var budget: RetryBudgetStateMachine?
    var random = SeededGenerator(seed: 1)
    #expect(machine.beginHedge(budget: &budget, at: .origin) == false)
    let next = machine.failed(RetryStateMachine.Failure(), budget: &budget, at: .origin, using: &random)
    #expect(next == .stop(.retriedAbove))
    #expect(machine.attempts == 1)
  }

  @Test("a runner has what its retries call made once, and its first attempt as ever")
  func suppressing() async throws {
    struct Failing: Error {}
    let outer = try Retry(2).runner()
    let inner = try Retry(3).runner()
    var calls: [Bool] = []
    await #expect(throws: Failing.self) {
      try await outer.run {
        try await inner.run {
          calls.append(Retry.isSuppressed)
          throw Failing()
        }
      }
    }
    #expect(calls == [false, true, true, true, true, true])
    #expect(!Retry.isSuppressed)
  }

  @Test("delays follow the back-off, and the server's wish when it is longer")
  func delays() {
    var call = Call(Retry(9, backoff: .exponential(from: .milliseconds(10), jitter: .none)))
    #expect(call.fail() == .retry(after: .milliseconds(10)))
    #expect(
      call.fail(RetryStateMachine.Failure(pushBack: .after(.milliseconds(15)))) == .retry(after: .milliseconds(20)))
    #expect(call.fail(RetryStateMachine.Failure(pushBack: .after(.seconds(3)))) == .retry(after: .seconds(3)))
    #expect(call.fail() == .retry(after: .milliseconds(80)))
    #expect(call.fail(RetryStateMachine.Failure(pushBack: .never)) == .stop(.pushedBack))
  }

  @Test("a server that asks for a longer wait than the policy allows is left alone")
  func pushBackLimit() {
    var call = Call(Retry(9, pushBackLimit: .seconds(1)))
    #expect(call.fail(RetryStateMachine.Failure(pushBack: .after(.seconds(1)))) == .retry(after: .seconds(1)))
    let longer = RetryStateMachine.Failure(pushBack: .after(.seconds(1) + .nanoseconds(1)))
    #expect(call.fail(longer) == .stop(.pushedBack))
    var unlimited = Call(Retry(9, pushBackLimit: .zero))
    #expect(unlimited.fail(RetryStateMachine.Failure(pushBack: .after(.zero))) == .retry(after: .zero))
    #expect(unlimited.fail(longer) == .stop(.pushedBack))
    #expect(throws: PolicyError.self) { try Retry(pushBackLimit: .nanoseconds(-1)).validate() }
  }

  @Test(
    "advice in numbers: negative ones and what is no number mean never, the longest wait is 366 days",
    arguments: [
      (0, .after(.zero)), (1.5, .after(.milliseconds(1_500))), (-0.1, .never), (.nan, .never), (-.infinity, .never),
      (.infinity, .after(.seconds(366 * 86_400))), (1e300, .after(.seconds(366 * 86_400))),
    ] as [(Double, RetryAdvice)])
  func advice(seconds: Double, expected: RetryAdvice) {
    #expect(RetryAdvice(seconds: seconds) == expected)
    #expect(RetryAdvice(milliseconds: seconds * 1_000) == expected)
  }

  @Test("no attempt begins after the deadline, and none is paid for")
  func deadline() {
    let policy = Retry(9, backoff: .constant(.milliseconds(100)))
    var call = Call(policy, budget: RetryBudgetStateMachine(.share(0, floor: 1, over: .seconds(1))))
    #expect(call.fail(remaining: .milliseconds(100)) == .stop(.outOfTime))
    var other = Call(policy, budget: call.budget)
    #expect(other.fail(remaining: .milliseconds(101)) == .retry(after: .milliseconds(100)))
    #expect(other.fail() == .stop(.outOfBudget))
  }

  @Test("a hedge: the failure of one waits for the other, then the retries go on")
  func hedge() {
    var call = Call(Retry(1), .idempotent)
    #expect(call.hedge() == true)
    #expect(call.hedge() == false, "two attempts run already")
    #expect(call.fail() == .wait)
    #expect(call.fail() == .retry(after: .zero))
    #expect(call.fail() == .stop(.outOfAttempts))
    #expect(call.machine.attempts == 3 && call.machine.retries == 1)
  }

  @Test("only an idempotent method is hedged, and only within the budget")
  func hedgeLimits() {
    var unknown = Call(Retry(), .unknown)
    #expect(unknown.hedge() == false)
    var poor = Call(Retry(), .idempotent, budget: RetryBudgetStateMachine(.share(0, floor: 0)))
    #expect(poor.hedge() == false)
    #expect(poor.machine.attempts == 1)
  }
}

@Suite("Single flight")
struct SingleFlightTests {
  @Test("the first leads, the others follow and get its result")
  func share() {
    var flights = SingleFlightStateMachine<String>()
    #expect(flights.join("a") == .lead)
    #expect(flights.join("b") == .lead)
    guard case .follow(let first) = flights.join("a"), case .follow(let second) = flights.join("a") else {
      Issue.record("somebody leads already")
      return
    }
    #expect(flights.count == 2)
    #expect(flights.finish("a") == [first, second])
    #expect(flights.finish("a") == [])
    #expect(flights.join("a") == .lead)
  }

  @Test("when the leader is cancelled, the next one leads; a cancelled follower gets nothing")
  func abandon() {
    var flights = SingleFlightStateMachine<String>()
    #expect(flights.join("a") == .lead)
    let followers = (0..<3).compactMap { _ in
      if case .follow(let follower) = flights.join("a") { follower } else { nil }
    }
    #expect(flights.followerLeft(followers[0], of: "a") == true)
    #expect(flights.abandon("a") == followers[1])
    #expect(flights.followerLeft(followers[1], of: "a") == false)
    #expect(flights.abandon("a") == followers[2])
    #expect(flights.abandon("a") == nil)
    #expect(flights.count == 0)
    #expect(flights.followerLeft(followers[0], of: "a") == false)
  }
}
