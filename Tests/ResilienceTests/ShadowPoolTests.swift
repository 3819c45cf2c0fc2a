import SeaThriftTime
import Testing

@testable import Resilience

@Suite("A pool that only watches")
struct ShadowPoolTests {
  private var generator = SeededGenerator(seed: 1)

  private func seconds(_ count: Int) -> Instant { .origin.advanced(by: .seconds(count)) }

  @Test("a place goes to whoever waits, and none is lost when a waiter leaves or a connection breaks")
  mutating func places() {
    var shadow = ShadowPolicy()
    shadow.pool = Pool(size: 1, waiters: 2)
    var machine = ShadowStateMachine(shadow)
    let first = machine.connectionWanted(at: "a", at: .origin, using: &generator)
    let second = machine.connectionWanted(at: "a", at: .origin, using: &generator)
    let third = machine.connectionWanted(at: "a", at: .origin, using: &generator)
    let fourth = machine.connectionWanted(at: "a", at: .origin, using: &generator)
    _ = machine.connectionWanted(at: "b", at: .origin, using: &generator)
    #expect(
      machine.takeEvents().map(\.description) == [
        "Pool: connected", "Pool: delayed", "Pool: delayed", "Pool: refused", "Pool: connected",
      ])
    // The second leaves while it waits; the third gets the place of the first, whose connection is broken.
    for (lease, isReusable) in [(second, false), (fourth, true), (first, false), (third, true)] {
      if let lease { machine.connectionDone(lease, isReusable: isReusable, at: seconds(1), using: &generator) }
    }
    _ = machine.connectionWanted(at: "a", at: seconds(1), using: &generator)
    #expect(machine.takeEvents().isEmpty, "the connection of the third is used again")
    _ = machine.connectionWanted(at: "a", at: seconds(1), using: &generator)
    #expect(machine.takeEvents().map(\.description) == ["Pool: delayed"])
  }

  @Test("a connection that is too old or was idle for too long would be made anew")
  mutating func ages() throws {
    var shadow = ShadowPolicy()
    shadow.pool = Pool(size: 1, idle: .seconds(10), lifetime: .seconds(15), lifetimeJitter: 0)
    var machine = ShadowStateMachine(shadow)
    var connected: [Int] = []
    for second in [0, 5, 10, 16, 20, 40] {
      let lease = try #require(machine.connectionWanted(at: "a", at: seconds(second), using: &generator))
      machine.connectionDone(lease, isReusable: true, at: seconds(second), using: &generator)
      if !machine.takeEvents().isEmpty { connected.append(second) }
    }
    #expect(connected == [0, 16, 40])
  }
}
