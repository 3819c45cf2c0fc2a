import Resilience
import SeaThriftTime
import Testing

/// A breaker with a generator of its own, driven by seconds.
struct Driver {
  var breaker: CircuitBreakerStateMachine
  var generator = ScriptedGenerator(UInt64.max / 3, UInt64.max / 2, UInt64.max / 5)

  init(_ policy: CircuitBreaker = CircuitBreaker()) { breaker = CircuitBreakerStateMachine(policy) }

  /// The ticket of a call that has to be let through.
  mutating func start(_ seconds: Double) throws -> CircuitBreakerStateMachine.Ticket {
    let admission = breaker.admit(at: .seconds(seconds))
    guard case .allowed(let ticket) = admission else { throw Refused(admission: admission) }
    return ticket
  }

  mutating func end(
    _ verdict: Verdict, _ ticket: CircuitBreakerStateMachine.Ticket, _ seconds: Double
  ) -> CircuitBreaker.Transition? {
    breaker.record(verdict, ticket: ticket, at: .seconds(seconds), using: &generator)
  }

  /// A call that ends as soon as it began.
  @discardableResult
  mutating func call(_ verdict: Verdict, _ seconds: Double) throws -> CircuitBreaker.Transition? {
    let ticket = try start(seconds)
    return end(verdict, ticket, seconds)
  }

  /// Opens a breaker of the default policy at this second.
  mutating func open(_ seconds: Double) throws {
    for _ in 0..<4 { try call(.failure, seconds) }
    try #require(breaker.state == .open)
  }

  mutating func refusal(_ seconds: Double) -> Instant? {
    guard case .refused(let until) = breaker.admit(at: .seconds(seconds)) else { return nil }
    return until
  }

  struct Refused: Error { let admission: CircuitBreakerStateMachine.Admission }
}

@Suite("Circuit breaker")
struct CircuitBreakerTests {
  @Test("the fourth failure within 60 s opens it, for 10 s")
  func opens() throws {
    var driver = Driver()
    for second in [0.0, 20, 40] { #expect(try driver.call(.failure, second) == nil) }
    #expect(driver.breaker.state == .closed)
    #expect(
      try driver.call(.failure, 60) == CircuitBreaker.Transition(from: .closed, to: .open, delay: .seconds(10)))
    #expect(driver.breaker.state == .open)
    #expect(driver.breaker.reopensAt == .seconds(70))
    #expect(driver.breaker.admit(at: .seconds(69.999)) == .refused(until: .seconds(70)))
  }

  @Test("four failures spread over more than 60 s do not open it, whatever succeeds in between")
  func slides() throws {
    var driver = Driver()
    for second in [0.0, 20, 40] { try driver.call(.failure, second) }
    #expect(try driver.call(.failure, 60.001) == nil)
    try driver.call(.success, 61)
    #expect(try driver.call(.failure, 80.001) == nil)
    #expect(try driver.call(.failure, 80.001)?.to == .open)
  }

  @Test("after 10 s exactly one call is let through as the probe, the others are refused at once")
  func oneProbe() throws {
    var driver = Driver()
    try driver.open(0)
    #expect(driver.breaker.wouldAdmit(at: .seconds(9)) == false)
    #expect(driver.breaker.wouldAdmit(at: .seconds(10)))
    let probe = try driver.start(10)
    #expect(probe.isProbe)
    #expect(probe.transition == CircuitBreaker.Transition(from: .open, to: .halfOpen))
    #expect(driver.breaker.state == .halfOpen)
    for second in [10.0, 11, 39.999] {
      #expect(driver.breaker.wouldAdmit(at: .seconds(second)) == false)
      #expect(driver.breaker.admit(at: .seconds(second)) == .refused(until: .seconds(40)))
    }
    #expect(driver.end(.success, probe, 12) == CircuitBreaker.Transition(from: .halfOpen, to: .closed))
    #expect(try driver.start(12).isProbe == false)
  }

