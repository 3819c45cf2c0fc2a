package import SeaThriftTime

/// Names one timer of a ``TimerHeap``; stays harmless after the timer fired or was cancelled.
package struct TimerID: Hashable, Sendable {
  let slot: Int32
  let generation: UInt32
}

/// Pending timers, soonest first; equal deadlines fire in the order they were set.
///
/// A binary heap of plain values with a slot table beside it, so that setting and cancelling a timer costs O(log n) and
/// allocates nothing once the tables have grown.
package struct TimerHeap<Payload> {
  private struct Entry {
    let deadline: Instant
    let sequence: UInt64
    let slot: Int32
  }

  private struct Slot {
    var payload: Payload?
    var heapIndex: Int32
    var generation: UInt32
  }

  private var heap: [Entry] = []
  private var slots: [Slot] = []
  private var freeSlots: [Int32] = []
  private var nextSequence: UInt64 = 0

  package init() {}

  /// How many timers are pending.
  package var count: Int { heap.count }

  /// When the first timer is due, if there is one.
  package var nextDeadline: Instant? { heap.first?.deadline }

  /// Sets a timer.
  package mutating func insert(_ payload: Payload, at deadline: Instant) -> TimerID {
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
    } else {
      slot = Int32(slots.count)
      slots.append(Slot(payload: nil, heapIndex: -1, generation: 0))
    }
    slots[Int(slot)].payload = payload
    heap.append(Entry(deadline: deadline, sequence: nextSequence, slot: slot))
    nextSequence += 1
    siftUp(heap.count - 1)
    return TimerID(slot: slot, generation: slots[Int(slot)].generation)
  }

  /// Takes a timer out before it fires; `nil` when it already fired or was cancelled.
  package mutating func cancel(_ id: TimerID) -> Payload? {
    let slot = Int(id.slot)
    guard slot < slots.count, slots[slot].generation == id.generation, slots[slot].payload != nil else { return nil }
    removeFromHeap(at: Int(slots[slot].heapIndex))
    return vacate(slot)
  }

  /// Takes out the first timer if it is due.
  package mutating func popDue(at now: Instant) -> Payload? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    removeFromHeap(at: 0)
    return vacate(Int(first.slot))
  }

  private mutating func vacate(_ slot: Int) -> Payload? {
    let payload = slots[slot].payload
    slots[slot].payload = nil
    slots[slot].heapIndex = -1
    slots[slot].generation &+= 1
    freeSlots.append(Int32(slot))
    return payload
  }

  private mutating func removeFromHeap(at index: Int) {
    let last = heap.count - 1
    if index == last {
      heap.removeLast()
      return
    }
    heap[index] = heap[last]
    heap.removeLast()
    slots[Int(heap[index].slot)].heapIndex = Int32(index)
    siftDown(index)
    siftUp(index)
  }

  private static func comesFirst(_ lhs: Entry, _ rhs: Entry) -> Bool {
    lhs.deadline == rhs.deadline ? lhs.sequence < rhs.sequence : lhs.deadline < rhs.deadline
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    let entry = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard Self.comesFirst(entry, heap[parent]) else { break }
      place(heap[parent], at: index)
      index = parent
    }
    place(entry, at: index)
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    let entry = heap[index]
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, Self.comesFirst(heap[child + 1], heap[child]) { child += 1 }
      guard Self.comesFirst(heap[child], entry) else { break }
      place(heap[child], at: index)
      index = child
    }
    place(entry, at: index)
  }

  private mutating func place(_ entry: Entry, at index: Int) {
    heap[index] = entry
    slots[Int(entry.slot)].heapIndex = Int32(index)
  }
}
