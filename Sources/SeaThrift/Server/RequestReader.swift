import SeaThriftWire

/// The request that is under way: what it is written in, and where its arguments lie.
@usableFromInline
struct ServerRequest {
  @usableFromInline fileprivate(set) var framing = Framing.framed
  @usableFromInline fileprivate(set) var format = ThriftFormat.binary
  fileprivate(set) var type = MessageType.call
  @usableFromInline fileprivate(set) var sequenceID: Int32 = 0
  /// Valid until the request is skipped.
  @usableFromInline fileprivate(set) var arguments = UnsafeRawBufferPointer(start: nil, count: 0)
  /// How much of the input it takes; 0 when it is skipped.
  fileprivate var end = 0
}

/// Takes the requests of one client out of what was received: recognises what they are written in, finds where they begin
/// and end, and reads their envelopes.
@usableFromInline
struct RequestReader {
  /// What the input holds.
  enum Found {
    /// No whole message.
    case nothing
    /// A message without anything in it, which is skipped.
    case empty
    /// A message, valid until the input is changed.
    case message(UnsafeRawBufferPointer)
  }

  @usableFromInline let limits: WireLimits
  private let accepted: AcceptedForms
  private var cutter: MessageCutter
  private var emptyMessages = 0
  @usableFromInline private(set) var request = ServerRequest()
  /// Whether it is known what the client speaks, and that it is the same for all messages.
  private(set) var isFormFixed = false
  /// Whether a message was found.
  private(set) var hasMessage = false
  /// How many bytes the message at the front of the input has, as far as is known.
  private(set) var neededBytes = 0

  /// How many messages with nothing in them a client may send in a row.
  private static let mostEmptyMessages = 100

  init(_ configuration: ServerConfiguration) {
    limits = configuration.limits
    accepted = AcceptedForms(framings: configuration.framings, formats: configuration.formats)
    cutter = MessageCutter(accepting: accepted, limits: limits)
  }

  /// What stood around the message that was found last, where the framing carries headers.
  var head: FrameHead { cutter.head }

  /// Whether the client waits for HTTP's `100 Continue`.
  var awaitsContinue: Bool { cutter.awaitsContinue }

  // MARK: Messages

  /// Looks for a message at the beginning of `input`.
  @inline(__always)
  mutating func find(in input: inout WireBuffer) throws(CodecError) -> Found {
    switch try cutter.cut(&input) {
    case .needMore(let total):
      neededBytes = total
      return .nothing
    case .message(let payload, let end):
      request.end = end
      if !isFormFixed { takeForm() }
      if payload.isEmpty {
        try skipEmpty(&input)
        return .empty
      }
      emptyMessages = 0
      hasMessage = true
      return .message(UnsafeRawBufferPointer(rebasing: input.readableBytes[payload]))
    }
  }

  /// Takes all of `input` for one message without anything around it.
  mutating func takeAll(of input: borrowing WireBuffer) throws(CodecError) -> UnsafeRawBufferPointer {
    let message = input.readableBytes
    guard message.count <= limits.maxMessageBytes else {
      throw CodecError(
        .sizeLimitExceeded, "a message has \(message.count) bytes, the limit is \(limits.maxMessageBytes)")
    }
    request.format = try FormDetector.format(of: message)
    try accepted.check(request.format)
    request.framing = .unframed
    request.end = message.count
    isFormFixed = true
    return message
  }

  /// Reads the envelope of a message, in the version that the message is in, and gives the method's name to `body`.
  @inline(__always)
  mutating func readEnvelope<Value>(
    of message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(CodecError) -> Value {
    if let envelope = try request.format.readRawEnvelope(message, limits: limits) {
      take(envelope.type, envelope.sequenceID, message, envelope.bodyOffset)
      return body(envelope.name)
    }
    let version = request.format.refined(by: message)
    if version != request.format {
      try accepted.check(version)
      request.format = version
    }
    let (header, bodyOffset) = try request.format.readEnvelope(message, limits: limits)
    take(header.type, header.sequenceID, message, bodyOffset)
    var name = header.name
    return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  private mutating func take(
    _ type: MessageType, _ sequenceID: Int32, _ message: UnsafeRawBufferPointer, _ bodyOffset: Int
  ) {
    request.type = type
    request.sequenceID = sequenceID
    request.arguments = UnsafeRawBufferPointer(rebasing: message[bodyOffset...])
  }

  /// Takes over what the message just found is written in.
  private mutating func takeForm() {
    guard let form = cutter.form else { return }
    request.framing = form.framing
    request.format = form.format
    isFormFixed = !form.framing.carriesHeaders
  }

  private mutating func skipEmpty(_ input: inout WireBuffer) throws(CodecError) {
    skip(&input)
    emptyMessages += 1
    guard emptyMessages <= Self.mostEmptyMessages else {
      throw CodecError(.invalidData, "\(emptyMessages) messages in a row have nothing in them")
    }
  }

  /// Steps over a request that is read, or is not going to be. Harmless when repeated.
  mutating func skip(_ input: inout WireBuffer) {
    if request.end == 0 { return }
    input.consumeMessage(request.end)
    request.end = 0
    // The arguments are a copy: while the handler runs, one of a large message is enough.
    if input.capacity > ConnectionBuffers.largeBytes, input.isEmpty { input.shrink() }
  }

  /// Appends what tells the client that its message was refused, where the framing has a way to say so.
  func appendRefusal(_ error: CodecError, to output: inout WireBuffer) { cutter.appendRefusal(error, to: &output) }
}
