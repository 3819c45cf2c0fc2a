import SeaThriftTesting

/// Watches how many attempts, calls and hedges a group makes: is every limit kept?
struct StormAttempts {
  private struct Call {
    var running = 0
    var retries = 0
    var hasHedged = false
    /// What an attempt would have been that the breaker refused, and when: the next one, at once, is that.
    var pending: (kind: Kind, time: Duration)?
    /// When the endpoint wanted to be asked again; the largest duration for never.
    var comesBack: Duration?
    /// Whether it has had an attempt that the breaker let through.
    var hasBegun = false
    /// When the last attempt ended, which is when the next one is decided on.
    var lastEnd: Duration = .zero
    /// Whether that never left the client, so that the next one costs no budget.
    var wasLocal = false
  }

  private enum Kind { case first, retry, hedge }

  private struct Attempt {
    var call: Int64
    var kind: Kind
    var time: Duration
    /// When it was decided on: a retry before its back-off.
    var decided: Duration
    /// Whether it costs no budget.
    var isFree: Bool
    /// Whether its hedge is the call's own.
    var isOwn: Bool
  }

  private let configuration: ClientConfiguration
  private let policy: StormPolicy
  private let ledger: StormLedger
  private let endpointCount: Int
  private var calls: [Int64: Call] = [:]
  /// How many calls have an attempt that runs.
  private var running = 0
  /// Those of the last seconds that were not refused.
  private var attempts: [Attempt] = []
  private var successes: [Duration] = []
  /// When calls, or their retries, began to look for an endpoint.
  private var tries: [Duration] = []

  init(_ configuration: ClientConfiguration, _ plan: StormPlan.Client, _ ledger: StormLedger) {
    self.configuration = configuration
    policy = plan.policy
    endpointCount = plan.addresses.count
    self.ledger = ledger
  }

  mutating func began(_ method: String, at now: Duration) {
    let (id, own) = (StormCall.id, StormCall.own)
    var call = calls[id] ?? Call()
    let usual: Kind = call.running > 0 ? .hedge : call.hasBegun ? .retry : .first
    let kind = call.pending.flatMap { $0.time == now ? $0.kind : nil } ?? usual
    call.pending = nil
    call.running += 1
    if call.running == 1 { running += 1 }
    call.hasBegun = true
    if kind == .hedge {
      call.hasHedged = true
      if own?.hedge != nil { ledger.saw("hedge of a call's own") }
    }
    if kind == .retry {
      call.retries += 1
      if own?.retry != nil { ledger.saw("retry of a call's own") }
      checkRetry(call, id, own?.retry ?? configuration.policy.retry, at: now)
      call.comesBack = nil
    }
    calls[id] = call
    if kind != .hedge, own?.hedge == nil { tries.append(now) }
    attempts.append(
      Attempt(
        call: id, kind: kind, time: now, decided: kind == .retry ? call.lastEnd : now,
        isFree: kind == .retry && call.wasLocal, isOwn: own?.hedge != nil))
    let hedge = own?.hedge ?? policy.hedge
    if kind == .hedge, method != "Storm.look" || hedge == nil || hedge?.extraLoad == 0 {
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

  private func checkRetry(_ call: Call, _ id: Int64, _ policy: Retry, at now: Duration) {
    if call.retries > policy.retries { ledger.violated("call \(id) was tried again \(call.retries) times") }
    // With a hedge, it is not known here which of the two attempts counted.
    guard !call.hasHedged, let comesBack = call.comesBack else { return }
    ledger.saw("attempt after push-back")
    // A clock that is adjusted rounds.
    if now < comesBack - .microseconds(1) {
      ledger.violated("call \(id) was tried again at \(now), it should be at \(comesBack)")
    }
  }

  mutating func ended(wasRefused: Bool, error: (any Error)?, at now: Duration) {
    let (id, isSuccess) = (StormCall.id, error == nil)
    switch (error as? any RetryAdvising)?.retryAdvice {
    case .never?:
      ledger.saw("push-back for good")
      calls[id]?.comesBack = .seconds(1_000_000_000)
    // Another endpoint may be asked at once.
    case .after(let wait)? where endpointCount == 1: calls[id]?.comesBack = now + wait
    default: break
    }
    calls[id]?.running -= 1
    if !wasRefused {
      calls[id]?.lastEnd = now
      calls[id]?.wasLocal = [.poolTimeout, .poolFull, .outOfResources].contains((error as? RPCError)?.code)
    }
    if calls[id]?.running == 0 { running -= 1 }
    if isSuccess { successes.append(now) }
    // Asking a breaker is no attempt: the next endpoint is asked at once.
    guard wasRefused, let index = attempts.lastIndex(where: { $0.call == id }) else { return }
    let kind = attempts.remove(at: index).kind
    calls[id]?.pending = (kind, now)
    if kind == .first { calls[id]?.hasBegun = false }
    if kind == .retry { calls[id]?.retries -= 1 }
  }

  private func hedges(since start: Duration) -> Int {
    attempts.count { $0.time > start && $0.kind == .hedge && !$0.isOwn }
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
    guard let hedge = policy.hedge, attempts.last?.kind == .hedge, StormCall.own?.hedge == nil else { return }
    // Within 10 s, give or take one of ten slices.
    let hedges = hedges(since: now - .seconds(9))
    let most = hedge.extraLoad * Double(tries.count { now - $0 < .seconds(11) }) + 1e-9
    if Double(hedges) > most { ledger.violated("\(hedges) hedges within 9 s, allowed are \(most)") }
  }

  private func checkBudget(at now: Duration) {
    guard let budget = configuration.policy.retry.budget, let last = attempts.last, last.kind != .first, !last.isFree
    else { return }
    // Within its window, give or take one of ten slices.
    let extra = attempts.filter { attempt in
      attempt.kind != .first && !attempt.isFree && attempt.decided <= last.decided
        && attempt.decided > last.decided - budget.window * 0.9
    }
    let paidIn = successes.count { $0 > last.decided - budget.window * 1.1 }
    let most = budget.floor * (budget.window / .seconds(1)) + budget.share * Double(paidIn) + 1e-9
    if Double(extra.count) > most {
      let list = extra.map { "\($0.kind) of call \($0.call) at \($0.decided)" }.joined(separator: ", ")
      ledger.violated("\(extra.count) retries and hedges, the budget is \(most): \(list)")
    }
  }
}
