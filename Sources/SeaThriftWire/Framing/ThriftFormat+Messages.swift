extension ThriftFormat {
  /// Reads a message's envelope; the arguments or the result begin at `bodyOffset`.
  package func readEnvelope(
    _ bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    switch kind {
    case .binary, .oldBinary: try Self.readEnvelope(BinaryReader.self, bytes, limits)
    case .compact: try Self.readEnvelope(CompactReader.self, bytes, limits)
    case .compact2: try Self.readEnvelope(Compact2Reader.self, bytes, limits)
    case .json: try Self.readEnvelope(JSONReader.self, bytes, limits)
    }
  }

  private static func readEnvelope<Reader: FormatReader & ~Copyable>(
    _ reader: Reader.Type, _ bytes: UnsafeRawBufferPointer, _ limits: WireLimits
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    var reader = Reader(bytes, limits: limits, block: nil)
    return (try reader.readMessageBegin(), reader.position)
  }

  /// Reads a value from the beginning of `bytes`; what follows it is left alone.
  ///
  /// - Parameter block: What the bytes lie in, if large values may keep it: ``WireBuffer/lend()``.
  @inlinable
  package func decode<Value: ThriftStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, in block: LargeBlock? = nil, limits: WireLimits
  ) throws(CodecError) -> Value {
    try decodeCounting(type, from: bytes, in: block, limits: limits).value
  }

  /// Reads a value from the beginning of `bytes`, and says how many bytes it has.
  @inlinable
  func decodeCounting<Value: ThriftStruct>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, in block: LargeBlock? = nil, limits: WireLimits
  ) throws(CodecError) -> (value: Value, size: Int) {
    switch kind {
    case .binary, .oldBinary: try Self.decode(BinaryReader.self, type, bytes, block, limits)
    case .compact: try Self.decode(CompactReader.self, type, bytes, block, limits)
    case .compact2: try Self.decode(Compact2Reader.self, type, bytes, block, limits)
    case .json: try Self.decode(JSONReader.self, type, bytes, block, limits)
    }
  }

  @inlinable
  static func decode<Reader: FormatReader & ~Copyable, Value: ThriftStruct>(
    _ reader: Reader.Type, _ type: Value.Type, _ bytes: UnsafeRawBufferPointer, _ block: LargeBlock?,
    _ limits: WireLimits
  ) throws(CodecError) -> (value: Value, size: Int) {
    var reader = Reader(bytes, limits: limits, block: block)
    return (try reader.readStruct(type), reader.position)
  }

  /// Writes a message's body, to be sent after its envelope: the value and what ends the message. Large values may be
  /// inserted.
  @inlinable
  package func encode(_ value: some ThriftStruct, limits: WireLimits) throws(CodecError) -> WireBuffer {
    try encode(value, limits: limits, endsMessage: true)
  }

  @inlinable
  func encode(
    _ value: some ThriftStruct, limits: WireLimits, endsMessage: Bool
  ) throws(CodecError) -> WireBuffer {
    switch kind {
    case .binary, .oldBinary: try Self.encode(BinaryWriter.self, value, limits, endsMessage)
    case .compact: try Self.encode(CompactWriter.self, value, limits, endsMessage)
    case .compact2: try Self.encode(Compact2Writer.self, value, limits, endsMessage)
    case .json: try Self.encode(JSONWriter.self, value, limits, endsMessage)
    }
  }

  @inlinable
  static func encode<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ value: some ThriftStruct, _ limits: WireLimits, _ endsMessage: Bool
  ) throws(CodecError) -> WireBuffer {
    var buffer = WireBuffer(capacity: 128)
    if endsMessage { buffer.inserted = [] }
    try buffer.append(with: writer, limits: limits) { writer throws(CodecError) in
      try writer.write(value)
      if endsMessage { try writer.writeMessageEnd() }
    }
    return buffer
  }
}

/// Where a message that is being written began.
@usableFromInline
struct FrameMark {
  /// Where what is before the message began.
  @usableFromInline let start: Int
  /// Where the body of HTTP, or the outer one of two frames, began.
  @usableFromInline let bodyStart: Int
  /// How many bytes were inserted before it.
  @usableFromInline let insertedBytes: Int

  @usableFromInline
  init(start: Int, bodyStart: Int, insertedBytes: Int) {
    self.start = start
    self.bodyStart = bodyStart
    self.insertedBytes = insertedBytes
  }
}

extension WireBuffer {
  /// Appends a whole message, with what its framing puts around it.
  ///
  /// - Parameter head: What a framing that carries headers says beside the message.
  /// - Throws: ``CodecError`` when the message exceeds the limits; what was appended before must be truncated then.
  @inlinable
  package mutating func appendMessage(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, _ value: some ThriftStruct, format: ThriftFormat,
    framing: Framing, head: @autoclosure () -> FrameHead = FrameHead(), limits: WireLimits
  ) throws(CodecError) {
    let header = MessageHeader(name: name, type: type, sequenceID: sequenceID)
    let mark =
      framing.carriesHeaders
      ? try beginFrame(framing, head(), sequenceID, format, limits) : beginFrame(isFramed: framing == .framed)
    switch format.kind {
    case .binary, .oldBinary: try appendMessage(BinaryWriter.self, header, value, isOld: format.isOld, limits)
    case .compact: try appendMessage(CompactWriter.self, header, value, isOld: false, limits)
    case .compact2: try appendMessage(Compact2Writer.self, header, value, isOld: false, limits)
    case .json: try appendMessage(JSONWriter.self, header, value, isOld: false, limits)
    }
    try endFrame(framing, from: mark, bodyBytes: 0, limits: limits)
  }

