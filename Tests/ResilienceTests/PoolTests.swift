import Resilience
import SeaThriftTime
import Testing

typealias PoolMachine = PoolStateMachine

extension PoolStateMachine {
  /// A connection that has to be made, made.
  mutating func connectOne(at seconds: Double = 0) throws -> ConnectionID {
    var generator = SeededGenerator(seed: 1)
    guard case .wait(let waiter, let connection?) = acquire() else { throw Unexpected() }
    let release = connected(connection, at: .seconds(seconds), using: &generator)
    try #require(release == .lend(Grant(waiter: waiter, connection: connection)))
    return connection
  }

  /// A caller that has to wait for what others have.
  mutating func waitOne() throws -> WaiterID {
    guard case .wait(let waiter, nil) = acquire() else { throw Unexpected() }
    return waiter
  }

  struct Unexpected: Error {}
}

@Suite("Pool")
struct PoolTests {
  var generator = SeededGenerator(seed: 1)

  func grant(_ waiter: WaiterID, _ connection: PoolMachine.ConnectionID) -> PoolMachine.Grant {
    PoolMachine.Grant(waiter: waiter, connection: connection)
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
    guard case .wait(let first, let connection?) = pool.acquire(), case .wait(_, _?) = pool.acquire() else {
      Issue.record("two slots are free")
      return
    }
    _ = try pool.waitOne()
    #expect(pool.counts == PoolMachine.Counts(connecting: 2, waiting: 3))
    let failure = pool.connectFailed(connection)
    #expect(failure.waiter == first, "whoever came first would have got it")
    #expect(failure.connect?.slot == connection.slot && failure.connect != connection)
    #expect(pool.counts == PoolMachine.Counts(connecting: 2, waiting: 2))
  }

  @Test("a connection is for whoever waits first when it is made; for nobody, it is kept")
  func madeForThePool() throws {
    var pool = PoolMachine(Pool(size: 2))
    var random = generator
    guard case .wait(let first, let one?) = pool.acquire(), case .wait(let second, let other?) = pool.acquire() else {
      throw PoolMachine.Unexpected()
    }
    #expect(pool.waiterLeft(first) == true, "a caller with little time")
    #expect(pool.connected(one, at: .seconds(1), using: &random) == .lend(grant(second, one)))
    #expect(pool.connected(other, at: .seconds(1), using: &random) == .park)
    #expect(pool.acquire() == .lend(other))
    #expect(pool.counts == PoolMachine.Counts(leased: 2))
  }

