extension WireBuffer {
  /// Appends what `body` writes in the binary protocol; nothing when it throws.
  @inlinable
  public mutating func writeBinary<Failure: Error>(
    limits: WireLimits = .default, _ body: (inout BinaryWriter) throws(Failure) -> Void
  ) throws(Failure) {
    var writer = BinaryWriter(consume self, limits: limits)
    do throws(Failure) {
      try body(&writer)
    } catch {
      writer.rollback()
      self = writer.finish()
      throw error
    }
    self = writer.finish()
  }
}
