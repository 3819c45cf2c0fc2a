import Glibc

/// The memory of an input that waits for a large message: that of an array, which a large value in the message can keep.
///
/// So a value that is most of its message is read from the socket straight into the array that the user gets; it is only
/// moved to the front of it. Nothing is allocated twice: the first use of fresh pages takes longer than a copy.
@usableFromInline
package final class LargeBlock {
  /// From this size on an input has such memory, if as much has arrived.
  static let leastBytes = 1 << 20

  let base: UnsafeMutableRawPointer
  let capacity: Int
  /// How much of it holds bytes that arrived, while it is lent.
  fileprivate var used = 0
  private var array: [UInt8]
  /// What followed a value that kept the array.
  private var rest: WireBuffer?

  init(capacity: Int) {
    var base: UnsafeMutableRawPointer?
    array = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      preferLargePages(UnsafeMutableRawBufferPointer(memory))
      base = UnsafeMutableRawPointer(memory.baseAddress)
      count = capacity
    }
    // An array with room for something has an address, which it keeps: nobody changes the array before it is given away.
    self.base = base.unsafelyUnwrapped
    self.capacity = capacity
  }

  /// The `count` bytes from `start` on as an array, and where what follows them lies from now on; `nil` when they are not
  /// most of the block. Then they have to be copied.
  func give(_ start: UnsafeRawPointer, _ count: Int) -> (value: [UInt8], next: UnsafeRawPointer)? {
    let offset = UnsafeRawPointer(base).distance(to: start)
    let following = used - offset - count
    guard offset >= 0, following >= 0, count / 3 >= capacity / 4, following <= count / 8, rest == nil else {
      return nil
    }
    // At least a byte, for an address.
    var rest = WireBuffer(capacity: following + 1)
    rest.append(UnsafeRawBufferPointer(start: start + count, count: following))
    let next = rest.readableBytes.baseAddress.unsafelyUnwrapped
    self.rest = consume rest
    var value: [UInt8] = []
    swap(&value, &array)
    value.removeLast(value.count - offset - count)
    value.removeFirst(offset)
    return (value, next)
  }

  fileprivate func takeRest() -> WireBuffer? { rest.take() }
}

/// Asks for large pages (2 MiB) for memory that is about to be used for the first time: they are mapped, zeroed and found
/// 512 times less often than small ones.
func preferLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  let pageBytes = 2 << 20
  guard let base = memory.baseAddress, memory.count >= pageBytes else { return }
  let start = base.alignedUp(toMultipleOf: pageBytes)
  let count = start.distance(to: base + memory.count) & -pageBytes
  // Only a wish: without large pages, small ones do.
  if count > 0 { _ = madvise(start, count, MADV_HUGEPAGE) }
}

extension WireBuffer {
  /// Makes room for the rest of a message of `total` bytes, and for at least so many bytes.
  ///
  /// A length alone reserves nothing: there is never more room than has already arrived; 64 times as much once that is a
  /// mebibyte, as moving a large buffer costs more than its pages do, which nobody has touched.
  package mutating func reserve(forMessageOf total: Int, atLeast least: Int) {
    let isLarge = count >= LargeBlock.leastBytes
    let expected = min(total - count, isLarge ? 63 * count : count)
    if capacity - tail >= max(least, expected) { return }
    // Where little is known to come, the memory grows in proportion to what it holds.
    if isLarge, expected > count / 4 {
      move(toBlockOf: count + expected + least)
    } else {
      reserve(max(least, expected))
    }
  }

  /// Lends the memory to a reader of the message at the front, if it is a block. After that the message must be given up
  /// by ``consumeMessage(_:)``, whatever came of reading it.
  @inlinable @inline(__always)
  package mutating func lend() -> LargeBlock? { block == nil ? nil : lendBlock() }

  /// Gives up the message of `count` bytes at the front, which may have kept the memory.
  @inlinable @inline(__always)
  package mutating func consumeMessage(_ count: Int) {
    if block == nil { consume(count) } else { consumeLargeMessage(count) }
  }

  @usableFromInline
  mutating func lendBlock() -> LargeBlock? {
    block?.used = tail
    return block
  }

  @usableFromInline
  mutating func consumeLargeMessage(_ count: Int) {
    guard var rest = block?.takeRest() else { return consume(count) }
    let following = self.count - count
    rest.consume(rest.count - following)
    rest.inserted = inserted
    self = rest
  }

  private mutating func move(toBlockOf newCapacity: Int) {
    let new = LargeBlock(capacity: newCapacity)
    let bytes = readableBytes
    if let source = bytes.baseAddress { new.base.copyMemory(from: source, byteCount: bytes.count) }
    adopt(new.base, count: bytes.count, capacity: newCapacity)
    block = new
  }
}
