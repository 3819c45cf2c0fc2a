import Resilience
import SeaThriftTime
import Testing

@Suite("Bulkhead")
struct BulkheadTests {
  func waiter(_ admission: BulkheadStateMachine.Admission) throws -> WaiterID {
    guard case .wait(let waiter) = admission else { throw PoolMachine.Unexpected() }
    return waiter
  }

  @Test("so many run, so many wait, the rest is refused")
  func limits() throws {
    var bulkhead = BulkheadStateMachine(Bulkhead(2, waiters: 1))
    #expect(bulkhead.enter() == .enter)
    #expect(bulkhead.enter() == .enter)
    let first = try waiter(bulkhead.enter())
    #expect(bulkhead.enter() == .refuse)
    #expect(bulkhead.leave() == first)
    #expect(bulkhead.running == 2 && bulkhead.waiting == 0)
    #expect(bulkhead.leave() == nil)
    #expect(bulkhead.leave() == nil)
    #expect(bulkhead.leave() == nil, "nobody is left to leave")
    #expect(bulkhead.running == 0)
  }

  @Test("a waiter that left is not named")
  func leaving() throws {
    var bulkhead = BulkheadStateMachine(Bulkhead(1, waiters: 9))
    #expect(bulkhead.enter() == .enter)
    let waiters = try (0..<3).map { _ in try waiter(bulkhead.enter()) }
    #expect(bulkhead.waiterLeft(waiters[0]) == true)
    #expect(bulkhead.leave() == waiters[1])
    #expect(bulkhead.waiterLeft(waiters[1]) == false)
    #expect(bulkhead.leave() == waiters[2])
  }

  @Test("a raised limit admits waiters in their order, a lowered one waits for calls to end")
  func changingLimit() throws {
    var bulkhead = BulkheadStateMachine(Bulkhead(1, waiters: 9))
    #expect(bulkhead.enter() == .enter)
    let waiters = try (0..<4).map { _ in try waiter(bulkhead.enter()) }
    #expect(bulkhead.setLimit(3) == [waiters[0], waiters[1]])
    #expect(bulkhead.setLimit(2) == [])
    #expect(bulkhead.leave() == nil)
    #expect(bulkhead.leave() == waiters[2])
    #expect(bulkhead.running == 2)
    #expect(bulkhead.setLimit(-5) == [])
    #expect(bulkhead.limit == 1)
  }

  @Test("never more than the limit, nobody overtaken, nobody lost", arguments: seeds)
  func properties(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bulkhead = BulkheadStateMachine(Bulkhead(3, waiters: 5))
    var running = 0
    var waiting: [WaiterID] = []
    for _ in 0..<3_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        switch bulkhead.enter() {
        case .enter:
          #expect(waiting.isEmpty && running < bulkhead.limit)
          running += 1
        case .wait(let waiter):
          #expect(running >= bulkhead.limit && waiting.count < 5)
          waiting.append(waiter)
        case .refuse:
          #expect(running >= bulkhead.limit && waiting.count == 5)
        }
      case 4..<8:
        guard running > 0 else { continue }
        running -= 1
        let next = bulkhead.leave()
        #expect(next == (running < bulkhead.limit ? waiting.first : nil))
        if next != nil {
          waiting.removeFirst()
          running += 1
        }
      case 8:
        guard let index = waiting.indices.randomElement(using: &random) else { continue }
        #expect(bulkhead.waiterLeft(waiting.remove(at: index)) == true)
      default:
        let limit = Int.random(in: 1...6, using: &random)
        let admitted = bulkhead.setLimit(limit)
        #expect(admitted == Array(waiting.prefix(max(0, limit - running))))
        waiting.removeFirst(admitted.count)
        running += admitted.count
      }
      #expect(bulkhead.running == running && bulkhead.waiting == waiting.count)
    }
  }

  @Test("validation names the field, and the document survives")
  func policy() throws {
    #expect(policyError(Bulkhead(0).validate)?.description == "Bulkhead.concurrent is 0, allowed is 1...1000000")
    #expect(policyError(Bulkhead(waiters: -1).validate)?.field == "waiters")
    try expectRoundTrip(Bulkhead(7, waiters: 3, wait: .milliseconds(50)))
  }
}
