import Resilience
import SeaThriftTime
import Testing

@Suite("Policies that change at run time")
struct PolicyUpdateTests {
  @Test("a larger pool serves its waiters at once")
  func largerPool() throws {
    var pool = PoolMachine(Pool(size: 1))
    _ = try pool.connectOne()
    let waiters = try (0..<3).map { _ in try pool.waitOne() }
    let change = pool.update(Pool(size: 3))
    #expect(change.connections == [])
    #expect(change.connects.count == 2)
    #expect(pool.counts == PoolMachine.Counts(leased: 1, connecting: 2, waiting: 3))
    var random = SeededGenerator(seed: 1)
    let release = pool.connected(change.connects[0], at: .origin, using: &random)
    #expect(release == .lend(PoolMachine.Grant(waiter: waiters[0], connection: change.connects[0])))
  }

  @Test("a smaller pool closes idle connections, then those that come back, and disturbs no one")
  func smallerPool() throws {
    var pool = PoolMachine(Pool(size: 4))
    let connections = try (0..<4).map { _ in try pool.connectOne() }
    #expect(pool.release(connections[0], at: .origin) == .park)
    let waiter: WaiterID
    #expect(pool.update(Pool(size: 2)).connections == [connections[0]])
    waiter = try pool.waitOne()
    #expect(
      pool.release(connections[1], at: .origin) == .close(connect: nil), "three are too many for anyone to get it")
    guard case .lend(let grant) = pool.release(connections[2], at: .origin) else { throw PoolMachine.Unexpected() }
    #expect(grant.waiter == waiter)
    #expect(pool.counts == PoolMachine.Counts(leased: 2))
    #expect(pool.update(Pool(size: 2)) == PoolMachine.Change(connections: [], connects: []))
  }

  @Test("a breaker keeps its state and its opening; its history begins anew")
  func breaker() throws {
    var driver = Driver()
    for _ in 0..<3 { try driver.call(.failure, 0) }
    driver.breaker.update(CircuitBreaker(.consecutive(2)))
    #expect(try driver.call(.failure, 0) == nil)
    #expect(try driver.call(.failure, 0)?.to == .open)
    driver.breaker.update(CircuitBreaker(reopen: .constant(.seconds(1)), probes: 3))
    #expect(driver.refusal(9) == .seconds(10))
    for _ in 0..<2 { try driver.call(.success, 10) }
    driver.breaker.update(CircuitBreaker(probes: 1))
    #expect(try driver.call(.success, 10)?.to == .closed, "and is never stuck half-open")
  }

  @Test("a balancer keeps what it knows about its endpoints")
  func balancer() {
    var driver = BalancerDriver(Balance(.roundRobin), endpoints(3))
    driver.balancer.began(0)
    driver.balancer.setUnhealthy(1, at: .origin)
    driver.balancer.update(Balance(.leastLoaded))
    #expect(driver.count(10) == [2: 10])
    driver.balancer.update(Balance(.leastLoaded, panicBelow: 1))
    #expect(driver.count(10) == [1: 5, 2: 5])
    driver.balancer.update(Balance(.consistentHash()))
    #expect(driver.choose(key: 1) != nil)
  }
}
