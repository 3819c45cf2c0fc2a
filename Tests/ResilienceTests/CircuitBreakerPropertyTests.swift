import Resilience
import SeaThriftTime
import Testing

/// The same breaker as a list of everything that happened: slow, but plain to see.
private struct BreakerModel {
  struct Call {
    let ticket: CircuitBreakerStateMachine.Ticket
    let epoch: Int
    let leaseEnd: Instant
    var counts = true
  }

  let limit: Int
  let probeLimit: Int
  var state = CircuitBreaker.State.closed
  var until = Instant.origin
  var epoch = 0
  var failures: [Instant] = []
  var successes = 0
  var calls: [Call] = []

  /// The probes that hold a place.
  var probes: [Int] { calls.indices.filter { calls[$0].epoch == epoch && calls[$0].counts } }

  mutating func enter(_ next: CircuitBreaker.State) {
    state = next
    epoch += 1
    failures = []
    successes = 0
  }

  /// Whether a call is let through now; takes the place that it gets.
  mutating func admits(at now: Instant) -> Bool {
    if state == .open, now >= until { enter(.halfOpen) }
    switch state {
    case .closed: return true
    case .open: return false
    case .halfOpen:
      if successes + probes.count < probeLimit { return true }
      guard let lost = probes.first(where: { calls[$0].leaseEnd <= now }) else { return false }
      calls[lost].counts = false
      return true
    }
  }

  mutating func report(_ verdict: Verdict, _ call: Call, at now: Instant) {
    guard call.epoch == epoch, call.counts, verdict != .ignorable else { return }
    switch (state, verdict) {
    case (.closed, .failure):
      failures.append(now)
      if failures.filter({ $0.duration(to: now) <= .seconds(60) }).count > limit { open(at: now) }
    case (.halfOpen, .failure):
      open(at: now)
    case (.halfOpen, .success):
      successes += 1
      if successes == probeLimit { enter(.closed) }
    default:
      break
    }
  }

  private mutating func open(at now: Instant) {
    enter(.open)
    until = now.advanced(by: .seconds(10))
  }
}

@Suite("Circuit breaker, random sequences")
struct CircuitBreakerPropertyTests {
  @Test("agrees with the model at every step", arguments: seeds)
  func againstModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var opened = 0
    var closed = 0
    for _ in 0..<25 {
      let limit = Int.random(in: 0...4, using: &random)
      let probes = Int.random(in: 1...3, using: &random)
      let failureShare = Int.random(in: 1...9, using: &random)
      var breaker = CircuitBreakerStateMachine(
        CircuitBreaker(.failures(over: limit), probes: probes, lease: .seconds(15)))
      var model = BreakerModel(limit: limit, probeLimit: probes)
      var now = Instant.origin
      for _ in 0..<300 {
        now = now.advanced(by: .milliseconds(Int.random(in: 0...6_000, using: &random)))
        if Bool.random(using: &random) || model.calls.isEmpty {
          check(breaker.wouldAdmit(at: now) == (model.state == .open ? now >= model.until : model.wouldAdmit(at: now)))
          let expected = model.admits(at: now)
          switch breaker.admit(at: now) {
          case .allowed(let ticket):
            check(expected)
            let leaseEnd = now.advanced(by: .seconds(15))
            model.calls.append(BreakerModel.Call(ticket: ticket, epoch: model.epoch, leaseEnd: leaseEnd))
          case .refused(let until):
            check(!expected)
            check(until.map { $0 > now } ?? false)
          }
        } else {
          let index = Int.random(in: model.calls.indices, using: &random)
          let call = model.calls.remove(at: index)
          let roll = Int.random(in: 0..<10, using: &random)
          let verdict: Verdict = roll < failureShare ? .failure : roll == 9 ? .ignorable : .success
          let before = model.state
          model.report(verdict, call, at: now)
          let transition = breaker.record(verdict, ticket: call.ticket, at: now, using: &random)
          check(transition?.to == (model.state == before ? nil : model.state))
          if transition?.to == .open { opened += 1 }
          if transition?.to == .closed { closed += 1 }
        }
        check(breaker.state == model.state)
        if model.state == .halfOpen { check(model.successes + model.probes.count <= probes) }
      }
    }
    check(opened > 10 && closed > 10, "the sequences reach every state")
  }
}

extension BreakerModel {
  fileprivate func wouldAdmit(at now: Instant) -> Bool {
    var copy = self
    return copy.admits(at: now)
  }
}
