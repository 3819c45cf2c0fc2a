import SeaThriftTime

/// A pool of connections that are not there: each is made at once.
struct ShadowPool: Sendable {
  /// What an attempt would have of the pool.
  enum Lease: Sendable {
    case none
    case held(PoolStateMachine.ConnectionID)
    case waiting(WaiterID)
  }

  private var machine: PoolStateMachine
  private var granted: [WaiterID: PoolStateMachine.ConnectionID] = [:]

  init(_ policy: Pool) { machine = PoolStateMachine(policy) }

  /// Whether no attempt uses it.
  var isUnused: Bool { machine.counts.leased == 0 && machine.counts.waiting == 0 }

  mutating func acquire(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> (Lease, ShadowEvent.Action?) {
    _ = machine.expire(at: now)
    switch machine.acquire() {
    case .lend(let connection): return (.held(connection), nil)
    case .connect(let connection):
      _ = machine.connected(connection, at: now, using: &generator)
      return (.held(connection), .connected)
    case .wait(let waiter): return (.waiting(waiter), .delayed(nil))
    case .refuseFull, .refuseClosed: return (.none, .refused)
    }
  }

  /// - Parameter isReusable: whether a further attempt may use the connection.
  mutating func giveBack(
    _ lease: Lease, isReusable: Bool, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch lease {
    case .none: break
    case .held(let connection):
      guard isReusable else { return deliver(machine.discard(connection), at: now, using: &generator) }
      switch machine.release(connection, at: now) {
      case .lend(let grant): deliver(grant, at: now, using: &generator)
      case .close(let grant): deliver(grant, at: now, using: &generator)
      case .park, .ignore: break
      }
    case .waiting(let waiter):
      if let connection = granted.removeValue(forKey: waiter) {
        giveBack(.held(connection), isReusable: isReusable, at: now, using: &generator)
      } else {
        _ = machine.waiterLeft(waiter)
      }
    }
  }

  private mutating func deliver(
    _ grant: PoolStateMachine.Grant?, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard let grant else { return }
    if grant.needsConnecting { _ = machine.connected(grant.connection, at: now, using: &generator) }
    granted[grant.waiter] = grant.connection
  }
}
