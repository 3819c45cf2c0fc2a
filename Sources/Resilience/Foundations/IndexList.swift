/// A doubly linked list of small numbers, each in it at most once: the order in which things that live in an array came,
/// with constant-time removal from anywhere.
///
/// Memory is that of the greatest number there ever was. Asking for a number that is not in the list is the caller's
/// mistake, which the callers rule out by keeping a state per number.
struct IndexList: Sendable {
  private struct Links: Sendable {
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  private var links: [Links] = []
  private var firstIndex: Int32 = -1
  private var lastIndex: Int32 = -1

  /// How many numbers are in it.
  private(set) var count = 0

  var first: Int? { firstIndex < 0 ? nil : Int(firstIndex) }
  var last: Int? { lastIndex < 0 ? nil : Int(lastIndex) }

  /// The number after this one, towards the last.
  func next(after index: Int) -> Int? { links[index].next < 0 ? nil : Int(links[index].next) }

  mutating func append(_ index: Int) {
    makeRoom(for: index)
    let new = Int32(truncatingIfNeeded: index)
    links[index] = Links(previous: lastIndex, next: -1)
    if lastIndex >= 0 { links[Int(lastIndex)].next = new } else { firstIndex = new }
    lastIndex = new
    count += 1
  }

  mutating func remove(_ index: Int) {
    let (previous, next) = (links[index].previous, links[index].next)
    if previous >= 0 { links[Int(previous)].next = next } else { firstIndex = next }
    if next >= 0 { links[Int(next)].previous = previous } else { lastIndex = previous }
    count -= 1
  }

  private mutating func makeRoom(for index: Int) {
    while links.count <= index { links.append(Links()) }
  }
}
