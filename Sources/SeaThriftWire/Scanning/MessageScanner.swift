/// Finds the end of a message that nothing delimits, in bytes that arrive in pieces.
///
/// The same scanner is asked again when more bytes are there; what it has seen it does not look at again, so a message
/// costs time linear in its size however it is cut. It is lenient where a reader is strict: it finds the end, the
/// reader judges the contents. Its memory is bounded by the depth that it allows, eight times ``WireLimits/maxDepth``
/// containers, of which ``WireLimits/maxDepth`` structs.
public struct MessageScanner: Sendable {
  /// What the bytes hold.
  public enum Progress: Hashable, Sendable {
    /// The message is not complete. It has at least `total` bytes, more than there are now.
    case needMore(total: Int)
    /// The first `length` bytes are the message.
    case complete(length: Int)
  }

  private enum Kind: Sendable {
    case binary(LayoutScanner<BinaryLayout>)
    case compact(LayoutScanner<CompactLayout>)
    case compact2(LayoutScanner<CompactLayout2>)
    case json(JSONMessageScanner)
    /// The scanner is at work elsewhere: it is moved out and back, not copied.
    case idle
  }

  private var kind: Kind

  /// Creates a scanner for one message in the given protocol.
  public init(_ format: ThriftFormat, limits: WireLimits = .default) {
    switch format.kind {
    case .binary, .oldBinary: kind = .binary(LayoutScanner(limits: limits))
    case .compact: kind = .compact(LayoutScanner(limits: limits))
    case .compact2: kind = .compact2(LayoutScanner(limits: limits))
    case .json: kind = .json(JSONMessageScanner(limits: limits))
    }
  }

  /// Goes on looking for the end of the message.
  ///
  /// - Parameter bytes: All of the message that has arrived, from its first byte on, and perhaps what follows it.
  /// - Throws: ``CodecError`` as soon as the bytes cannot become a message within the limits, without waiting for more.
  public mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Progress {
    switch kind {
    case .binary(var scanner):
      kind = .idle
      defer { kind = .binary(scanner) }
      return try scanner.scan(bytes)
    case .compact(var scanner):
      kind = .idle
      defer { kind = .compact(scanner) }
      return try scanner.scan(bytes)
    case .compact2(var scanner):
      kind = .idle
      defer { kind = .compact2(scanner) }
      return try scanner.scan(bytes)
    case .json(var scanner):
      kind = .idle
      defer { kind = .json(scanner) }
      return try scanner.scan(bytes)
    case .idle: return .needMore(total: bytes.count + 1)
    }
  }
}
