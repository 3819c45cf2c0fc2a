/// Finds the next whole message in the bytes that a connection has received, and says what it is written in.
///
/// The bytes always begin with the message that is looked for: consume a message before asking for the next. What was
/// learned about an incomplete message is kept, so that one that arrives in many pieces costs linear time.
package struct MessageCutter: Sendable {
  /// What the bytes hold.
  package enum Cut: Hashable, Sendable {
    /// No whole message yet; it ends at `total` bytes, as far as is known.
    case needMore(total: Int)
    /// A message at `payload`; the next one begins at `end`. No payload is no message, but harmless.
    case message(payload: Range<Int>, end: Int)
  }

  /// What the peer speaks, where each message says it itself the last one; `nil` while it is not known.
  package private(set) var form: WireForm?
  /// What stood around the message that was found last, where ``Framing/carriesHeaders``.
  package private(set) var head = FrameHead()
  /// What a response of HTTP was, where it was found last and no success; then there is no payload.
  package private(set) var failure: HTTPFailure?
  /// Whether the peer sends the rest of its message only when it is told to by HTTP's `100 Continue`.
  package private(set) var awaitsContinue = false

  private let accepted: AcceptedForms
  private let limits: WireLimits
  private let role: HTTPMessageParser.Role
  private var scanner: MessageScanner?
  private var http: SavedParser?
  /// What to answer over HTTP to what was refused.
  private var refusal: HTTPStatus?

  /// Creates a cutter for the replies to a client that speaks `framing` and `format`.
  package init(framing: Framing, format: ThriftFormat, limits: WireLimits) {
    self.init(.response, .all, limits)
    form = WireForm(framing, format)
  }

  /// Creates a cutter for the requests to a server, which recognises what they are written in.
  package init(accepting accepted: AcceptedForms, limits: WireLimits) {
    self.init(.request, accepted, limits)
  }

  private init(_ role: HTTPMessageParser.Role, _ accepted: AcceptedForms, _ limits: WireLimits) {
    self.role = role
    self.accepted = accepted
    self.limits = limits
  }

  /// Looks for a message at the beginning of `input`; what that holds may be moved within the message.
  ///
  /// - Parameter isEnd: Whether nothing comes after these bytes.
  package mutating func cut(_ input: inout WireBuffer, isEnd: Bool = false) throws(CodecError) -> Cut {
    guard let form else {
      // Given up at once, so that the bytes behind many of them are not looked at again and again.
      if FormDetector.beginsWithEmptyFrame(input.readableBytes) { return .message(payload: 4..<4, end: 4) }
      guard let form = try FormDetector.detect(input.readableBytes, accepting: accepted, limits: limits) else {
        return .needMore(total: input.count + 1)
      }
      self.form = form
      return try cut(&input, isEnd: isEnd)
    }
    switch form.framing.kind {
    case .framed: return try cutFrame(input.readableBytes)
    case .unframed: return try scan(input.readableBytes, form.format)
    case .header, .framedHeader: return try cutHeader(input.readableBytes, form.framing)
    case .http, .httpHeader: return try cutHTTP(&input, form, isEnd)
    }
  }

  /// Appends to `output` what tells a client that its message was refused, where the framing has a way to say so. After
  /// that the connection is to be closed: where the next message begins is not known.
  package func appendRefusal(_ error: CodecError, to output: inout WireBuffer) {
    switch form?.framing.kind {
    case .http, .httpHeader: output.appendHTTPError(refusal ?? .badRequest, error.message)
    case .header, .framedHeader:
      if error.code == .unsupported || error.code == .badVersion { appendException(error, to: &output) }
    case .framed:
      // What is in the frame cannot be read; where the frame ends is known.
      if error.code == .unsupported || error.code == .badVersion { appendException(error, to: &output) }
    case .unframed, nil: break
    }
  }

  private func appendException(_ error: CodecError, to output: inout WireBuffer) {
    guard let form else { return }
    let isTransform = error.code == .unsupported && form.framing != .framed
    let kind: ApplicationException.Kind = isTransform ? .invalidTransform : .invalidProtocol
    let start = output.count
    do throws(CodecError) {
      try output.appendMessage(
        "", .exception, head.sequenceID, ApplicationException(kind, error.message), format: form.format,
        framing: form.framing, head: head.ofReply, limits: limits)
    } catch {
      output.truncate(to: start)
    }
  }

  // MARK: Frames

  @inline(__always)
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

  private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ format: ThriftFormat) throws(CodecError) -> Cut {
    guard !bytes.isEmpty else { return .needMore(total: 1) }
    // The second byte of a compact message says its version.
    if format.isCompact, bytes.count < 2 { return .needMore(total: 2) }
    // Moved out, not copied: what it remembers is changed in place.
    var scanner = self.scanner.take() ?? MessageScanner(format.refined(by: bytes), limits: limits)
    switch try scanner.scan(bytes) {
    case .needMore(let total):
      self.scanner = scanner
      return .needMore(total: max(total, bytes.count + 1))
    case .complete(let length):
      return .message(payload: 0..<length, end: length)
    }
  }

  // MARK: Headers

  private mutating func cutHeader(_ bytes: UnsafeRawBufferPointer, _ framing: Framing) throws(CodecError) -> Cut {
    let outer = try cutFrame(bytes)
    guard case .message(var frame, let end) = outer else { return outer }
    if frame.isEmpty { return .message(payload: frame, end: end) }
    head = FrameHead()
    if framing == .framedHeader { frame = try innerFrame(frame, bytes) }
    return .message(payload: try takeHeader(frame, bytes, framing), end: end)
  }

  /// The frame that fills another one.
  private func innerFrame(_ outer: Range<Int>, _ bytes: UnsafeRawBufferPointer) throws(CodecError) -> Range<Int> {
    guard outer.count >= 4, bytes.word(at: outer.lowerBound) == outer.count - 4 else {
      throw CodecError(.invalidData, "a header frame does not fill the frame, or the body, that it is in")
    }
    return (outer.lowerBound + 4)..<outer.upperBound
  }

  /// Reads a header frame; where the message lies.
  private mutating func takeHeader(
    _ frame: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ framing: Framing
  ) throws(CodecError) -> Range<Int> {
    let frameBytes = UnsafeRawBufferPointer(rebasing: bytes[frame])
    if frameBytes.count >= 8 { head.sequenceID = Int32(truncatingIfNeeded: frameBytes.word(at: 4)) }
    let header = try HeaderFrame(frameBytes, limits: limits)
    head.headers.merge(header.headers) { $1 }
    // Replies, too, may be in another protocol than the last message.
    let format = header.format.refined(by: UnsafeRawBufferPointer(rebasing: frameBytes[header.payload]))
    try accepted.check(format)
    form = WireForm(framing, format)
    return (frame.lowerBound + header.payload.lowerBound)..<(frame.lowerBound + header.payload.upperBound)
  }

  // MARK: HTTP

  private mutating func cutHTTP(_ input: inout WireBuffer, _ form: WireForm, _ isEnd: Bool) throws(CodecError) -> Cut {
    guard !input.isEmpty else { return .needMore(total: 1) }
    var parser = SavedParser.taken(from: &http) ?? HTTPMessageParser(role, limits: limits)
    awaitsContinue = false
    let progress: HTTPMessageParser.Progress
    do throws(CodecError) {
      progress = try parser.parse(input.mutableReadableBytes, isEnd: isEnd)
    } catch {
      refusal = parser.refusal
      throw error
    }
    switch progress {
    case .needMore(let total):
      awaitsContinue = parser.takeContinue()
      http = .parser(parser)
      return .needMore(total: total)
    case .complete(let body, let end):
      head = parser.head
      failure = role == .response ? parser.failure(body, input.readableBytes) : nil
      if failure != nil { return .message(payload: body.upperBound..<body.upperBound, end: end) }
      return .message(payload: try takeBody(body, input.readableBytes, form), end: end)
    }
  }

  /// What is known of a response that is no success and has not come to its end.
  package func unfinishedFailure(in input: borrowing WireBuffer) -> HTTPFailure? {
    guard case .parser(let parser)? = http, role == .response else { return nil }
    switch parser.stage {
    case .startLine, .fields: return nil
    case .fixed, .untilEnd: return parser.failure(parser.position..<input.count, input.readableBytes)
    case .chunkSize, .chunk, .chunkEnd, .trailer: return parser.failure(parser.body, input.readableBytes)
    }
  }

  /// Whether it is known already that the connection ends with the message that arrives.
  package var isLastMessage: Bool {
    guard case .parser(let parser)? = http else { return false }
    switch parser.stage {
    case .startLine, .fields: return false
    default: return !parser.head.keepsAlive
    }
  }

  /// Looks at what the body of a message of HTTP is; where the message of Thrift lies.
  private mutating func takeBody(
    _ body: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ form: WireForm
  ) throws(CodecError) -> Range<Int> {
    if role == .response {
      // An answer to a oneway call has none.
      if body.isEmpty || form.framing == .http { return body }
      return try takeHeader(try innerFrame(body, bytes), bytes, form.framing)
    }
    refusal = body.isEmpty ? .badRequest : .unsupportedMediaType
    let hasHeader =
      body.count >= 6 && bytes[body.lowerBound] == 0 && bytes.halfWord(at: body.lowerBound + 4) == HeaderFrame.magic
    let framing: Framing = hasHeader ? .httpHeader : .http
    try accepted.check(framing)
    if hasHeader {
      self.form = WireForm(framing, .binary)
      return try takeHeader(try innerFrame(body, bytes), bytes, framing)
    }
    let format = try FormDetector.format(of: UnsafeRawBufferPointer(rebasing: bytes[body]))
    try accepted.check(format)
    self.form = WireForm(framing, format)
    return body
  }
}

/// A parser that is kept, out of line: most connections never have one.
private indirect enum SavedParser: Sendable {
  case parser(HTTPMessageParser)

  static func taken(from saved: inout Self?) -> HTTPMessageParser? {
    guard case .parser(let parser) = saved.take() else { return nil }
    return parser
  }
}

extension HTTPMessageParser {
  /// What a response is that is no success.
  fileprivate func failure(_ body: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> HTTPFailure? {
    if isSuccess { return nil }
    return HTTPFailure(
      status: status, reason: reason, headers: head.headers, body: UnsafeRawBufferPointer(rebasing: bytes[body]))
  }

  /// Whether the client awaits a `100 Continue`; only once.
  fileprivate mutating func takeContinue() -> Bool {
    switch stage {
    case .startLine, .fields: return false
    default:
      defer { awaitsContinue = false }
      return awaitsContinue && role == .request
    }
  }
}
