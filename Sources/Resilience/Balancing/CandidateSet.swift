/// The endpoints that may be chosen now, in whichever forms the algorithm needs.
struct CandidateSet: Sendable {
  /// What the set is asked for.
  struct Forms: OptionSet, Sendable {
    let rawValue: UInt8
    static let ranks = Self(rawValue: 1)
    static let weights = Self(rawValue: 2)
    static let loads = Self(rawValue: 4)
  }

  private let forms: Forms
  private var slots: [Int] = []
  private var positions: [Int]
  private var ranks: RankSet
  private var weights: WeightTree
  private var loads: LoadHeap
  /// Where the round goes on: a rank.
  private var cursor = 0
  /// The weight of all of them together.
  private(set) var totalWeight = 0.0
  /// The calls that run on all of them together.
  private(set) var running = 0

  /// An empty set for slots and ranks below `capacity`, that continues the round of `previous`.
  init(capacity: Int, forms: Forms, after previous: CandidateSet? = nil) {
    self.forms = forms
    positions = Array(repeating: -1, count: capacity)
    ranks = RankSet(capacity: forms.contains(.ranks) ? capacity : 0)
    weights = WeightTree(capacity: forms.contains(.weights) ? capacity : 0)
    loads = LoadHeap(capacity: forms.contains(.loads) ? capacity : 0)
    cursor = previous?.cursor ?? 0
  }

  var count: Int { slots.count }

  func contains(_ slot: Int) -> Bool { positions[slot] >= 0 }

  mutating func insert(_ slot: Int, _ endpoint: EndpointState) {
    positions[slot] = slots.count
    slots.append(slot)
    totalWeight += endpoint.weight
    running += endpoint.running
    if forms.contains(.ranks) { ranks.insert(endpoint.rank) }
    if forms.contains(.weights) { weights.set(slot, to: endpoint.weight) }
    if forms.contains(.loads) { loads.set(slot, to: endpoint.loadKey) }
  }

  mutating func remove(_ slot: Int, _ endpoint: EndpointState) {
    let position = positions[slot]
    slots.swapAt(position, slots.count - 1)
    positions[slots[position]] = position
    slots.removeLast()
    positions[slot] = -1
    running -= endpoint.running
    // Sums of Doubles drift; an empty set starts over.
    totalWeight = slots.isEmpty ? 0 : totalWeight - endpoint.weight
    if forms.contains(.ranks) { ranks.remove(endpoint.rank) }
    if forms.contains(.weights) { weights.set(slot, to: 0) }
    if forms.contains(.loads) { loads.remove(slot) }
  }

  /// The calls of an endpoint changed by so many, or it had its turn.
  mutating func loadChanged(_ slot: Int, _ endpoint: EndpointState, by change: Int) {
    guard contains(slot) else { return }
    running += change
    if forms.contains(.loads) { loads.set(slot, to: endpoint.loadKey) }
  }

  /// The first in `order`.
  func first(in order: [Int], excluding excluded: [Int]) -> Int? {
    var rank = 0
    while let next = ranks.next(from: rank) {
      if !excluded.contains(order[next]) { return order[next] }
      rank = next + 1
    }
    return nil
  }

  /// The next in `order` after the one that was returned last, all around.
  mutating func next(in order: [Int], excluding excluded: [Int]) -> Int? {
    let start = cursor < order.count ? cursor : 0
    for (from, end) in [(start, order.count), (0, start)] {
      var rank = from
      while let next = ranks.next(from: rank), next < end {
        if !excluded.contains(order[next]) {
          cursor = next + 1
          return order[next]
        }
        rank = next + 1
      }
    }
    return nil
  }

  /// Any, with the same chance.
  func random(
    excluding excluded: [Int], and other: Int = -1, using random: inout some RandomNumberGenerator
  ) -> Int? {
    guard !slots.isEmpty else { return nil }
    for _ in 0..<8 {
      let slot = slots[random.below(slots.count)]
      if slot != other, !excluded.contains(slot) { return slot }
    }
    // Nearly all are excluded: look at each.
    let start = random.below(slots.count)
    for step in 0..<slots.count {
      let slot = slots[(start + step) % slots.count]
      if slot != other, !excluded.contains(slot) { return slot }
    }
    return nil
  }

  /// Any, with a chance as large as its weight.
  func weighted(excluding excluded: [Int], using random: inout some RandomNumberGenerator) -> Int? {
    weights.draw(excluding: excluded, using: &random)
  }

  func leastLoaded(excluding excluded: [Int]) -> Int? { loads.least(excluding: excluded) }
}
