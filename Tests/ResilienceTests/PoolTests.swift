import Resilience
import SeaThriftTime
import Testing

typealias PoolMachine = PoolStateMachine

extension PoolStateMachine {
  /// A connection that has to be made, made.
  mutating func connectOne(at seconds: Double = 0) throws -> ConnectionID {
    var generator = SeededGenerator(seed: 1)
    guard case .connect(let connection) = acquire() else { throw Unexpected() }
    try #require(connected(connection, at: .seconds(seconds), using: &generator) == true)
    return connection
  }

  /// A caller that has to wait.
  mutating func waitOne() throws -> WaiterID {
    guard case .wait(let waiter) = acquire() else { throw Unexpected() }
    return waiter
  }

  struct Unexpected: Error {}
}

@Suite("Pool")
struct PoolTests {
  var generator = SeededGenerator(seed: 1)

  func grant(_ waiter: WaiterID, _ connection: PoolMachine.ConnectionID, connect: Bool = false) -> PoolMachine.Grant {
    PoolMachine.Grant(waiter: waiter, connection: connection, needsConnecting: connect)
  }

  @Test("an empty pool connects, and lends the connection again once it came back")
  func reuse() throws {
    var pool = PoolMachine()
    let connection = try pool.connectOne()
    #expect(pool.counts == PoolMachine.Counts(leased: 1))
    #expect(pool.release(connection, at: .seconds(1)) == .park)
    #expect(pool.counts == PoolMachine.Counts(idle: 1))
    #expect(pool.acquire() == .lend(connection))
  }