  @inlinable
  mutating func appendMessage<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ header: MessageHeader, _ value: some ThriftStruct, isOld: Bool, _ limits: WireLimits
  ) throws(CodecError) {
    try append(with: writer, limits: limits) { writer throws(CodecError) in
      if isOld {
        try writer.writeOldMessageBegin(header)
      } else {
        try writer.writeMessageBegin(header.name, header.type, header.sequenceID)
      }
      try writer.write(value)
      try writer.writeMessageEnd()
    }
  }

  /// Appends a message's frame and envelope, for a body of `bodyBytes` bytes that is sent right after them.
  package mutating func appendEnvelope(
    _ name: String, _ type: MessageType, _ sequenceID: Int32, bodyBytes: Int, format: ThriftFormat,
    framing: Framing, head: @autoclosure () -> FrameHead = FrameHead(), limits: WireLimits
  ) throws(CodecError) {
    let header = MessageHeader(name: name, type: type, sequenceID: sequenceID)
    let mark =
      framing.carriesHeaders
      ? try beginFrame(framing, head(), sequenceID, format, limits) : beginFrame(isFramed: framing == .framed)
    switch format.kind {
    case .binary, .oldBinary: try appendEnvelope(BinaryWriter.self, header, isOld: format.isOld, limits)
    case .compact: try appendEnvelope(CompactWriter.self, header, isOld: false, limits)
    case .compact2: try appendEnvelope(Compact2Writer.self, header, isOld: false, limits)
    case .json: try appendEnvelope(JSONWriter.self, header, isOld: false, limits)
    }
    try endFrame(framing, from: mark, bodyBytes: bodyBytes, limits: limits)
  }

  private mutating func appendEnvelope<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, _ header: MessageHeader, isOld: Bool, _ limits: WireLimits
  ) throws(CodecError) {
    try append(with: writer, limits: limits) { writer throws(CodecError) in
      if isOld {
        try writer.writeOldMessageBegin(header)
      } else {
        try writer.writeMessageBegin(header.name, header.type, header.sequenceID)
      }
    }
  }

  @inlinable
  mutating func beginFrame(isFramed: Bool) -> FrameMark {
    let start = count
    if isFramed { append(bigEndian: UInt32(0)) }
    return FrameMark(start: start, bodyStart: start, insertedBytes: insertedBytes)
  }

  /// Begins a message in a framing that carries headers.
  @inline(never) @usableFromInline
  mutating func beginFrame(
    _ framing: Framing, _ head: FrameHead, _ sequenceID: Int32, _ format: ThriftFormat, _ limits: WireLimits
  ) throws(CodecError) -> FrameMark {
    let start = count
    if framing.isHTTP {
      var head = head
      // They are in the header frame.
      if framing == .httpHeader { head.headers = [:] }
      try appendHTTPHead(head)
    } else if framing == .framedHeader {
      append(bigEndian: UInt32(0))
    }
    let bodyStart = count
    if framing.hasHeader { try appendHeaderFrame(head, sequenceID: sequenceID, format, limits: limits) }
    return FrameMark(start: start, bodyStart: bodyStart, insertedBytes: insertedBytes)
  }

  @inlinable
  mutating func endFrame(
    _ framing: Framing, from mark: FrameMark, bodyBytes: Int, limits: WireLimits
  ) throws(CodecError) {
    let bodyBytes = bodyBytes + insertedBytes - mark.insertedBytes
    if framing == .framed {
      try endFrame(at: mark.start, bodyBytes: bodyBytes, limits: limits)
    } else {
      try endOtherFrame(framing, from: mark, bodyBytes: bodyBytes, limits: limits)
    }
  }

  @usableFromInline
  mutating func endFrame(at start: Int, bodyBytes: Int, limits: WireLimits) throws(CodecError) {
    let size = count - start - 4 + bodyBytes
    let limit = min(limits.maxFrameBytes, limits.maxMessageBytes)
    if size > limit { throw .tooLarge("frame", size, limit: limit) }
    overwrite(at: start, bigEndian: UInt32(truncatingIfNeeded: size))
  }

  @usableFromInline
  mutating func endOtherFrame(
    _ framing: Framing, from mark: FrameMark, bodyBytes: Int, limits: WireLimits
  ) throws(CodecError) {
    if framing.hasHeader { try endFrame(at: mark.bodyStart, bodyBytes: bodyBytes, limits: limits) }
    if framing == .framedHeader { try endFrame(at: mark.start, bodyBytes: bodyBytes, limits: limits) }
    let size = count - mark.bodyStart + bodyBytes
    if size > limits.maxMessageBytes { throw .tooLarge("message", size, limit: limits.maxMessageBytes) }
    if framing.isHTTP { overwriteLength(before: mark.bodyStart, size) }
  }
}

extension ThriftWriter where Self: ~Copyable {
  /// Begins a message of the binary protocol as it was before there was a version in it.
  @inlinable
  mutating func writeOldMessageBegin(_ header: MessageHeader) throws(CodecError) {
    try write(header.name)
    try write(Int8(truncatingIfNeeded: header.type.rawValue))
    try write(header.sequenceID)
  }
}
