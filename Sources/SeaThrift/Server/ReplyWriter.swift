import SeaThriftSockets
import SeaThriftWire

/// Puts replies into what a connection sends, and sends it.
@usableFromInline
struct ReplyWriter {
  @usableFromInline let limits: WireLimits
  /// Nil for a message that stands alone in memory, whose reply stays there.
  private let stream: ByteStream?
  /// Whether replies were sent since the client was idle.
  var hasSent = false

  init(limits: WireLimits, stream: ByteStream?) {
    self.limits = limits
    self.stream = stream
  }

  /// Appends a reply in the form of its request, or nothing when it cannot be written.
  @inlinable
  func append<Value: ThriftStruct>(
    _ value: Value, as type: MessageType, named name: String, to request: ServerRequest, _ head: FrameHead,
    into output: inout WireBuffer
  ) throws(CodecError) {
    let start = output.count
    do throws(CodecError) {
      try output.appendMessage(
        name, type, request.sequenceID, value, format: request.format, framing: request.framing, head: head,
        limits: limits)
    } catch {
      output.truncate(to: start)
      throw error
    }
  }

  /// Answers a request of HTTP that gets no reply, as every request of HTTP has a response; other framings have none.
  func appendResponse(to request: ServerRequest, _ head: FrameHead, into output: inout WireBuffer) {
    guard request.framing.isHTTP else { return }
    // Some clients would be confused by it.
    if request.type == .oneway, !head.awaitsAnswerToOneway { return }
    output.appendHTTPAnswerToOneway(head.ofReply)
  }

  /// Sends what the stream takes; true when that was everything.
  mutating func send(_ output: inout WireBuffer) throws(SocketError) -> Bool {
    guard let stream else { return true }
    while !output.isEmpty {
      let sent = try output.withBytes(from: 0) { bytes throws(SocketError) in try stream.write(bytes) }
      guard let sent else { return false }
      hasSent = true
      output.consumeFront(sent)
    }
    return true
  }
}
