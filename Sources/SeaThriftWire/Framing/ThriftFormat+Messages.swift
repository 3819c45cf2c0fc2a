extension ThriftFormat {
  /// Reads a message's envelope; the arguments or the result begin at `bodyOffset`.
  package func readEnvelope(
    _ bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    switch kind {
    case .binary: try Self.readEnvelope(BinaryReader.self, bytes, limits)
    case .compact: try Self.readEnvelope(CompactReader.self, bytes, limits)
    case .json: try Self.readEnvelope(JSONReader.self, bytes, limits)
    }
  }

  private static func readEnvelope<Reader: FormatReader & ~Copyable>(
    _ reader: Reader.Type, _ bytes: UnsafeRawBufferPointer, _ limits: WireLimits
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    var reader = Reader(bytes, limits: limits)
    return (try reader.readMessageBegin(), reader.position)
  }

  /// Reads a value from the beginning of `bytes`; what follows it is left alone.
  @inlinable
  package func decode<Value: ThriftStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> Value {
    try decodeCounting(type, from: bytes, limits: limits).value
  }

  /// Reads a value from the beginning of `bytes`, and says how many bytes follow it.
  @inlinable
  func decodeCounting<Value: ThriftStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> (value: Value, remaining: Int) {
    switch kind {
    case .binary: try Self.decode(BinaryReader.self, type, bytes, limits)
    case .compact: try Self.decode(CompactReader.self, type, bytes, limits)
    case .json: try Self.decode(JSONReader.self, type, bytes, limits)
    }
  }

  @inlinable
  static func decode<Reader: FormatReader & ~Copyable, Value: ThriftStruct>(
    _ reader: Reader.Type, _ type: Value.Type, _ bytes: UnsafeRawBufferPointer, _ limits: WireLimits
  ) throws(CodecError) -> (value: Value, remaining: Int) {
    var reader = Reader(bytes, limits: limits)
    return (try reader.readStruct(type), reader.bytesRemaining)
  }

  /// Writes a message's body, to be sent after its envelope: the value and what ends the message.
  package func encode(_ value: some ThriftStruct, limits: WireLimits) throws(CodecError) -> WireBuffer {
    try encode(value, limits: limits, endsMessage: true)
  }

  func encode(
    _ value: some ThriftStruct, limits: WireLimits, endsMessage: Bool
  ) throws(CodecError) -> WireBuffer {
    switch kind {
    case .binary: try Self.encode(BinaryWriter.self, value, limits, endsMessage)
    case .compact: try Self.encode(CompactWriter.self, value, limits, endsMessage)
    case .json: try Self.encode(JSONWriter.self, value, limits, endsMessage)
    }
  }

  private static func encode<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ value: some ThriftStruct, _ limits: WireLimits, _ endsMessage: Bool
  ) throws(CodecError) -> WireBuffer {
    var buffer = WireBuffer(capacity: 128)
    try buffer.append(with: writer, limits: limits) { writer throws(CodecError) in
      try writer.write(value)
      if endsMessage { try writer.writeMessageEnd() }
    }
    return buffer
  }
}

extension WireBuffer {
  /// Appends a whole message, with the frame around it where there is one.
  ///
  /// - Throws: ``CodecError`` when the message exceeds the limits; what was appended before must be truncated then.
  @inlinable
  package mutating func appendMessage(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, _ value: some ThriftStruct, format: ThriftFormat,
    framing: Framing, limits: WireLimits
  ) throws(CodecError) {
    let header = MessageHeader(name: name, type: type, sequenceID: sequenceID)
    let start = beginFrame(framing)
    switch format.kind {
    case .binary: try appendMessage(BinaryWriter.self, header, value, limits)
    case .compact: try appendMessage(CompactWriter.self, header, value, limits)
    case .json: try appendMessage(JSONWriter.self, header, value, limits)
    }
    try endFrame(framing, from: start, bodyBytes: 0, limits: limits)
  }

  @inlinable
  mutating func appendMessage<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ header: MessageHeader, _ value: some ThriftStruct, _ limits: WireLimits
  ) throws(CodecError) {
    try append(with: writer, limits: limits) { writer throws(CodecError) in
      try writer.writeMessageBegin(header.name, header.type, header.sequenceID)
      try writer.write(value)
      try writer.writeMessageEnd()
    }
  }

  /// Appends a message's frame and envelope, for a body of `bodyBytes` bytes that is sent right after them.
  package mutating func appendEnvelope(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, bodyBytes: Int, format: ThriftFormat,
    framing: Framing, limits: WireLimits
  ) throws(CodecError) {
    let header = MessageHeader(name: name, type: type, sequenceID: sequenceID)
    let start = beginFrame(framing)
    switch format.kind {
    case .binary: try appendEnvelope(BinaryWriter.self, header, limits)
    case .compact: try appendEnvelope(CompactWriter.self, header, limits)
    case .json: try appendEnvelope(JSONWriter.self, header, limits)
    }
    try endFrame(framing, from: start, bodyBytes: bodyBytes, limits: limits)
  }

  private mutating func appendEnvelope<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ header: MessageHeader, _ limits: WireLimits
  ) throws(CodecError) {
    try append(with: writer, limits: limits) { writer throws(CodecError) in
      try writer.writeMessageBegin(header.name, header.type, header.sequenceID)
    }
  }

  @usableFromInline
  mutating func beginFrame(_ framing: Framing) -> Int {
    let start = count
    if framing == .framed { append(bigEndian: UInt32(0)) }
    return start
  }

  @usableFromInline
  mutating func endFrame(
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
}
