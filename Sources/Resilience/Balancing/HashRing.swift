/// Endpoints at many places each on a ring of 64-bit numbers, each responsible for the stretch that ends at its place.
struct HashRing: Sendable {
  struct Member: Hashable, Sendable {
    let slot: Int
    let identity: UInt64
    let points: Int
  }

  private struct Point: Sendable {
    let place: UInt64
    let slot: Int
  }

  private var members: Set<Member> = []
  private var ring: [Point] = []

  var isEmpty: Bool { ring.isEmpty }

  /// Changes the members; those that stay keep their places.
  mutating func update(_ new: Set<Member>) {
    guard new != members else { return }
    let leaving = Set(members.subtracting(new).map(\.slot))
    if !leaving.isEmpty { ring.removeAll { leaving.contains($0.slot) } }
    var added: [Point] = []
    for member in new.subtracting(members) {
      for index in 0..<member.points {
        let place = StableHash.mix(member.identity &+ StableHash.mix(UInt64(index)))
        added.append(Point(place: place, slot: member.slot))
      }
    }
    // By slot among equal places, which are next to impossible, so that the order never depends on that of a set.
    added.sort { ($0.place, $0.slot) < ($1.place, $1.slot) }
    ring = Self.merge(ring, added)
    members = new
  }

  /// The first slot from `key` on, around the ring, that `accepts`; nil when none does.
  func slot(for key: UInt64, where accepts: (Int) -> Bool) -> Int? {
    var (low, high) = (0, ring.count)
    while low < high {
      let middle = (low + high) / 2
      if ring[middle].place < key { low = middle + 1 } else { high = middle }
    }
    for step in 0..<ring.count {
      let position = low + step
      let slot = ring[position < ring.count ? position : position - ring.count].slot
      if accepts(slot) { return slot }
    }
    return nil
  }

  private static func merge(_ old: [Point], _ new: [Point]) -> [Point] {
    if new.isEmpty { return old }
    var merged: [Point] = []
    merged.reserveCapacity(old.count + new.count)
    var (left, right) = (0, 0)
    while left < old.count, right < new.count {
      if (old[left].place, old[left].slot) < (new[right].place, new[right].slot) {
        merged.append(old[left])
        left += 1
      } else {
        merged.append(new[right])
        right += 1
      }
    }
    merged.append(contentsOf: old[left...])
    merged.append(contentsOf: new[right...])
    return merged
  }
}
