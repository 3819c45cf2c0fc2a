/// A message's envelope with the name as it lies in the message, so that reading one makes no string.
package struct RawEnvelope {
  /// The method's name, UTF-8 that nobody has checked; valid as long as the message.
  package let name: UnsafeRawBufferPointer
  /// What kind of message it is.
  package let type: MessageType
  /// Which request it is, or answers.
  package let sequenceID: Int32
  /// Where the arguments or the result begin.
  package let bodyOffset: Int

  /// Puts an envelope together.
  package init(name: UnsafeRawBufferPointer, type: MessageType, sequenceID: Int32, bodyOffset: Int) {
    self.name = name
    self.type = type
    self.sequenceID = sequenceID
    self.bodyOffset = bodyOffset
  }
}

extension ThriftFormat {
  /// Reads a message's envelope; `nil` when its name has to be decoded, which ``readEnvelope(_:limits:)`` does.
  @inline(__always)
  package func readRawEnvelope(
    _ bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> RawEnvelope? {
    isBinary ? readStrictEnvelope(bytes, limits) : nil
  }

  /// Reads a strict message of the binary protocol; `nil` for all others, also for what is no message at all.
  private func readStrictEnvelope(_ bytes: UnsafeRawBufferPointer, _ limits: WireLimits) -> RawEnvelope? {
    guard bytes.count >= 12, bytes.count <= limits.maxMessageBytes else { return nil }
    let version = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    let size = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    guard version >> 16 == 0x8001, size <= bytes.count - 12, size <= limits.maxStringBytes else { return nil }
    let sequenceID = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 + size, as: Int32.self))
    return RawEnvelope(
      name: UnsafeRawBufferPointer(rebasing: bytes[8..<(8 + size)]),
      type: MessageType(rawValue: UInt8(truncatingIfNeeded: version)), sequenceID: sequenceID, bodyOffset: 12 + size)
  }
}
