import Resilience
import SeaThriftTime
import Testing

/// A pool and everyone who uses it: callers that connect, hold, wait, or are on their way to take up a grant.
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
    case .connect(let connection):
      check(!isClosed && idle.isEmpty && waiting.isEmpty && connections < policy.size)
      check(!closedConnections.contains(connection) && !leased.contains(connection))
      connecting.append(connection)
    case .wait(let waiter):
      check(!isClosed && idle.isEmpty && connections == policy.size && waiting.count < policy.waiters ?? .max)
      check(!waiting.contains(waiter))
      waiting.append(waiter)
    case .refuseFull:
      check(!isClosed && idle.isEmpty && connections == policy.size && waiting.count == policy.waiters)
    case .refuseClosed:
      check(isClosed)
    }
  }

  mutating func lease(_ connection: PoolStateMachine.ConnectionID) {
    check(!leased.contains(connection) && !closedConnections.contains(connection), "lent twice, or after its end")
    leased.append(connection)
  }

  /// A grant must name the first waiter.
  mutating func accept(_ grant: PoolStateMachine.Grant) {
    check(waiting.first == grant.waiter, "first come, first served; and never one that left")
    if !waiting.isEmpty { waiting.removeFirst() }
    served += 1
    grants.append(grant)
  }

  /// A slot became free: somebody waiting must get it.
  mutating func expectGrant(_ grant: PoolStateMachine.Grant?) {
    check((grant != nil) == (!isClosed && !waiting.isEmpty), "a waiter is lost")
    guard let grant else { return }
    check(grant.needsConnecting)
    accept(grant)
  }

  mutating func perform(_ release: PoolStateMachine.Release, of connection: PoolStateMachine.ConnectionID) {
    switch release {
    case .park:
      check(!isClosed && waiting.isEmpty)
      idle.append(connection)
    case .lend(let grant):
      check(!isClosed && grant.connection == connection && !grant.needsConnecting)
      accept(grant)
    case .close(let grant):
      closedConnections.insert(connection)
      expectGrant(grant)
    case .ignore:
      Issue.record("the id is not out of date")
    }
  }

  mutating func takeUpGrant() {
    guard let grant = take(\.grants) else { return }
    if Int.random(in: 0..<4, using: &random) == 0 {
      perform(pool.relinquish(grant, at: now), of: grant.connection)
    } else if grant.needsConnecting {
      connecting.append(grant.connection)
    } else {
      lease(grant.connection)
    }
  }

  mutating func finishConnecting() {
    guard let connection = take(\.connecting) else { return }
    if Bool.random(using: &random) {
      check(pool.connected(connection, at: now, using: &random) == true)
      lease(connection)
    } else {
      closedConnections.insert(connection)
      expectGrant(pool.connectFailed(connection))
    }
  }

  mutating func finishUsing() {
    guard let connection = take(\.leased) else { return }
    if Int.random(in: 0..<3, using: &random) > 0 {
      perform(pool.release(connection, at: now), of: connection)
    } else {
      closedConnections.insert(connection)
      expectGrant(pool.discard(connection))
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
    check(waiting.isEmpty || connections == policy.size, "nobody waits beside a free slot")
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
