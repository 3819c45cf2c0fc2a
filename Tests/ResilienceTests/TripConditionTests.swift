import Resilience
import SeaThriftTime
import Testing

@Suite("Trip conditions")
struct TripConditionTests {
  @Test("failures over 0: the first failure opens")
  func firstFailure() throws {
    var driver = Driver(CircuitBreaker(.failures(over: 0)))
    #expect(try driver.call(.failure, 0)?.to == .open)
  }

  @Test("consecutive failures: a success starts the count over")
  func consecutive() throws {
    var driver = Driver(CircuitBreaker(.consecutive(3)))
    for verdict in [Verdict.failure, .failure, .success, .failure, .ignorable, .failure] {
      #expect(try driver.call(verdict, 0) == nil)
    }
    #expect(try driver.call(.failure, 1_000_000)?.to == .open)
  }

  @Test("error rate: below the minimum of calls nothing opens, from there on the rate does")
  func errorRate() throws {
    var driver = Driver(CircuitBreaker(.errorRate(0.5, of: 10, within: .seconds(10))))
    for _ in 0..<8 { #expect(try driver.call(.failure, 0) == nil) }
    #expect(try driver.call(.success, 0) == nil)
    #expect(try driver.call(.failure, 0)?.to == .open)
  }

  @Test("error rate: successes keep it closed, and leave with the window")
  func errorRateWindow() throws {
    var driver = Driver(CircuitBreaker(.errorRate(0.5, of: 4, within: .seconds(10))))
    for _ in 0..<100 { try driver.call(.success, 0) }
    for _ in 0..<50 { #expect(try driver.call(.failure, 5) == nil) }
    #expect(try driver.call(.failure, 9.9) == nil)
    // The hundred successes of second 0 are gone; what is left failed.
    #expect(try driver.call(.failure, 10)?.to == .open)
  }

  @Test("a success that completes the minimum does not open it")
  func successNeverOpens() throws {
    var driver = Driver(CircuitBreaker(.errorRate(0.5, of: 4, within: .seconds(10))))
    for verdict in [Verdict.failure, .failure, .failure, .success] { #expect(try driver.call(verdict, 0) == nil) }
    #expect(try driver.call(.failure, 0)?.to == .open)
  }

  @Test("slow calls: it is the duration that counts, successful or not, and a slow probe fails")
  func slowRate() throws {
    var driver = Driver(CircuitBreaker(.slowRate(0.5, slowerThan: .milliseconds(100), of: 4, within: .seconds(10))))
    func call(_ verdict: Verdict, _ start: Double, _ took: Double) throws -> CircuitBreaker.Transition? {
      let ticket = try driver.start(start)
      return driver.end(verdict, ticket, start + took)
    }
    #expect(try call(.success, 0, 0.1) == nil)
    #expect(try call(.failure, 0, 0.05) == nil)
    #expect(try call(.success, 0, 0.2) == nil)
    #expect(try call(.success, 0, 0.2)?.to == .open)
    #expect(try call(.success, 11, 0.2)?.to == .open)
    #expect(try call(.success, 22, 0.05)?.to == .closed)
  }

  @Test("slow calls: what took long because this process stood still is not slow")
  func slowOfOneself() throws {
    var driver = Driver(CircuitBreaker(.slowRate(0.5, slowerThan: .milliseconds(100), of: 2, within: .seconds(10))))
    for second in [0.0, 1, 2, 3] {
      let ticket = try driver.start(second).restarted(at: .seconds(second + 0.95))
      #expect(driver.end(.success, ticket, second + 0.96) == nil)
    }
    for _ in 0..<4 { _ = driver.end(.success, try driver.start(4), 4.96) }
    #expect(driver.breaker.state == .open)
  }

  @Test("any: each condition opens on its own, and all are forgotten together")
  func any() throws {
    let trip = TripCondition.any(.failures(over: 3), .any(.consecutive(2), .errorRate(0.9, of: 50)))
    var driver = Driver(CircuitBreaker(trip))
    try driver.call(.failure, 0)
    #expect(try driver.call(.failure, 0)?.to == .open)
    try driver.call(.success, 10)
    for _ in 0..<3 {
      #expect(try driver.call(.failure, 11) == nil)
      try driver.call(.success, 11)
    }
    #expect(try driver.call(.failure, 11)?.to == .open)
  }

  @Test("no condition at all never opens")
  func never() throws {
    var driver = Driver(CircuitBreaker(.any([])))
    for _ in 0..<1_000 { #expect(try driver.call(.failure, 0) == nil) }
  }
}

@Suite("Sliding window")
struct SlidingWindowTests {
  @Test("counts as a list of events would, to within the slice that is being dropped", arguments: seeds)
  func againstList(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var window = SlidingWindow(.seconds(10))
    var events: [(time: Int64, marked: Bool)] = []
    var now: Int64 = 0
    for _ in 0..<500 {
      now += Int64.random(in: 0...(Bool.random(using: &generator) ? 100_000_000 : 3_000_000_000), using: &generator)
      let marked = Bool.random(using: &generator)
      window.add(marked: marked ? 1 : 0, at: Instant(nanoseconds: now))
      events.append((now, marked))
      let sure = events.filter { $0.time > now - 9_000_000_000 }
      let possible = events.filter { $0.time > now - 10_000_000_000 }
      check(window.total >= sure.count && window.total <= possible.count)
      check(window.marked >= sure.filter(\.marked).count && window.marked <= possible.filter(\.marked).count)
    }
  }

  @Test("time that stands still, goes back or ends does not lose or invent counts")
  func strangeTime() {
    var window = SlidingWindow(.nanoseconds(3))
    window.add(at: .seconds(5))
    window.add(at: .seconds(4))
    #expect(window.total == 2)
    window.add(at: .distantFuture)
    window.add(at: .distantFuture)
    #expect(window.total >= 1)
  }
}
