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
    case .wait(let waiter, let connect?):
      make(connect, at: now, using: &generator)
      return (granted.removeValue(forKey: waiter).map { .held($0) } ?? .waiting(waiter), .connected)
    case .wait(let waiter, nil): return (.waiting(waiter), .delayed(nil))
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
      let release: PoolStateMachine.Release =
        isReusable ? machine.release(connection, at: now) : .close(connect: machine.discard(connection))
      deliver(release, at: now, using: &generator)
    case .waiting(let waiter):
      if let connection = granted.removeValue(forKey: waiter) {
        giveBack(.held(connection), isReusable: isReusable, at: now, using: &generator)
      } else {
        _ = machine.waiterLeft(waiter)
      }
    }
  }

  private mutating func deliver(
    _ release: PoolStateMachine.Release, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch release {
    case .lend(let grant): granted[grant.waiter] = grant.connection
    case .close(let connect?): make(connect, at: now, using: &generator)
    case .close(nil), .park, .ignore: break
    }
  }

  private mutating func make(
    _ connection: PoolStateMachine.ConnectionID, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    deliver(machine.connected(connection, at: now, using: &generator), at: now, using: &generator)
  }
}
