extension ThriftFormat {
  /// Reads a message's envelope; the arguments or the result begin at `bodyOffset`.
  package func readEnvelope(
    _ bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    switch kind {
    case .binary:
      var reader = BinaryReader(bytes, limits: limits)
      return (try reader.readMessageBegin(), reader.position)
    }
  }

  /// Reads a value from the beginning of `bytes`; what follows it is left alone.
  package func decode<Value: ThriftStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> Value {
    switch kind {
    case .binary:
      var reader = BinaryReader(bytes, limits: limits)
      return try Value.decode(&reader)
    }
  }

  /// Writes a value without any envelope.
  package func encode(_ value: some ThriftStruct, limits: WireLimits) throws(CodecError) -> WireBuffer {
    switch kind {
    case .binary:
      var writer = BinaryWriter(WireBuffer(capacity: 128), limits: limits)
      try value.encode(&writer)
      return writer.finish()
    }
  }
}

extension WireBuffer {
  /// Appends a whole message, with the frame around it where there is one.
  ///
  /// - Throws: ``CodecError`` when the message exceeds the limits; what was appended before must be truncated then.
  package mutating func appendMessage(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, _ value: some ThriftStruct, format: ThriftFormat,
    framing: Framing, limits: WireLimits
  ) throws(CodecError) {
    let start = beginFrame(framing)
    switch format.kind {
    case .binary:
      var writer = BinaryWriter(take(), limits: limits)
      var failure: CodecError?
      do throws(CodecError) {
        try writer.writeMessageBegin(name, type, sequenceID)
        try value.encode(&writer)
        writer.writeMessageEnd()
      } catch {
        failure = error
      }
      self = writer.finish()
      if let failure { throw failure }
    }
    try endFrame(framing, from: start, bodyBytes: 0, limits: limits)
  }

  /// Appends a message's frame and envelope, for a body of `bodyBytes` bytes that is sent right after them.
  package mutating func appendEnvelope(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, bodyBytes: Int, format: ThriftFormat,
    framing: Framing, limits: WireLimits
  ) throws(CodecError) {
    let start = beginFrame(framing)
    switch format.kind {
    case .binary:
      var writer = BinaryWriter(take(), limits: limits)
      var failure: CodecError?
      do throws(CodecError) { try writer.writeMessageBegin(name, type, sequenceID) } catch { failure = error }
      self = writer.finish()
      if let failure { throw failure }
    }
    try endFrame(framing, from: start, bodyBytes: bodyBytes, limits: limits)
  }

  private mutating func beginFrame(_ framing: Framing) -> Int {
    let start = count
    if framing == .framed { append(bigEndian: UInt32(0)) }
    return start
  }

  private mutating func endFrame(
    _ framing: Framing, from start: Int, bodyBytes: Int, limits: WireLimits
  ) throws(CodecError) {
    let size = count - start + bodyBytes
    guard framing == .framed else {
      if size > limits.maxMessageBytes { throw .tooLarge("message", size, limit: limits.maxMessageBytes) }
      return
    }
    let limit = min(limits.maxFrameBytes, limits.maxMessageBytes)
    if size - 4 > limit { throw .tooLarge("frame", size - 4, limit: limit) }
    overwrite(at: start, bigEndian: UInt32(truncatingIfNeeded: size - 4))
  }

  /// Takes the bytes out, to be put back after a writer has added to them.
  private mutating func take() -> WireBuffer {
    var taken = WireBuffer()
    swap(&taken, &self)
    return taken
  }
}
