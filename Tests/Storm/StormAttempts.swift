import SeaThriftTesting

/// Watches how many attempts, calls and hedges a group makes: is every limit kept?
struct StormAttempts {
  private struct Call {
    var running = 0
    /// Whether it has had an attempt that the breaker let through.
    var hasBegun = false
  }

  private enum Kind { case first, retry, hedge }

  private struct Attempt {
    var call: Int64
    var kind: Kind
    var time: Duration
  }

  private let configuration: ClientConfiguration
  private let policy: StormPolicy
  private let ledger: StormLedger
  private var calls: [Int64: Call] = [:]
  /// How many calls have an attempt that runs.
  private var running = 0
  /// Those of the last seconds that were not refused.
  private var attempts: [Attempt] = []
  private var successes: [Duration] = []
  /// When calls, or their retries, began to look for an endpoint.
  private var tries: [Duration] = []

  init(_ configuration: ClientConfiguration, _ policy: StormPolicy, _ ledger: StormLedger) {
    self.configuration = configuration
    self.policy = policy
    self.ledger = ledger
  }

  mutating func began(_ method: String, at now: Duration) {
    let id = StormCall.id
    var call = calls[id] ?? Call()
    let kind: Kind = call.running > 0 ? .hedge : call.hasBegun ? .retry : .first
    call.running += 1
    if call.running == 1 { running += 1 }
    call.hasBegun = true
    calls[id] = call
    if kind != .hedge { tries.append(now) }
    attempts.append(Attempt(call: id, kind: kind, time: now))
    if kind == .hedge, method != "Storm.look" || policy.hedge == nil {
      ledger.violated("call \(id) of \(method) was hedged")
    }
    if let bulkhead = configuration.policy.bulkhead, running > bulkhead.concurrent {
      ledger.violated("more than \(bulkhead.concurrent) calls run")
    }
    checkRate(at: now)
    checkHedges(at: now)
    checkBudget(at: now)
  }

  /// A call looked for an endpoint, and perhaps found none.
  mutating func failed(at now: Duration) { tries.append(now) }

  mutating func ended(wasRefused: Bool, isSuccess: Bool, at now: Duration) {
    let id = StormCall.id
    calls[id]?.running -= 1
    if calls[id]?.running == 0 { running -= 1 }
    if isSuccess { successes.append(now) }
    // Asking a breaker is no attempt: the next endpoint is asked at once.
    guard wasRefused, let index = attempts.lastIndex(where: { $0.call == id }) else { return }
    if attempts.remove(at: index).kind == .first { calls[id]?.hasBegun = false }
  }

  private func count(_ kinds: Set<Kind>, since start: Duration) -> Int {
    attempts.count { $0.time > start && kinds.contains($0.kind) }
  }

  private mutating func checkRate(at now: Duration) {
    attempts.removeAll { now - $0.time > .seconds(15) }
    successes.removeAll { now - $0 > .seconds(15) }
    tries.removeAll { now - $0 > .seconds(15) }
    guard let limit = configuration.policy.rateLimit else { return }
    let most = limit.rate + (limit.burst ?? limit.rate) + 1
    let begun = count([.first], since: now - limit.per)
    if begun > most { ledger.violated("\(begun) calls began within \(limit.per), allowed are \(most)") }
  }

  private func checkHedges(at now: Duration) {
    guard let hedge = policy.hedge, attempts.last?.kind == .hedge else { return }
    // Within 10 s, give or take one of ten slices.
    let hedges = count([.hedge], since: now - .seconds(9))
    let most = hedge.extraLoad * Double(tries.count { now - $0 < .seconds(11) }) + 1e-9
    if Double(hedges) > most { ledger.violated("\(hedges) hedges within 9 s, allowed are \(most)") }
  }

  private func checkBudget(at now: Duration) {
    guard let budget = configuration.policy.retry.budget, attempts.last?.kind != .first else { return }
    let extra = count([.retry, .hedge], since: now - budget.window * 0.9)
    let paidIn = successes.count { $0 > now - budget.window * 1.1 }
    let most = budget.floor * (budget.window / .seconds(1)) + budget.share * Double(paidIn) + 1e-9
    if Double(extra) > most { ledger.violated("\(extra) retries and hedges, the budget is \(most)") }
  }
}
