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
  }

  private var places: [Place] = []
  private var order = IndexList()
  private var free: [Int] = []

  package init() {}

  /// How many are waiting.
  package var count: Int { order.count }

  /// Who is first; nil when nobody waits.
  package var first: WaiterID? { order.first.map { WaiterID(index: $0, generation: places[$0].generation) } }

  /// Joins the end.
  package mutating func enqueue() -> WaiterID {
    let index = free.popLast() ?? places.count
    if index == places.count { places.append(Place()) }
    places[index].isWaiting = true
    order.append(index)
    return WaiterID(index: index, generation: places[index].generation)
  }

  /// Takes the first out; nil when nobody waits.
  package mutating func dequeue() -> WaiterID? {
    guard let index = order.first else { return nil }
    let waiter = WaiterID(index: index, generation: places[index].generation)
    leave(index)
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
    order.remove(index)
    places[index].isWaiting = false
    places[index].generation &+= 1
    free.append(index)
  }
}
