package import SeaThriftTime

/// Counts of the recent past, in ten slices: how many there were, and how many of them were marked.
///
/// It covers the current, unfinished slice and the nine before it, so between nine tenths of the window and all of it.
/// Memory is ten slices, allocated with the first count. An instant before the current slice counts in that slice.
package struct SlidingWindow: Sendable {
  private struct Slice: Sendable {
    var total = 0
    var marked = 0
  }

  private static let sliceCount = 10
  private let width: Int64
  private var slices: [Slice] = []
  private var current = 0
  private var currentEnd: Int64 = 0

  /// How many were counted.
  package private(set) var total = 0
  /// How many of them were marked.
  package private(set) var marked = 0

  /// Creates an empty window of this length.
  package init(_ length: Duration) {
    width = max(length.wholeNanoseconds / Int64(Self.sliceCount), 1)
  }

  /// Counts `count` more, of which `marked` are marked.
  package mutating func add(_ count: Int = 1, marked: Int = 0, at now: Instant) {
    advance(to: now)
    slices[current].total += count
    slices[current].marked += marked
    total += count
    self.marked += marked
  }

  /// Drops what has become too old by `now`. `total` and `marked` are exact only as of the last call of this or `add`.
  package mutating func advance(to now: Instant) {
    let time = now.nanoseconds
    if slices.isEmpty {
      slices = Array(repeating: Slice(), count: Self.sliceCount)
      startSlice(at: time)
      return
    }
    guard time >= currentEnd else { return }
    let passed = Int64(Self.sliceCount) * width
    if Instant(nanoseconds: currentEnd).advanced(by: .nanoseconds(passed)) <= now {
      clear()
      startSlice(at: time)
      return
    }
    while currentEnd <= time {
      current = (current + 1) % Self.sliceCount
      total -= slices[current].total
      marked -= slices[current].marked
      slices[current] = Slice()
      currentEnd = Instant(nanoseconds: currentEnd).advanced(by: .nanoseconds(width)).nanoseconds
    }
  }

  /// Forgets everything; keeps the memory.
  package mutating func clear() {
    guard !slices.isEmpty else { return }
    for index in slices.indices { slices[index] = Slice() }
    (total, marked) = (0, 0)
  }

  private mutating func startSlice(at time: Int64) {
    currentEnd = Instant(nanoseconds: time).advanced(by: .nanoseconds(width)).nanoseconds
  }
}
