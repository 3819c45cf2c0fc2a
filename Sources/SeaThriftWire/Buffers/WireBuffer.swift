/// A growable region of memory that owns its bytes: they are appended at the end and consumed from the front.
///
/// It is not copyable: a connection's buffer travels through a writer and back without a copy. Bytes that are consumed
/// are not moved at once; space is regained when the buffer runs empty or must make room, so that any sequence of
/// appends and consumes costs linear time.
@frozen
public struct WireBuffer: ~Copyable, @unchecked Sendable {  // unchecked: it is the only owner of its memory
  @usableFromInline var base: UnsafeMutableRawPointer?
  /// Where the readable bytes begin.
  @usableFromInline var head: Int
  /// Where the readable bytes end and the writable ones begin.
  @usableFromInline var tail: Int
  /// How many bytes the memory holds, readable, consumed and writable ones.
  public internal(set) var capacity: Int
  /// Large values between the readable bytes, by position; `nil` where every value must lie in the memory.
  @usableFromInline var inserted: [InsertedValue]?
  /// What owns the memory, when that is a block.
  @usableFromInline var block: LargeBlock?

  /// Creates an empty buffer with room for `capacity` bytes; 0 allocates nothing until the buffer is used.
  public init(capacity: Int = 0) {
    base = capacity > 0 ? Memory.allocate(capacity) : nil
    head = 0
    tail = 0
    self.capacity = max(capacity, 0)
  }

  deinit { if block == nil { Memory.free(base) } }

  /// The number of bytes that can be read.
  @inlinable public var count: Int { tail - head }

  /// Whether there is nothing to read.
  @inlinable public var isEmpty: Bool { tail == head }

  /// Calls `body` with the readable bytes, which are valid only during the call.
  @inlinable
  public func withUnsafeReadableBytes<Value, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try body(readableBytes)
  }

  /// The readable bytes, valid until the buffer is changed in any way.
  @inlinable public var readableBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0) + head }, count: count)
  }

  /// The readable bytes, to be changed in place; valid until the buffer is changed in any other way.
  package var mutableReadableBytes: UnsafeMutableRawBufferPointer {
    mutating get { UnsafeMutableRawBufferPointer(start: base.map { $0 + head }, count: count) }
  }

  /// A copy of the readable bytes.
  public var bytes: [UInt8] { [UInt8](readableBytes) }

  /// Gives up `count` bytes at the front, at most all that there are.
  @inlinable
  public mutating func consume(_ count: Int) {
    head += min(max(count, 0), self.count)
    if head == tail {
      head = 0
      tail = 0
    }
  }

  /// Gives up the bytes at the end beyond the first `count`.
  @inlinable
  public mutating func truncate(to count: Int) {
    tail = head + min(max(count, 0), self.count)
    if inserted != nil { removeInserted(from: tail) }
  }

  /// Gives up all bytes, and the memory too unless `keepingCapacity`.
  public mutating func removeAll(keepingCapacity: Bool = true) {
    head = 0
    tail = 0
    if inserted != nil { inserted = [] }
    if !keepingCapacity { shrink() }
  }
}
