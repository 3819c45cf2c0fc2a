/// Weights of numbered things, from which one is drawn with a chance as large as its weight: a Fenwick tree.
///
/// Changing a weight and drawing take logarithmic time. Fenwick, "A New Data Structure for Cumulative Frequency Tables",
/// 1994.
struct WeightTree: Sendable {
  /// Weights are kept as whole numbers of this part, so that taking one away leaves exactly what was there before.
  private static let scale = 1_024.0

  private var sums: [Int]
  private var weights: [Int]
  private(set) var total = 0

  init(capacity: Int) {
    sums = Array(repeating: 0, count: capacity + 1)
    weights = Array(repeating: 0, count: capacity)
  }

  /// Sets a weight; 0 means that it is never drawn.
  mutating func set(_ index: Int, to weight: Double) {
    let new = weight > 0 ? max(Int(weight * Self.scale), 1) : 0
    let change = new - weights[index]
    weights[index] = new
    total += change
    var node = index + 1
    while node < sums.count {
      sums[node] += change
      node += node & -node
    }
  }

  /// Draws one that is not excluded; nil when there is none with a weight. What is excluded costs a logarithmic step
  /// each.
  func draw(excluding excluded: [Int], using random: inout some RandomNumberGenerator) -> Int? {
    let out = excluded.isEmpty ? [] : Set(excluded).sorted()
    let rest = out.reduce(total) { $0 - weights[$1] }
    guard rest > 0 else { return nil }
    var position = random.below(rest)
    // All are laid end to end; step over those that are out.
    for index in out where sum(before: index) <= position { position += weights[index] }
    return find(position)
  }

  private func sum(before index: Int) -> Int {
    var sum = 0
    var node = index
    while node > 0 {
      sum += sums[node]
      node -= node & -node
    }
    return sum
  }

  /// The thing that the position `0..<total` falls on, when all are laid end to end.
  private func find(_ position: Int) -> Int {
    var rest = position
    var node = 0
    var step = 1 << (Int.bitWidth - 1 - sums.count.leadingZeroBitCount)
    while step > 0 {
      if node + step < sums.count, sums[node + step] <= rest {
        node += step
        rest -= sums[node]
      }
      step >>= 1
    }
    return node
  }
}
