/// Bytes in the order they were written, on their way through a simulated connection.
struct ByteQueue {
  private var storage: [UInt8] = []
  private var head = 0

  /// How much consumed memory is tolerated in front of the bytes before they are moved there.
  private static let slack = 64 * 1024

  var count: Int { storage.count - head }

  mutating func append(_ bytes: UnsafeRawBufferPointer) { storage.append(contentsOf: bytes) }

  /// Moves the first `count` bytes to `target`.
  mutating func read(_ count: Int, into target: UnsafeMutableRawBufferPointer) {
    storage.withUnsafeBytes { bytes in
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[head..<head + count]))
    }
    head += count
    if head == storage.count {
      storage.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= Self.slack, head > storage.count / 2 {
      storage.removeFirst(head)
      head = 0
    }
  }

  /// Forgets the last `count` bytes.
  mutating func dropLast(_ count: Int) {
    storage.removeLast(count)
  }

  /// A number that depends on each of `count` bytes from `offset` on.
  func digest(from offset: Int, count: Int) -> UInt64 {
    storage.withUnsafeBytes { bytes in
      var hash = UInt64(truncatingIfNeeded: count)
      var index = head + offset
      let end = index + count
      while index + 8 <= end {
        hash = TraceHash.mix(hash, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
        index += 8
      }
      var rest: UInt64 = 0
      while index < end {
        rest = rest << 8 | UInt64(bytes[index])
        index += 1
      }
      return TraceHash.mix(hash, rest)
    }
  }
}
