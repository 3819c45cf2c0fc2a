/// A set of small numbers that answers quickly which is the next from a given one on: one bit each.
struct RankSet: Sendable {
  private var words: [UInt64]

  init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

  mutating func insert(_ rank: Int) { words[rank / 64] |= 1 << UInt64(rank % 64) }

  mutating func remove(_ rank: Int) { words[rank / 64] &= ~(1 << UInt64(rank % 64)) }

  /// The least member that is not below `rank`.
  func next(from rank: Int) -> Int? {
    var index = rank / 64
    guard index < words.count else { return nil }
    var word = words[index] & (~0 << UInt64(rank % 64))
    while word == 0 {
      index += 1
      guard index < words.count else { return nil }
      word = words[index]
    }
    return index * 64 + word.trailingZeroBitCount
  }
}
