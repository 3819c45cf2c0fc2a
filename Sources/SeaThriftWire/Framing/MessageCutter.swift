/// Finds the next whole message in the bytes that a connection has received.
///
/// The bytes always begin with the message that is looked for: consume a message before asking for the next. What was
/// learned about an incomplete message is kept, so that one that arrives in many pieces costs linear time.
package struct MessageCutter {
  /// What the bytes hold.
  package enum Cut: Hashable, Sendable {
    /// No whole message yet; it ends at `total` bytes, as far as is known.
    case needMore(total: Int)
    /// A message at `payload`; the next one begins at `end`.
    case message(payload: Range<Int>, end: Int)
  }

  private let framing: Framing
  private let format: ThriftFormat
  private let limits: WireLimits
  private var scanner: MessageScanner?

  /// Creates a cutter for messages of one protocol.
  package init(framing: Framing, format: ThriftFormat, limits: WireLimits) {
    self.framing = framing
    self.format = format
    self.limits = limits
  }

  /// Looks for a message at the beginning of `bytes`.
  package mutating func cut(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Cut {
    framing == .framed ? try cutFrame(bytes) : try scan(bytes)
  }

  private func cutFrame(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Cut {
    guard bytes.count >= 4 else { return .needMore(total: 4) }
    let size = Int(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
    guard size >= 0 else { throw CodecError(.negativeSize, "a frame of \(size) bytes") }
    let limit = min(limits.maxFrameBytes, limits.maxMessageBytes)
    guard size <= limit else {
      throw CodecError(.sizeLimitExceeded, "a frame of \(size) bytes; the limit is \(limit)")
    }
    guard bytes.count - 4 >= size else { return .needMore(total: 4 + size) }
    return .message(payload: 4..<(4 + size), end: 4 + size)
  }

  private mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Cut {
    guard !bytes.isEmpty else { return .needMore(total: 1) }
    // Moved out, not copied: what it remembers is changed in place.
    var scanner = self.scanner.take() ?? MessageScanner(format, limits: limits)
    switch try scanner.scan(bytes) {
    case .needMore(let total):
      self.scanner = scanner
      return .needMore(total: max(total, bytes.count + 1))
    case .complete(let length):
      return .message(payload: 0..<length, end: length)
    }
  }
}