  @Test("the connection used most recently is lent first")
  func mostRecentFirst() throws {
    var pool = PoolMachine()
    let connections = try (0..<3).map { _ in try pool.connectOne() }
    for index in [1, 0, 2] { #expect(pool.release(connections[index], at: .seconds(1)) == .park) }
    #expect(pool.acquire() == .lend(connections[2]))
    #expect(pool.acquire() == .lend(connections[0]))
    #expect(pool.release(connections[2], at: .seconds(2)) == .park)
    #expect(pool.acquire() == .lend(connections[2]))
    #expect(pool.acquire() == .lend(connections[1]))
  }

  @Test("connections being made count: the pool never exceeds its size")
  func connectingCounts() throws {
    var pool = PoolMachine(Pool(size: 2))
    guard case .connect(let first) = pool.acquire(), case .connect = pool.acquire() else {
      Issue.record("two slots are free")
      return
    }
    let waiter = try pool.waitOne()
    #expect(pool.counts == PoolMachine.Counts(connecting: 2, waiting: 1))
    let next = try #require(pool.connectFailed(first) as PoolMachine.Grant?)
    #expect(next.waiter == waiter && next.needsConnecting && next.connection.slot == first.slot)
    #expect(next.connection != first)
    #expect(pool.counts == PoolMachine.Counts(connecting: 2))
  }

  @Test("waiters are served first come, first served")
  func fairness() throws {
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiters = try (0..<3).map { _ in try pool.waitOne() }
    for waiter in waiters {
      #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(waiter, connection)))
    }
    #expect(pool.release(connection, at: .seconds(1)) == .park)
  }

  @Test("a connection that is thrown away makes room for the first waiter, who connects")
  func discardWakesWaiter() throws {
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiter = try pool.waitOne()
    let next = try #require(pool.discard(connection) as PoolMachine.Grant?)
    #expect(next.waiter == waiter && next.needsConnecting)
    var random = generator
    #expect(pool.connected(next.connection, at: .seconds(1), using: &random))
    #expect(pool.release(next.connection, at: .seconds(1)) == .park)
    #expect(pool.counts == PoolMachine.Counts(idle: 1))
  }

  @Test("a cancelled waiter leaves the queue, wherever it stands, and gets nothing")
  func cancelledWaiters() throws {
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiters = try (0..<5).map { _ in try pool.waitOne() }
    for index in [0, 2, 4] { #expect(pool.waiterLeft(waiters[index]) == true) }
    #expect(pool.waiterLeft(waiters[2]) == false)
    #expect(pool.counts.waiting == 2)
    for index in [1, 3] {
      #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(waiters[index], connection)))
    }
    #expect(pool.release(connection, at: .seconds(1)) == .park)
  }

  @Test("a grant whose waiter is gone goes to the next one")
  func relinquish() throws {
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiters = try (0..<3).map { _ in try pool.waitOne() }
    guard case .lend(let lent) = pool.release(connection, at: .seconds(1)) else { throw PoolMachine.Unexpected() }
    #expect(pool.waiterLeft(waiters[0]) == false, "it was served already")
    #expect(pool.relinquish(lent, at: .seconds(1)) == .lend(grant(waiters[1], connection)))
    let toConnect = try #require(pool.discard(connection) as PoolMachine.Grant?)
    #expect(toConnect.waiter == waiters[2])
    #expect(pool.relinquish(toConnect, at: .seconds(1)) == .close(nil))
    #expect(pool.counts == PoolMachine.Counts())
  }

  @Test("a connection is made anew in its place: nobody gets that meanwhile, and waiters stay in their order")
  func reconnecting() throws {
    var generator = generator
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiter = try pool.waitOne()
    #expect(pool.reconnects(connection) == true)
    #expect(pool.counts == PoolMachine.Counts(connecting: 1, waiting: 1))
    #expect(pool.reconnects(connection) == false)
    #expect(pool.release(connection, at: .seconds(1)) == .ignore)
    #expect(pool.connected(connection, at: .seconds(1), using: &generator) == true)
    #expect(pool.counts == PoolMachine.Counts(leased: 1, waiting: 1))
    #expect(pool.reconnects(connection) == true)
    let granted = pool.connectFailed(connection)
    #expect(granted?.waiter == waiter)
    #expect(pool.reconnects(connection) == false)
  }

  @Test("a connection is not made anew in a pool that is closed or has become too small")
  func notReconnecting() throws {
    var generator = generator
    var pool = PoolMachine(Pool(size: 2))
    let first = try pool.connectOne()
    let second = try pool.connectOne()
    _ = pool.update(Pool(size: 1))
    #expect(pool.reconnects(first) == false)
    #expect(pool.discard(first) == nil)
    #expect(pool.reconnects(second) == true)
    #expect(pool.connected(second, at: .seconds(1), using: &generator) == true)
    _ = pool.close()
    #expect(pool.reconnects(second) == false)
    #expect(pool.counts == PoolMachine.Counts(leased: 1))
  }

  @Test("a caller that may not connect waits for a connection that comes back, or for its place")
  func mayNotConnect() throws {
    var pool = PoolMachine(Pool(size: 3))
    let connection = try pool.connectOne()
    guard case .wait(let first) = pool.acquire(mayConnect: false) else { throw PoolMachine.Unexpected() }
    guard case .wait(let second) = pool.acquire(mayConnect: false) else { throw PoolMachine.Unexpected() }
    // Others may, and overtake them.
    guard case .connect = pool.acquire() else { throw PoolMachine.Unexpected() }
    #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(first, connection)))
    let next = pool.discard(connection)
    #expect(next?.waiter == second && next?.needsConnecting == true)
    #expect(pool.acquire(mayConnect: false) != .refuseFull)
  }

  @Test("when as many wait as may, the next is refused")
  func waiterLimit() throws {
    var pool = PoolMachine(Pool(size: 1, waiters: 2))
    _ = try pool.connectOne()
    let first = try pool.waitOne()
    _ = try pool.waitOne()
    #expect(pool.acquire() == .refuseFull)
    #expect(pool.waiterLeft(first) == true)
    _ = try pool.waitOne()
    #expect(pool.acquire() == .refuseFull)
  }

  @Test("without a limit any number may wait; with a limit of none nobody does")
  func waiterExtremes() throws {
    var endless = PoolMachine(Pool(size: 1, waiters: nil))
    _ = try endless.connectOne()
    for _ in 0..<10_000 { _ = try endless.waitOne() }
    var none = PoolMachine(Pool(size: 1, waiters: 0))
    _ = try none.connectOne()
    #expect(none.acquire() == .refuseFull)
  }

  @Test("an idle connection that its peer closed is not lent")
  func closedByPeer() throws {
    var pool = PoolMachine()
    let connections = try (0..<3).map { _ in try pool.connectOne() }
    #expect(pool.idleConnectionClosed(connections[0]) == false, "it is in use")
    for connection in connections { #expect(pool.release(connection, at: .seconds(1)) == .park) }
    #expect(pool.idleConnectionClosed(connections[1]) == true)
    #expect(pool.idleConnectionClosed(connections[1]) == false)
    #expect(pool.acquire() == .lend(connections[2]))
    #expect(pool.acquire() == .lend(connections[0]))
    guard case .connect = pool.acquire() else { throw PoolMachine.Unexpected() }
  }

  @Test("connections unused for the idle time expire, the others stay")
  func idleExpiry() throws {
    var pool = PoolMachine(Pool(idle: .seconds(60)))
    let connections = try (0..<3).map { _ in try pool.connectOne() }
    for (index, second) in [(0, 1.0), (1, 3), (2, 10)] {
      #expect(pool.release(connections[index], at: .seconds(second)) == .park)
    }
    #expect(pool.expire(at: .seconds(60.9)) == [])
    #expect(pool.expire(at: .seconds(63)) == [connections[0], connections[1]])
    #expect(pool.counts == PoolMachine.Counts(idle: 1))
    #expect(pool.acquire() == .lend(connections[2]))
    #expect(pool.expire(at: .seconds(1_000)) == [])
  }

  @Test("a connection past its lifetime is closed when it comes back, or when it is idle")
  func lifetime() throws {
    var pool = PoolMachine(Pool(size: 2, idle: nil, lifetime: .seconds(100), lifetimeJitter: 0))
    let used = try pool.connectOne(at: 0)
    let idle = try pool.connectOne(at: 50)
    let waiter = try pool.waitOne()
    guard case .close(let next) = pool.release(used, at: .seconds(100)) else { throw PoolMachine.Unexpected() }
    #expect(next?.waiter == waiter && next?.needsConnecting == true)
    #expect(pool.release(idle, at: .seconds(149)) == .park)
    #expect(pool.expire(at: .seconds(149)) == [])
    #expect(pool.expire(at: .seconds(150)) == [idle])
  }

  @Test("lifetimes differ by at most the jitter", arguments: seeds)
  func lifetimeJitter(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var pool = PoolMachine(Pool(size: 100, lifetime: .seconds(1_000), lifetimeJitter: 0.5))
    var connections: [PoolMachine.ConnectionID] = []
    for _ in 0..<100 {
      guard case .connect(let connection) = pool.acquire() else { throw PoolMachine.Unexpected() }
      #expect(pool.connected(connection, at: .origin, using: &random) == true)
      connections.append(connection)
    }
    for connection in connections { #expect(pool.release(connection, at: .seconds(499)) == .park) }
    #expect(pool.expire(at: .seconds(499)).isEmpty)
    var idle = PoolMachine.Counts().idle
    idle = pool.expire(at: .seconds(558)).count
    #expect(idle > 0 && idle < 50, "about twelve of a hundred")
    #expect(pool.expire(at: .seconds(1_000)).count == 100 - idle)
  }

  @Test("closing ends idle connections and turns waiters away; the others end when they come back")
  func closing() throws {
    var pool = PoolMachine(Pool(size: 3))
    let idle = try pool.connectOne()
    let used = try pool.connectOne()
    guard case .connect(let making) = pool.acquire() else { throw PoolMachine.Unexpected() }
    let waiters = try (0..<2).map { _ in try pool.waitOne() }
    #expect(pool.release(idle, at: .origin) == .lend(grant(waiters[0], idle)))
    let closing = pool.close()
    #expect(closing == PoolMachine.Closing(connections: [], waiters: [waiters[1]]))
    #expect(pool.isClosed && !pool.isDrained)
    #expect(pool.acquire() == .refuseClosed)
    #expect(pool.release(idle, at: .seconds(1)) == .close(nil))
    #expect(pool.discard(used) == nil)
    var random = generator
    #expect(pool.connected(making, at: .seconds(1), using: &random), "its call goes on to its end")
    #expect(pool.release(making, at: .seconds(2)) == .close(nil))
    #expect(pool.isDrained)
    #expect(pool.close() == PoolMachine.Closing(connections: [], waiters: []))
  }

  @Test("ids that are out of date are ignored")
  func staleIDs() throws {
    var pool = PoolMachine()
    var random = generator
    let old = try pool.connectOne()
    #expect(pool.discard(old) == nil)
    let new = try pool.connectOne()
    #expect(new.slot == old.slot && new != old)
    #expect(pool.release(old, at: .origin) == .ignore)
    #expect(pool.discard(old) == nil && pool.connectFailed(old) == nil)
    #expect(pool.connected(old, at: .origin, using: &random) == false)
    #expect(pool.idleConnectionClosed(old) == false)
    #expect(pool.release(new, at: .origin) == .park)
    #expect(pool.release(new, at: .origin) == .ignore, "given back twice")
    #expect(pool.counts == PoolMachine.Counts(idle: 1))
  }

  @Test("values out of range are taken as the nearest in range")
  func clamping() throws {
    var pool = PoolMachine(Pool(size: -3, waiters: -1, idle: .seconds(-1), lifetime: .zero, lifetimeJitter: .nan))
    let connection = try pool.connectOne()
    #expect(pool.acquire() == .refuseFull)
    #expect(pool.release(connection, at: .origin) == .park)
  }
}
