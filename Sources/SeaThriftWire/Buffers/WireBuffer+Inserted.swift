/// A large value that belongs between the bytes of a buffer, but lies where its owner has it.
@frozen @usableFromInline
struct InsertedValue {
  @usableFromInline let bytes: [UInt8]
  /// Where it belongs: an offset into the buffer's memory.
  @usableFromInline var position: Int
  /// How much of it was consumed.
  @usableFromInline var consumed = 0

  var remaining: Int { bytes.count - consumed }
}

// A buffer that is on its way to a socket need not hold large values: they are sent from the array that the message
// consists of. Such a buffer has fewer bytes of its own (`count`) than there are to send (`byteCount`).

extension WireBuffer {
  /// From this size on a value is inserted: below, copying costs less than another system call.
  @usableFromInline static var leastInsertedBytes: Int { 128 * 1024 }

  /// Lets writers insert large values. For a buffer that is read by ``withBytes(from:_:)`` and ``consumeFront(_:)``.
  package mutating func allowInsertedValues() { inserted = inserted ?? [] }

  /// How many bytes the inserted values have.
  @inlinable package var insertedBytes: Int {
    guard let inserted, !inserted.isEmpty else { return 0 }
    return inserted.reduce(0) { $0 + $1.bytes.count - $1.consumed }
  }

  /// The number of bytes that can be read, those of inserted values too.
  @inlinable package var byteCount: Int { count + insertedBytes }

  /// Calls `body` with bytes that lie together, from `offset` of all that can be read on; with none at the end.
  package func withBytes<Value, Failure: Error>(
    from offset: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let inserted, !inserted.isEmpty else { return try body(ownBytes(head + offset, tail)) }
    var start = head
    var offset = offset
    for value in inserted {
      let own = value.position - start
      if offset < own { return try body(ownBytes(start + offset, value.position)) }
      offset -= own
      start = value.position
      if offset < value.remaining {
        let from = value.consumed + offset
        return try value.bytes.withUnsafeBufferPointer { bytes throws(Failure) in
          try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[from...])))
        }
      }
      offset -= value.remaining
    }
    return try body(ownBytes(start + offset, tail))
  }

  /// Gives up `count` of the bytes that ``withBytes(from:_:)`` yields for the offset 0, at most all of these.
  package mutating func consumeFront(_ count: Int) {
    guard let value = inserted?.first else { return consume(count) }
    if value.position > head {
      head += min(count, value.position - head)
    } else if count < value.remaining {
      inserted?[0].consumed += count
    } else {
      inserted?.removeFirst()
    }
  }

  /// All bytes that can be read, in one array.
  package var joinedBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    while bytes.count < byteCount { withBytes(from: bytes.count) { bytes += $0 } }
    return bytes
  }

  /// Inserts a value behind the bytes so far.
  mutating func insert(_ bytes: [UInt8]) { inserted?.append(InsertedValue(bytes: bytes, position: tail)) }

  /// Gives up the values that belong behind `position`, or there.
  @usableFromInline
  mutating func removeInserted(from position: Int) { inserted?.removeAll { $0.position >= position } }

  /// Follows the bytes to where they begin at the front of the memory.
  mutating func moveInserted(by distance: Int) {
    for index in (inserted ?? []).indices { inserted?[index].position += distance }
  }

  private func ownBytes(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0) + start }, count: end - start)
  }
}
