import Resilience
import SeaThriftTime
import Testing

/// The design lists what the reference client's breaker does wrong; each has its test.
@Suite("Defects of the reference's circuit breaker")
struct CircuitBreakerDefectTests {
  @Test("half-open does not let every call through")
  func floodWhenHalfOpen() throws {
    var driver = Driver()
    try driver.open(0)
    let admitted = (0..<1_000).filter { _ in
      if case .allowed = driver.breaker.admit(at: .seconds(10)) { true } else { false }
    }
    #expect(admitted.count == 1)
  }

  @Test("old failures are gone after closing: one failure does not open it again")
  func failuresSurviveClosing() throws {
    var driver = Driver()
    try driver.open(0)
    try driver.call(.success, 10)
    for _ in 0..<3 { #expect(try driver.call(.failure, 10) == nil) }
    #expect(driver.breaker.state == .closed)
    #expect(try driver.call(.failure, 10)?.to == .open)
  }

  @Test("jitter is drawn once per opening, not at each question")
  func jitterRedrawn() throws {
    var driver = Driver(CircuitBreaker(reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .equal)))
    try driver.open(0)
    #expect(driver.generator.draws == 1)
    let until = try #require(driver.breaker.reopensAt)
    for step in 0..<1_000 {
      #expect(driver.breaker.admit(at: .seconds(Double(step) * 0.004)) == .refused(until: until))
    }
    #expect(driver.generator.draws == 1)
    let probe = driver.breaker.admit(at: until)
    guard case .allowed(let ticket) = probe else {
      Issue.record("the probe was refused")
      return
    }
    _ = driver.breaker.record(.failure, ticket: ticket, at: until, using: &driver.generator)
    #expect(driver.generator.draws == 2)
  }
}
