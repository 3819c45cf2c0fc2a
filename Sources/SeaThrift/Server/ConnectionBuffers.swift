import SeaThriftWire

/// The memory of a connection that has something to read or to write; idle connections have none.
@usableFromInline
final class ConnectionBuffers {
  @exclusivity(unchecked) @usableFromInline var input = WireBuffer()
  @exclusivity(unchecked) @usableFromInline var output = WireBuffer()

  @usableFromInline
  init() { output.allowInsertedValues() }

  /// How many bytes are read at once, at least.
  static let readBytes = 16 * 1024

  /// What stays reserved when the buffers go back to be used by another connection.
  static let keptBytes = 64 * 1024

  /// What is given back as soon as it holds nothing.
  static let largeBytes = 1024 * 1024

  /// Makes the buffers as good as new, without the memory of an exceptionally large message.
  func reset() {
    input.removeAll()
    output.removeAll()
    if input.capacity > Self.keptBytes { input.shrink() }
    if output.capacity > Self.keptBytes { output.shrink() }
  }
}
