/// The numbers of the fields that came last, in the struct at hand and those around it: the compact protocol says how
/// far the next one is from it.
@frozen @usableFromInline
struct CompactFieldIDs {
  @usableFromInline var last: Int16 = 0
  @usableFromInline var depth = 0
  /// Those of the outer structs, as many as there are by default, without an allocation.
  @usableFromInline var outer = InlineArray<64, Int16>(repeating: 0)
  /// Those of structs that are deeper, where limits allow it.
  @usableFromInline var deeper: [Int16] = []

  @inlinable
  init() {}

  @inlinable @inline(__always)
  mutating func enter() {
    if depth < 64 { outer[depth] = last } else { push() }
    depth &+= 1
    last = 0
  }

  @inlinable @inline(__always)
  mutating func leave() {
    depth &-= 1
    if depth >= 0, depth < 64 { last = outer[depth] } else { pop() }
  }

  @inline(never) @usableFromInline
  mutating func push() { deeper.append(last) }

  @inline(never) @usableFromInline
  mutating func pop() { last = deeper.popLast() ?? 0 }
}