  @Test("a failed probe opens it again")
  func reopens() throws {
    var driver = Driver()
    try driver.open(0)
    let probe = try driver.start(10)
    #expect(
      driver.end(.failure, probe, 11) == CircuitBreaker.Transition(from: .halfOpen, to: .open, delay: .seconds(10)))
    #expect(driver.refusal(20.9) == .seconds(21))
    #expect(try driver.start(21).isProbe)
  }

  @Test("a probe that never reports keeps others out only for its lease")
  func lease() throws {
    var driver = Driver()
    try driver.open(0)
    let lost = try driver.start(10)
    let second = try driver.start(40)
    #expect(second.isProbe && second.transition == nil)
    #expect(driver.end(.failure, lost, 41) == nil, "its place went to another")
    #expect(driver.breaker.state == .halfOpen)
    #expect(driver.end(.success, second, 42)?.to == .closed)
  }

  @Test("a late probe counts as long as nobody took its place")
  func lateProbe() throws {
    var driver = Driver()
    try driver.open(0)
    let probe = try driver.start(10)
    #expect(driver.end(.success, probe, 50)?.to == .closed)
  }

  @Test("an ignorable probe gives its place to the next call")
  func ignorableProbe() throws {
    var driver = Driver()
    try driver.open(0)
    let cancelled = try driver.start(10)
    #expect(driver.end(.ignorable, cancelled, 11) == nil)
    #expect(driver.breaker.state == .halfOpen)
    let probe = try driver.start(11)
    #expect(probe.isProbe && probe.transition == nil)
    #expect(driver.refusal(11) != nil)
  }

  @Test("ignorable calls never open it")
  func ignorables() throws {
    var driver = Driver(CircuitBreaker(.any(.failures(over: 0), .consecutive(1), .errorRate(0.01, of: 1))))
    for second in 0..<100 { #expect(try driver.call(.ignorable, Double(second)) == nil) }
    #expect(driver.breaker.state == .closed)
  }

  @Test("results of calls that began before the last opening are ignored")
  func staleResults() throws {
    var driver = Driver()
    let early = try (0..<6).map { _ in try driver.start(0) }
    try driver.open(1)
    #expect(driver.end(.success, early[0], 2) == nil)
    #expect(driver.end(.failure, early[1], 2) == nil)
    #expect(driver.breaker.reopensAt == .seconds(11))
    let probe = try driver.start(11)
    #expect(driver.end(.success, early[2], 12) == nil)
    #expect(driver.end(.failure, early[3], 12) == nil)
    #expect(driver.breaker.state == .halfOpen)
    #expect(driver.end(.success, probe, 12)?.to == .closed)
    for ticket in early[4...] { #expect(driver.end(.failure, ticket, 13) == nil) }
    for _ in 0..<3 { #expect(try driver.call(.failure, 13) == nil) }
    #expect(try driver.call(.failure, 13)?.to == .open)
  }

  @Test("a result reported twice counts once, when it was a probe's")
  func twice() throws {
    var driver = Driver(CircuitBreaker(probes: 2))
    try driver.open(0)
    let probe = try driver.start(10)
    #expect(driver.end(.success, probe, 10) == nil)
    #expect(driver.end(.success, probe, 10) == nil)
    #expect(driver.breaker.state == .halfOpen)
  }

  @Test("with several probes, all must succeed and one failure is enough")
  func severalProbes() throws {
    var driver = Driver(CircuitBreaker(probes: 3, lease: .seconds(5)))
    try driver.open(0)
    let first = try driver.start(10)
    #expect(driver.end(.success, first, 10) == nil)
    let second = try driver.start(11)
    let third = try driver.start(12)
    #expect(driver.breaker.admit(at: .seconds(13)) == .refused(until: .seconds(16)))
    let replacement = try driver.start(16)
    #expect(driver.end(.success, second, 16) == nil)
    #expect(driver.end(.success, third, 16) == nil)
    #expect(driver.end(.success, replacement, 16)?.to == .closed)
    try driver.open(20)
    let good = try driver.start(30)
    let bad = try driver.start(30)
    #expect(driver.end(.success, good, 30) == nil)
    #expect(driver.end(.failure, bad, 30)?.to == .open)
  }

  @Test("a growing back-off grows with each opening, and starts over after a closing")
  func growingDelay() throws {
    var driver = Driver(
      CircuitBreaker(reopen: .exponential(from: .seconds(10), cap: .seconds(35), jitter: .none)))
    try driver.open(0)
    var now = 10.0
    for expected in [20.0, 35, 35] {
      let transition = try driver.call(.failure, now)
      #expect(transition?.delay == .seconds(expected))
      now += expected
    }
    #expect(driver.breaker.openings == 4)
    try driver.call(.success, now)
    #expect(driver.breaker.openings == 0)
    try driver.open(now)
    #expect(driver.breaker.reopensAt == .seconds(now + 10))
  }

  @Test("forced open refuses everything until it is let go, and is then closed and empty")
  func forcedOpen() throws {
    var driver = Driver()
    let running = try driver.start(0)
    for _ in 0..<3 { try driver.call(.failure, 0) }
    #expect(driver.breaker.force(.open) == CircuitBreaker.Transition(from: .closed, to: .open))
    #expect(driver.breaker.isForced)
    #expect(driver.breaker.admit(at: .seconds(1_000_000)) == .refused(until: nil))
    #expect(driver.end(.success, running, 1) == nil)
    #expect(driver.breaker.force(.open) == nil)
    #expect(driver.breaker.unforce()?.to == .closed)
    #expect(driver.breaker.unforce() == nil)
    for _ in 0..<3 { #expect(try driver.call(.failure, 2) == nil) }
    #expect(try driver.call(.failure, 2)?.to == .open)
  }

  @Test("forced closed lets everything through, and counts nothing")
  func forcedClosed() throws {
    var driver = Driver(CircuitBreaker(.consecutive(2)))
    try driver.call(.failure, 0)
    try driver.call(.failure, 0)
    #expect(driver.breaker.force(.closed) == CircuitBreaker.Transition(from: .open, to: .closed))
    for _ in 0..<9 { #expect(try driver.call(.failure, 1) == nil) }
    #expect(driver.breaker.unforce() == nil, "closed before and after")
    #expect(driver.breaker.isForced == false)
    #expect(try driver.call(.failure, 1) == nil)
    #expect(try driver.call(.failure, 1)?.to == .open)
  }

  @Test("what another instance knows is taken over only by a closed breaker, and no longer than its own longest delay")
  func learns() throws {
    var driver = Driver()
    #expect(driver.breaker.learn(openUntil: .seconds(1), at: .seconds(2)) == nil)
    #expect(
      driver.breaker.learn(openUntil: .seconds(9), at: .seconds(2))
        == CircuitBreaker.Transition(from: .closed, to: .open, delay: .seconds(7)))
    #expect(driver.breaker.learn(openUntil: .seconds(12), at: .seconds(2)) == nil)
    try driver.call(.success, 9)
    #expect(driver.breaker.state == .closed)
    #expect(driver.breaker.learn(openUntil: .distantFuture, at: .seconds(10))?.delay == .seconds(10))
  }

  @Test("what it knows matters until well after the last probe that may be due, unless it is closed and nothing fails")
  func memory() throws {
    var driver = Driver(
      CircuitBreaker(.consecutive(2), reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .none)))
    #expect(driver.breaker.memory == .zero)
    try driver.call(.failure, 0)
    #expect(driver.breaker.memory == .seconds(600), "the second failure in a row opens it")
    try driver.call(.success, 0)
    #expect(driver.breaker.memory == .zero)
    try driver.call(.failure, 1)
    try driver.call(.failure, 1)
    #expect(driver.breaker.state == .open && driver.breaker.memory == .seconds(600))
    guard case .allowed(let ticket) = driver.breaker.admit(at: .seconds(11)) else {
      Issue.record("the probe was refused")
      return
    }
    #expect(driver.breaker.state == .halfOpen && driver.breaker.memory == .seconds(600))
    #expect(driver.end(.success, ticket, 11)?.to == .closed)
    #expect(driver.breaker.memory == .zero)
  }
}
