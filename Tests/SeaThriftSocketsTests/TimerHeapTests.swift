import SeaThriftTime
import Testing

@testable import SeaThriftSockets

@Suite("Timers")
struct TimerHeapTests {
  @Test("fire in the order of their deadlines, equal ones in the order they were set")
  func order() {
    var heap = TimerHeap<String>()
    _ = heap.insert("c", at: Instant(nanoseconds: 30))
    _ = heap.insert("a1", at: Instant(nanoseconds: 10))
    _ = heap.insert("b", at: Instant(nanoseconds: 20))
    _ = heap.insert("a2", at: Instant(nanoseconds: 10))
    #expect(heap.nextDeadline == Instant(nanoseconds: 10))
    #expect(heap.popDue(at: Instant(nanoseconds: 9)) == nil)
    var fired: [String] = []
    while let name = heap.popDue(at: Instant(nanoseconds: 25)) { fired.append(name) }
    #expect(fired == ["a1", "a2", "b"])
    #expect(heap.count == 1)
  }

  @Test("a cancelled timer does not fire, and its id stays harmless when the slot is reused")
  func cancellation() {
    var heap = TimerHeap<Int>()
    let first = heap.insert(1, at: Instant(nanoseconds: 10))
    #expect(heap.cancel(first) == 1)
    #expect(heap.cancel(first) == nil)
    let second = heap.insert(2, at: Instant(nanoseconds: 10))
    #expect(heap.cancel(first) == nil)
    #expect(heap.popDue(at: Instant(nanoseconds: 10)) == 2)
    #expect(heap.cancel(second) == nil)
    #expect(heap.count == 0)
  }

  @Test(
    "agree with a sorted list over random insertions, cancellations and firings", arguments: 0..<20 as Range<UInt64>)
  func agreesWithModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var heap = TimerHeap<Int>()
    var model: [(deadline: Int64, name: Int, id: TimerID)] = []
    for name in 0..<2_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        let deadline = Int64.random(in: 0..<500, using: &random)
        model.append((deadline, name, heap.insert(name, at: Instant(nanoseconds: deadline))))
      case 6..<8 where !model.isEmpty:
        let victim = model.remove(at: Int.random(in: model.indices, using: &random))
        #expect(heap.cancel(victim.id) == victim.name)
      default:
        let now = Int64.random(in: 0..<500, using: &random)
        let due = model.indices.filter { model[$0].deadline <= now }
        let first = due.min { (model[$0].deadline, model[$0].name) < (model[$1].deadline, model[$1].name) }
        #expect(heap.popDue(at: Instant(nanoseconds: now)) == first.map { model[$0].name })
        if let first { model.remove(at: first) }
      }
      #expect(heap.count == model.count)
      #expect(heap.nextDeadline?.nanoseconds == model.map(\.deadline).min())
    }
  }
}