  @Test("one that comes back serves the first who waits, before what is being made for it")
  func returnedFirst() throws {
    var pool = PoolMachine(Pool(size: 2))
    var random = generator
    let used = try pool.connectOne()
    guard case .wait(let waiter, let making?) = pool.acquire() else { throw PoolMachine.Unexpected() }
    #expect(pool.release(used, at: .seconds(1)) == .lend(grant(waiter, used)))
    #expect(pool.connected(making, at: .seconds(2), using: &random) == .park)
    #expect(pool.connectFailed(making) == PoolMachine.ConnectFailure(waiter: nil, connect: nil), "it was made")
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

  @Test("a connection that is thrown away makes room for another, for whoever waits first")
  func discardWakesWaiter() throws {
    var pool = PoolMachine(Pool(size: 1))
    let connection = try pool.connectOne()
    let waiter = try pool.waitOne()
    let next = try #require(pool.discard(connection) as PoolMachine.ConnectionID?)
    var random = generator
    #expect(pool.connected(next, at: .seconds(1), using: &random) == .lend(grant(waiter, next)))
    #expect(pool.release(next, at: .seconds(1)) == .park)
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
    let waiters = try (0..<2).map { _ in try pool.waitOne() }
    #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(waiters[0], connection)))
    #expect(pool.waiterLeft(waiters[0]) == false, "it was served already")
    #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(waiters[1], connection)))
  }

  @Test("idle connections are taken out together when one like them was dead")
  func suspects() throws {
    var pool = PoolMachine()
    let connections = try (0..<3).map { _ in try pool.connectOne() }
    for connection in connections.dropLast() { #expect(pool.release(connection, at: .seconds(1)) == .park) }
    #expect(pool.takeIdle() == Array(connections.dropLast()))
    #expect(pool.counts == PoolMachine.Counts(leased: 1))
  }

  @Test("a caller that may not connect waits for a connection that comes back, or for its place")
  func mayNotConnect() throws {
    var pool = PoolMachine(Pool(size: 3))
    let connection = try pool.connectOne()
    guard case .wait(let first, connect: nil) = pool.acquire(mayConnect: false) else { throw PoolMachine.Unexpected() }
    guard case .wait(let second, connect: nil) = pool.acquire(mayConnect: false) else { throw PoolMachine.Unexpected() }
    // Others may; what they set out to make is for whoever is first.
    guard case .wait(let third, let making?) = pool.acquire() else { throw PoolMachine.Unexpected() }
    #expect(pool.release(connection, at: .seconds(1)) == .lend(grant(first, connection)))
    var random = generator
    #expect(pool.connected(making, at: .seconds(1), using: &random) == .lend(grant(second, making)))
    #expect(pool.release(connection, at: .seconds(2)) == .lend(grant(third, connection)))
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
    guard case .wait(_, _?) = pool.acquire() else { throw PoolMachine.Unexpected() }
  }

  @Test("connections unused for the idle time expire, the others stay")
  func idleExpiry() throws {
    var pool = PoolMachine(Pool(idle: .seconds(60)))
    let connections = try (0..<3).map { _ in try pool.connectOne() }
    for (index, second) in [(0, 1.0), (1, 3), (2, 10)] {
      #expect(pool.release(connections[index], at: .seconds(second)) == .park)
    }
    #expect(pool.nextExpiry == .seconds(61))
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
    _ = try pool.waitOne()
    guard case .close(_?) = pool.release(used, at: .seconds(100)) else { throw PoolMachine.Unexpected() }
    guard case .lend = pool.release(idle, at: .seconds(149)) else { throw PoolMachine.Unexpected() }
    #expect(pool.release(idle, at: .seconds(149)) == .park)
    #expect(pool.nextExpiry == .seconds(150))
    #expect(pool.expire(at: .seconds(149)) == [])
    #expect(pool.expire(at: .seconds(150)) == [idle])
  }

  @Test("lifetimes differ by at most the jitter", arguments: seeds)
  func lifetimeJitter(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var pool = PoolMachine(Pool(size: 100, lifetime: .seconds(1_000), lifetimeJitter: 0.5))
    var connections: [PoolMachine.ConnectionID] = []
    for _ in 0..<100 {
      guard case .wait(let waiter, let connection?) = pool.acquire() else { throw PoolMachine.Unexpected() }
      #expect(pool.connected(connection, at: .origin, using: &random) == .lend(grant(waiter, connection)))
      connections.append(connection)
    }
    for connection in connections { #expect(pool.release(connection, at: .seconds(499)) == .park) }
    #expect(pool.expire(at: .seconds(499)).isEmpty)
    var idle = PoolMachine.Counts().idle
    idle = pool.expire(at: .seconds(558)).count
    #expect(idle > 0 && idle < 50, "about twelve of a hundred")
    #expect(pool.expire(at: .seconds(1_000)).count == 100 - idle)
  }

  @Test("closing ends idle connections and turns waiters away; the others end when they come back or are made")
  func closing() throws {
    var pool = PoolMachine(Pool(size: 4))
    let idle = try pool.connectOne()
    let used = try pool.connectOne()
    let lent = try pool.connectOne()
    guard case .wait(let maker, let making?) = pool.acquire() else { throw PoolMachine.Unexpected() }
    let waiter = try pool.waitOne()
    #expect(pool.release(lent, at: .origin) == .lend(grant(maker, lent)))
    #expect(pool.release(idle, at: .origin) == .lend(grant(waiter, idle)))
    #expect(pool.release(idle, at: .origin) == .park)
    #expect(pool.close() == PoolMachine.Closing(connections: [idle], waiters: []))
    #expect(pool.isClosed && !pool.isDrained)
    #expect(pool.acquire() == .refuseClosed)
    #expect(pool.release(lent, at: .seconds(1)) == .close(connect: nil))
    #expect(pool.discard(used) == nil)
    var random = generator
    #expect(pool.connected(making, at: .seconds(1), using: &random) == .close(connect: nil))
    #expect(pool.isDrained)
    #expect(pool.close() == PoolMachine.Closing(connections: [], waiters: []))
  }

  @Test("closing turns those away who wait")
  func closingWaiters() throws {
    var pool = PoolMachine(Pool(size: 1))
    _ = try pool.connectOne()
    let waiters = try (0..<2).map { _ in try pool.waitOne() }
    #expect(pool.close() == PoolMachine.Closing(connections: [], waiters: waiters))
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
    #expect(pool.discard(old) == nil)
    #expect(pool.connectFailed(old) == PoolMachine.ConnectFailure(waiter: nil, connect: nil))
    #expect(pool.connected(old, at: .origin, using: &random) == .ignore)
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
