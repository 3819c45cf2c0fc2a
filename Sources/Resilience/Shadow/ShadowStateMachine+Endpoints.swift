package import SeaThriftTime

/// What is only watched where there are endpoints and connections.
extension ShadowStateMachine {
  /// A step of an attempt that has a timeout of its own.
  package enum Step: String, Sendable { case connect, pool, write, read, attempt }

  /// A connection of a pool that an attempt would have.
  package struct Lease: Sendable {
    fileprivate let endpoint: String
    fileprivate let lease: ShadowPool.Lease
  }

  /// A step of an attempt ended, by itself or not.
  package mutating func stepEnded(_ step: Step, after duration: Duration) {
    guard let timeouts = policy.timeouts else { return }
    let timeout =
      switch step {
      case .connect: timeouts.connect
      case .pool: timeouts.pool
      case .write: timeouts.write
      case .read: timeouts.read
      case .attempt: timeouts.attempt
      }
    if let timeout, duration > timeout { note(Timeouts.self, part: step.rawValue, .ended(after: timeout)) }
  }

  // MARK: Balance

  /// Takes a new list of the endpoints.
  package mutating func update(_ list: [BalancedEndpoint], at now: Instant) { balancer?.update(list, at: now) }

  /// An attempt is about to be made.
  ///
  /// - Parameters:
  ///   - endpoint: where it goes to.
  ///   - unhealthy: the endpoints that are down, and until when.
  ///   - key: what consistent hashing goes by.
  package mutating func chose(
    _ endpoint: String, of call: inout Call, unhealthy: [String: Instant], key: UInt64, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    balancer?.update(unhealthy: unhealthy, at: now)
    let other = balancer?.choose(
      excluding: &call.tried, insteadOf: endpoint, key: key, at: now, using: &generator)
    if let other, other != endpoint { note(Balance.self, .chosen(other)) }
  }

  // MARK: Pool

  /// An attempt wants a connection. Nil when no pool is watched.
  package mutating func connectionWanted(
    at endpoint: String, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Lease? {
    guard let policy = policy.pool else { return nil }
    if pools[endpoint] == nil, pools.count >= Self.mostEndpoints {
      pools = pools.filter { !$0.value.isUnused }
      if pools.count >= Self.mostEndpoints { return nil }
    }
    let (lease, action) = pools[endpoint, default: ShadowPool(policy)].acquire(at: now, using: &generator)
    if let action { note(Pool.self, action) }
    return Lease(endpoint: endpoint, lease: lease)
  }

  /// An attempt needs its connection no more.
  ///
  /// - Parameter isReusable: whether a further one may use it.
  package mutating func connectionDone(
    _ lease: Lease, isReusable: Bool, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    pools[lease.endpoint]?.giveBack(lease.lease, isReusable: isReusable, at: now, using: &generator)
  }
}
