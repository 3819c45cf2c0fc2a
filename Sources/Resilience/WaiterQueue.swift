/// A place in a `WaiterQueue`.
///
/// `index` is small and reused after the waiter is gone, so that what belongs to a waiter can be kept in an array;
/// `generation` tells the waiters of one index apart.
package struct WaiterID: Hashable, Sendable, CustomStringConvertible {
  /// The place; less than the greatest number of waiters that ever waited together.
  package let index: Int
  let generation: UInt32

  package var description: String { "waiter \(index)#\(generation)" }
}

/// First come, first served; anyone may leave at any time. Every operation takes constant time; memory is that of the
/// longest queue there was.
package struct WaiterQueue: Sendable {
  private struct Place: Sendable {
    var generation: UInt32 = 0
    var isWaiting = false
    /// Neighbours in the queue, or the next free place.
    var previous = -1
    var next = -1
  }

  private var places: [Place] = []
  private var first = -1
  private var last = -1
  private var firstFree = -1

  /// How many are waiting.
  package private(set) var count = 0

  package init() {}

  /// Whether nobody waits.
  package var isEmpty: Bool { count == 0 }

  /// Joins the end.
  package mutating func enqueue() -> WaiterID {
    let index: Int
    if firstFree >= 0 {
      index = firstFree
      firstFree = places[index].next
    } else {
      index = places.count
      places.append(Place())
    }
    places[index].isWaiting = true
    places[index].previous = last
    places[index].next = -1
    if last >= 0 { places[last].next = index } else { first = index }
    last = index
    count += 1
    return WaiterID(index: index, generation: places[index].generation)
  }

  /// Takes the first out; nil when nobody waits.
  package mutating func dequeue() -> WaiterID? {
    guard first >= 0 else { return nil }
    let waiter = WaiterID(index: first, generation: places[first].generation)
    leave(first)
    return waiter
  }

  /// Takes this one out, wherever it is; false when it is not waiting any more.
  package mutating func remove(_ waiter: WaiterID) -> Bool {
    guard contains(waiter) else { return false }
    leave(waiter.index)
    return true
  }

  /// Whether this one is still waiting.
  package func contains(_ waiter: WaiterID) -> Bool {
    places.indices.contains(waiter.index) && places[waiter.index].isWaiting
      && places[waiter.index].generation == waiter.generation
  }

  /// Takes all out, in their order.
  package mutating func removeAll() -> [WaiterID] {
    var waiters: [WaiterID] = []
    waiters.reserveCapacity(count)
    while let waiter = dequeue() { waiters.append(waiter) }
    return waiters
  }

  private mutating func leave(_ index: Int) {
    let (previous, next) = (places[index].previous, places[index].next)
    if previous >= 0 { places[previous].next = next } else { first = next }
    if next >= 0 { places[next].previous = previous } else { last = previous }
    places[index].isWaiting = false
    places[index].generation &+= 1
    places[index].next = firstFree
    firstFree = index
    count -= 1
  }
}
