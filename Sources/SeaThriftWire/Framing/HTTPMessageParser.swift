/// Finds the body of one message of HTTP 1, a POST or the response to one, in bytes that arrive in pieces.
///
/// The same parser is asked again when more bytes are there, and looks at each byte once. The chunks of a body are moved
/// together where they lie, so that the body is one piece in the end; a byte is moved at most once.
struct HTTPMessageParser: Sendable {
  enum Role: Sendable { case request, response }

  /// What the bytes hold.
  enum Progress: Hashable, Sendable {
    /// The message is not complete. It has at least `total` bytes, more than there are now.
    case needMore(total: Int)
    /// The body lies at `body`; what comes after the message begins at `end`.
    case complete(body: Range<Int>, end: Int)
  }

  enum Stage: Sendable {
    case startLine
    case fields
    /// A body whose length is known.
    case fixed(Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailer
    /// A body that only the end of the connection ends.
    case untilEnd
  }

  let role: Role
  let limits: WireLimits
  var head: FrameHead
  /// What to answer when the message is refused.
  var refusal = HTTPStatus.badRequest
  /// The status of a response.
  var status = 200
  var reason = ""

  var stage = Stage.startLine
  /// Where the next byte to look at is.
  var position = 0
  /// Where the line that `position` is in begins.
  var lineStart = 0
  /// Where the body begins, and how far it is complete.
  var body = 0..<0
  /// How many bytes the start line, the fields and the trailer have.
  var headBytes = 0
  var fieldCount = 0
  var contentLength: Int?
  var isChunked = false
  var saysClose = false
  var saysKeepAlive = false
  /// Whether the client sends the body only when it is told to.
  var awaitsContinue = false

  init(_ role: Role, limits: WireLimits) {
    self.role = role
    self.limits = limits
    head = FrameHead(.reply)
  }

  /// Goes on reading.
  ///
  /// - Parameters:
  ///   - bytes: All of the message that has arrived, from its first byte on, and perhaps what follows it.
  ///   - isEnd: Whether nothing comes after these bytes.
  /// - Throws: ``CodecError`` as soon as the bytes cannot become a message within the limits; ``refusal`` is the answer.
  mutating func parse(_ bytes: UnsafeMutableRawBufferPointer, isEnd: Bool = false) throws(CodecError) -> Progress {
    while true {
      switch stage {
      case .startLine, .fields, .chunkSize, .chunkEnd, .trailer:
        guard let line = try takeLine(UnsafeRawBufferPointer(bytes)) else {
          return .needMore(total: bytes.count + 1)
        }
        if try endsMessage(line) { return .complete(body: body, end: position) }
      case .fixed(let length):
        guard bytes.count - position >= length else {
          return endedEarly(bytes.count) ?? .needMore(total: position + length)
        }
        let start = position
        position += length
        return .complete(body: start..<position, end: position)
      case .chunk(let left):
        moveChunk(min(left, bytes.count - position), in: bytes)
        if case .chunk(let left) = stage, left > 0 {
          return endedEarly(body.upperBound) ?? .needMore(total: position + left + 2)
        }
        stage = .chunkEnd
        lineStart = position
      case .untilEnd:
        if let failure = endedEarly(bytes.count) { return failure }
        if bytes.count - position > limits.maxMessageBytes { throw tooLarge(bytes.count - position) }
        return isEnd ? .complete(body: position..<bytes.count, end: bytes.count) : .needMore(total: bytes.count + 1)
      }
    }
  }

  /// Whether a response is one of success.
  var isSuccess: Bool { (200..<300).contains(status) }

  /// The end of a response that is no success and says more than anybody wants to know: what comes after the body up to
  /// `end` is not waited for, so that the connection cannot go on.
  private mutating func endedEarly(_ end: Int) -> Progress? {
    guard role == .response, !isSuccess else { return nil }
    let start = body.isEmpty ? position : body.lowerBound
    guard end - start >= HTTPFailure.mostBodyBytes else { return nil }
    head.keepsAlive = false
    return .complete(body: start..<end, end: end)
  }

  /// Moves `count` bytes of a chunk behind those of the chunks before.
  private mutating func moveChunk(_ count: Int, in bytes: UnsafeMutableRawBufferPointer) {
    guard case .chunk(let left) = stage, count > 0, let base = bytes.baseAddress else { return }
    if position != body.upperBound {
      (base + body.upperBound).copyMemory(from: base + position, byteCount: count)
    }
    body = body.lowerBound..<(body.upperBound + count)
    position += count
    stage = .chunk(left: left - count)
  }

  /// The line at `lineStart` without its end; `nil` when it is not complete.
  private mutating func takeLine(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> UnsafeRawBufferPointer? {
    let limit = limits.maxHeaderBytes - headBytes
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard position - lineStart <= limit else {
        throw refused(.fieldsTooLarge, "a head of HTTP", limits.maxHeaderBytes)
      }
      guard byte == 0x0A else { continue }
      var end = position - 1
      if end > lineStart, bytes[end - 1] == 0x0D { end -= 1 }
      let line = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<end])
      headBytes += position - lineStart
      lineStart = position
      return line
    }
    return nil
  }

  /// Takes a line; whether it is the last one of the message.
  private mutating func endsMessage(_ line: UnsafeRawBufferPointer) throws(CodecError) -> Bool {
    switch stage {
    case .startLine:
      // Some clients send an empty line after a body.
      if line.isEmpty { return false }
      if role == .request { try takeRequestLine(line) } else { try takeStatusLine(line) }
      stage = .fields
    case .fields:
      if line.isEmpty { return try endHead() }
      try takeField(line)
    case .chunkSize:
      let size = try chunkSize(line)
      stage = size == 0 ? .trailer : .chunk(left: size)
    case .chunkEnd:
      guard line.isEmpty else { throw refused(.badRequest, "a chunk of HTTP is longer than its size") }
      stage = .chunkSize
    case .trailer: return line.isEmpty
    case .fixed, .chunk, .untilEnd: break
    }
    return false
  }

  private mutating func chunkSize(_ line: UnsafeRawBufferPointer) throws(CodecError) -> Int {
    var size = 0
    var digits = 0
    for byte in line {
      guard let digit = byte.hexDigitValue else {
        // Extensions follow, which mean nothing here.
        guard byte == UInt8(ascii: ";") || byte.isHTTPSpace else { digits = 0; break }
        break
      }
      digits += 1
      guard digits <= 8 else { throw tooLarge(.max) }
      size = size << 4 | Int(digit)
    }
    guard digits > 0 else { throw refused(.badRequest, "a chunk of HTTP has no size") }
    let total = body.count + size
    if total > limits.maxMessageBytes { throw tooLarge(total) }
    // Lines of chunks count as those of the head, save for a few bytes with each byte of contents.
    headBytes = max(0, headBytes - 4 * size)
    return size
  }

  mutating func tooLarge(_ size: Int) -> CodecError {
    refusal = .contentTooLarge
    return .tooLarge("body of HTTP", size, limit: limits.maxMessageBytes)
  }

  mutating func refused(_ status: HTTPStatus, _ what: String, _ limit: Int? = nil) -> CodecError {
    refusal = status
    if let limit { return CodecError(.sizeLimitExceeded, "\(what) has more than \(limit) bytes") }
    return CodecError(.invalidData, what)
  }
}
