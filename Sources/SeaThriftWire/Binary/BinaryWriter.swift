/// Writes the binary protocol: strict messages, everything big-endian.
///
/// It appends to the buffer that it is given, so that a connection's output travels through it and back:
///
///     var writer = BinaryWriter(output)
///     try value.encode(&writer)
///     output = writer.finish()
///
/// A message (all that one writer appends) may have ``WireLimits/maxMessageBytes``.
@frozen
public struct BinaryWriter: ~Copyable {
  @usableFromInline var output: WireOutput

  /// Creates a writer that appends to `buffer`.
  public init(_ buffer: consuming WireBuffer = WireBuffer(), limits: WireLimits = .default) {
    output = WireOutput(buffer, limits: limits)
  }

  /// How many bytes this writer has appended.
  public var writtenBytes: Int { output.writtenBytes }

  /// Takes back all that this writer has appended, for instance after an error.
  public mutating func rollback() { output.rollback() }

  /// Ends writing and gives the buffer back.
  public consuming func finish() -> WireBuffer { output.finish() }

  @inlinable @inline(__always)
  mutating func putHeader(_ type: ThriftType, _ id: Int16) {
    output.put(type.rawValue)
    output.put(id)
  }
}
