extension WireBuffer {
  /// Makes sure that ``writableBytes`` holds at least `count` bytes.
  @inlinable
  public mutating func reserve(_ count: Int) {
    if capacity - tail < count { makeRoom(count) }
  }

  /// The memory after the readable bytes, as much as is reserved: read straight into it, then say ``didWrite(_:)``.
  /// Valid until the buffer is changed in any way.
  @inlinable public var writableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base.map { $0 + tail }, count: capacity - tail)
  }

  /// Makes the first `count` bytes of ``writableBytes`` readable; there must be as many.
  @inlinable
  public mutating func didWrite(_ count: Int) {
    precondition(count >= 0 && count <= capacity - tail, "more bytes than were reserved")
    tail += count
  }

  /// Appends a copy of `bytes`.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    reserve(bytes.count)
    writableBytes.copyMemory(from: bytes)
    tail += bytes.count
  }

  /// Appends a copy of `bytes`.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
    if done == nil { for byte in bytes { append(bigEndian: byte) } }
  }

  /// Appends `number` in network order.
  @inlinable
  public mutating func append(bigEndian number: some FixedWidthInteger & BitwiseCopyable) {
    let bytes = number.bigEndian
    reserve(MemoryLayout.size(ofValue: bytes))
    writableBytes.storeBytes(of: bytes, as: type(of: bytes))
    tail += MemoryLayout.size(ofValue: bytes)
  }

  /// Replaces bytes from `offset` after the front on by `number` in network order; they must be there already.
  @inlinable
  public mutating func overwrite(at offset: Int, bigEndian number: some FixedWidthInteger & BitwiseCopyable) {
    let bytes = number.bigEndian
    withUnsafeBytes(of: bytes) { overwrite(at: offset, $0) }
  }

  /// Replaces bytes from `offset` after the front on by `bytes`; as many must be there already.
  @inlinable
  public mutating func overwrite(at offset: Int, _ bytes: UnsafeRawBufferPointer) {
    precondition(offset >= 0 && bytes.count <= count - offset, "only bytes that are there can be replaced")
    guard let source = bytes.baseAddress else { return }
    base?.advanced(by: head + offset).copyMemory(from: source, byteCount: bytes.count)
  }

  /// Gives back memory that holds nothing, so that at most `capacity` bytes stay reserved (or as many as are readable).
  public mutating func shrink(to capacity: Int = 0) {
    let wanted = max(count, capacity, 0)
    if wanted < self.capacity { move(to: wanted) }
  }

  @inline(never) @usableFromInline
  mutating func makeRoom(_ needed: Int) {
    // Moving costs no more than was consumed since the last move, growing is geometric: both are linear over time.
    if head >= count, let base, capacity - count >= needed {
      base.copyMemory(from: base + head, byteCount: count)
      moveInserted(by: -head)
      tail = count
      head = 0
      return
    }
    // What follows a large value is mostly short, and pages that nobody touches cost nothing.
    let slack = needed < 1 << 20 ? 0 : 64 * 1024
    move(to: max(capacity < 1 << 20 ? capacity * 2 : 0, count + needed + slack, capacity + capacity / 4, 64))
  }

  private mutating func move(to newCapacity: Int) {
    if head == 0, newCapacity > 0, block == nil, let base {
      self.base = Memory.reallocate(base, newCapacity)
      capacity = newCapacity
      return
    }
    let bytes = readableBytes
    let new: UnsafeMutableRawPointer? = newCapacity > 0 ? Memory.allocate(newCapacity) : nil
    if let new, let source = bytes.baseAddress { new.copyMemory(from: source, byteCount: bytes.count) }
    adopt(new, count: bytes.count, capacity: newCapacity)
  }

  /// Lets go of the memory and uses `new`, which holds the readable bytes.
  mutating func adopt(_ new: UnsafeMutableRawPointer?, count: Int, capacity: Int) {
    if block == nil { Memory.free(base) } else { block = nil }
    base = new
    moveInserted(by: -head)
    head = 0
    tail = count
    self.capacity = capacity
  }
}
