/// Numbered things with a load each, the least loaded on top; among equals the one whose turn was longest ago.
///
/// Every change takes logarithmic time.
struct LoadHeap: Sendable {
  struct Key: Comparable, Sendable {
    var load: Double
    var turn: UInt64

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.load != rhs.load ? lhs.load < rhs.load : lhs.turn < rhs.turn
    }
  }

  private var items: [(slot: Int, key: Key)] = []
  private var positions: [Int]

  init(capacity: Int) { positions = Array(repeating: -1, count: capacity) }

  /// Inserts a slot, or changes its key.
  mutating func set(_ slot: Int, to key: Key) {
    if positions[slot] < 0 {
      positions[slot] = items.count
      items.append((slot, key))
    } else {
      items[positions[slot]].key = key
    }
    restore(positions[slot])
  }

  mutating func remove(_ slot: Int) {
    let position = positions[slot]
    guard position >= 0 else { return }
    swap(position, items.count - 1)
    items.removeLast()
    positions[slot] = -1
    if position < items.count { restore(position) }
  }

  /// The least loaded that is not excluded; what is excluded costs a step each.
  func least(excluding excluded: some Collection<Int>) -> Int? {
    guard let top = items.first else { return nil }
    if !excluded.contains(top.slot) { return top.slot }
    // Children are candidates only once their parent has been looked at.
    var candidates = [0]
    while let best = candidates.indices.min(by: { items[candidates[$0]].key < items[candidates[$1]].key }) {
      let position = candidates.remove(at: best)
      if !excluded.contains(items[position].slot) { return items[position].slot }
      for child in [2 * position + 1, 2 * position + 2] where child < items.count { candidates.append(child) }
    }
    return nil
  }

  private mutating func restore(_ start: Int) {
    var position = start
    while position > 0, items[position].key < items[(position - 1) / 2].key {
      swap(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
    while true {
      var least = position
      for child in [2 * position + 1, 2 * position + 2]
      where child < items.count && items[child].key < items[least].key {
        least = child
      }
      if least == position { return }
      swap(position, least)
      position = least
    }
  }

  private mutating func swap(_ first: Int, _ second: Int) {
    guard first != second else { return }
    items.swapAt(first, second)
    positions[items[first].slot] = first
    positions[items[second].slot] = second
  }
}
