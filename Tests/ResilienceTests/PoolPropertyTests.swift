import Resilience
import SeaThriftTime
import Testing

/// A pool and everyone who uses it: callers that hold, wait, or are on their way to take up a grant, and what is being made.
private struct PoolWorld {
  let policy: Pool
  var pool: PoolStateMachine
  var random: SeededGenerator
  var now = Instant.origin

  var idle: [PoolStateMachine.ConnectionID] = []
  var leased: [PoolStateMachine.ConnectionID] = []
  var connecting: [PoolStateMachine.ConnectionID] = []
  var waiting: [WaiterID] = []
  var grants: [PoolStateMachine.Grant] = []
  var isClosed = false
  var closedConnections = Set<PoolStateMachine.ConnectionID>()
  var served = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    policy = Pool(
      size: Int.random(in: 1...6, using: &random), waiters: Int.random(in: 0...8, using: &random),
      idle: .seconds(20), lifetime: Bool.random(using: &random) ? .seconds(40) : nil, lifetimeJitter: 0)
    pool = PoolStateMachine(policy)
  }

  /// Connections that exist or are being made, those on their way to a waiter included.
  var connections: Int {
    idle.count + leased.count + connecting.count + grants.count
  }

  mutating func acquire() {
    switch pool.acquire() {
    case .lend(let connection):
      check(!isClosed && idle.last == connection, "the one used last")
      idle.removeLast()
      lease(connection)
    case .wait(let waiter, let connect):
      check(!isClosed && idle.isEmpty && !waiting.contains(waiter))
      check((connect != nil) == (connections < policy.size), "a connection is made while there may be more")
      if connect == nil { check(waiting.count - connecting.count < policy.waiters ?? .max) }
      waiting.append(waiter)
      begin(connect)
    case .refuseFull:
      check(!isClosed && idle.isEmpty && connections == policy.size)
      check(waiting.count - connecting.count >= policy.waiters ?? .max)
    case .refuseClosed:
      check(isClosed)
    }
  }

  mutating func begin(_ connect: PoolStateMachine.ConnectionID?) {
    guard let connect else { return }
    check(!closedConnections.contains(connect) && !leased.contains(connect) && !connecting.contains(connect))
    connecting.append(connect)
  }

  mutating func lease(_ connection: PoolStateMachine.ConnectionID) {
    check(!leased.contains(connection) && !closedConnections.contains(connection), "lent twice, or after its end")
    leased.append(connection)
  }

  /// A slot became free: when more wait than is being made, something must be made in it.
  mutating func expectConnect(_ connect: PoolStateMachine.ConnectionID?) {
    check((connect != nil) == (!isClosed && waiting.count > connecting.count), "a waiter is lost")
    begin(connect)
  }

  mutating func perform(_ release: PoolStateMachine.Release, of connection: PoolStateMachine.ConnectionID) {
    switch release {
    case .park:
      check(!isClosed && waiting.isEmpty)
      idle.append(connection)
    case .lend(let grant):
      check(!isClosed && grant.connection == connection)
      check(waiting.first == grant.waiter, "first come, first served; and never one that left")
      if !waiting.isEmpty { waiting.removeFirst() }
      served += 1
      grants.append(grant)
    case .close(let connect):
      closedConnections.insert(connection)
      expectConnect(connect)
    case .ignore:
      Issue.record("the id is not out of date")
    }
  }

  mutating func takeUpGrant() {
    guard let grant = take(\.grants) else { return }
    if Int.random(in: 0..<4, using: &random) == 0 {
      perform(pool.release(grant.connection, at: now), of: grant.connection)
    } else {
      lease(grant.connection)
    }
  }

  mutating func finishConnecting() {
    guard let connection = take(\.connecting) else { return }
    if Bool.random(using: &random) {
      perform(pool.connected(connection, at: now, using: &random), of: connection)
    } else {
      closedConnections.insert(connection)
      let failure = pool.connectFailed(connection)
      check(failure.waiter == waiting.first, "whoever came first is told")
      if !waiting.isEmpty { waiting.removeFirst() }
      expectConnect(failure.connect)
    }
  }

  mutating func finishUsing() {
    guard let connection = take(\.leased) else { return }
    if Int.random(in: 0..<3, using: &random) > 0 {
      perform(pool.release(connection, at: now), of: connection)
    } else {
      closedConnections.insert(connection)
      expectConnect(pool.discard(connection))
    }
  }

  mutating func cancelWaiter() {
    guard let waiter = take(\.waiting) else { return }
    check(pool.waiterLeft(waiter) == true)
    check(pool.waiterLeft(waiter) == false)
  }

  mutating func closeIdle() {
    guard let connection = take(\.idle) else { return }
    check(pool.idleConnectionClosed(connection) == true)
    closedConnections.insert(connection)
  }

  mutating func expire() {
    for connection in pool.expire(at: now) {
      check(idle.contains(connection))
      idle.removeAll { $0 == connection }
      closedConnections.insert(connection)
    }
  }

  mutating func close() {
    let closing = pool.close()
    check(Set(closing.connections) == Set(idle) && closing.waiters == waiting)
    closedConnections.formUnion(idle)
    idle = []
    waiting = []
    isClosed = true
  }

  private mutating func take<Element>(_ path: WritableKeyPath<Self, [Element]>) -> Element? {
    guard let index = self[keyPath: path].indices.randomElement(using: &random) else { return nil }
    return self[keyPath: path].remove(at: index)
  }

  mutating func step() {
    now = now.advanced(by: .milliseconds(Int.random(in: 0...2_000, using: &random)))
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<8: acquire()
    case 8..<11: finishConnecting()
    case 11..<15: finishUsing()
    case 15..<17: takeUpGrant()
    case 17: cancelWaiter()
    case 18: closeIdle()
    default: expire()
    }
  }

  func checkCounts() {
    let counts = pool.counts
    check(counts.connections == connections && counts.connections <= policy.size)
    check(counts.waiting == waiting.count && counts.idle == idle.count)
    check(idle.isEmpty || waiting.isEmpty, "nobody waits beside an idle connection")
    check(waiting.count <= connecting.count || connections == policy.size, "nobody waits beside a free slot")
    check(pool.nextExpiry.map { $0 >= now || !idle.isEmpty } ?? true)
  }
}

@Suite("Pool, random sequences")
struct PoolPropertyTests {
  @Test(
    "never above its size, no waiter lost, nothing lent twice, first come first served, and it drains", arguments: seeds
  )
  func invariants(seed: UInt64) {
    var served = 0
    for round in 0..<25 {
      var world = PoolWorld(seed: seed &+ UInt64(round) &* 7_919)
      for _ in 0..<300 {
        world.step()
        world.checkCounts()
      }
      world.close()
      while world.connections > 0 {
        world.step()
        world.checkCounts()
      }
      check(world.pool.isDrained)
      served += world.served
    }
    check(served > 100, "the sequences make callers wait")
  }
}
