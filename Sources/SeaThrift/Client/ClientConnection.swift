import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One connection of an endpoint's pool; it carries one call at a time.
final class ClientConnection: @unchecked Sendable {
  // @unchecked: confined to its loop's thread.

  let stream: ByteStream
  private let configuration: ClientConfiguration
  private var cutter: MessageCutter
  private var input = WireBuffer()
  private var output = WireBuffer()
  private var sequenceID: Int32 = 0
  /// The last sequence id that a reply was read for; the ids between it and the current one were oneway.
  private var answeredID: Int32 = 0
  /// Whether the stream owes or may hold bytes that belong to no call.
  private var isOutOfStep = false
  /// Whether the endpoint has said that it goes on after an answer, where it is not a matter of course.
  private var isKnownToGoOn = false
  private let host: String

  /// Bodies up to this size are copied behind their envelope and sent with it; larger ones are sent from where they are.
  private static let largestCopiedBody = 16 * 1024
  /// How many bytes are read at once, at least.
  private static let readBytes = 4 * 1024
  /// What stays reserved between calls.
  private static let keptBytes = 64 * 1024

  init(stream: ByteStream, to address: EndpointAddress, configuration: ClientConfiguration) {
    host = configuration.httpHost ?? (address.port == nil ? "localhost" : "\(address)")
    self.stream = stream
    self.configuration = configuration
    cutter = MessageCutter(
      framing: configuration.framing, format: configuration.format, limits: configuration.limits)
  }

  deinit {
    // Of an endpoint that is dropped without being closed; harmless otherwise.
    stream.loop.execute { [stream] in stream.close() }
  }

  /// Whether another call may use the connection: its last reply was read to the end, nothing came after it, and the
  /// endpoint has not closed it.
  var isReusable: Bool { !isOutOfStep && input.isEmpty && !stream.isPeerClosed && !stream.isClosed }

  /// Sends a request and waits for the answer; for a oneway method only until it is sent.
  ///
  /// After an error the connection cannot be reused, save one that says that nothing was sent.
  func exchange<Result: ThriftResult>(
    _ request: EncodedRequest, _ timeouts: Timeouts, until limit: Instant, as type: Result.Type
  ) async throws(RPCError) -> Answer<Result.Success> {
    sequenceID &+= 1
    isOutOfStep = true
    return try await stream.abortingOnCancel { () throws(RPCError) -> Answer<Result.Success> in
      try await send(request, timeouts.write, until: limit)
      if request.isOneway, let nothing = () as? Result.Success {
        // An endpoint of HTTP may close after its answer, which nobody waits for: then a later call must not be on its
        // way already.
        isOutOfStep = configuration.framing.isHTTP && !isKnownToGoOn
        return .success(nothing)
      }
      return try await receiveReply(to: request, timeouts.read, until: limit, as: type)
    }
  }

  func close() { stream.close() }

  // MARK: Sending

  private func send(_ request: EncodedRequest, _ timeout: Duration?, until limit: Instant) async throws(RPCError) {
    output.removeAll()
    let bodyBytes = request.body.count
    do throws(CodecError) {
      try output.appendEnvelope(
        request.name, request.isOneway ? .oneway : .call, sequenceID, bodyBytes: bodyBytes,
        format: configuration.format, framing: configuration.framing, head: head(of: request),
        limits: configuration.limits)
    } catch {
      isOutOfStep = false
      throw RPCError(.invalidRequest, error.message, cause: error, isUnsent: true)
    }
    let isCopied = bodyBytes <= Self.largestCopiedBody
    if isCopied { output.append(request.body.readableBytes) }
    try await write(output.readableBytes, isFirst: true, timeout, until: limit)
    if !isCopied { try await write(request.body.readableBytes, isFirst: false, timeout, until: limit) }
    output.removeAll()
  }

  private func head(of request: EncodedRequest) -> FrameHead {
    var head = FrameHead(.request(host: host, path: configuration.httpPath))
    head.headers = request.headers
    return head
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, isFirst: Bool, _ timeout: Duration?, until limit: Instant
  ) async throws(RPCError) {
    var offset = 0
    do throws(SocketError) {
      if let count = try stream.write(bytes) { offset = count }
      if offset == bytes.count { return }
      try await race(until: min(deadline(after: timeout), limit), on: stream.loop) { [stream] in
        stream.abort(SocketError(.timedOut, "the request was not taken within \(timeout ?? .zero)"))
      } body: { () throws(SocketError) in
        while offset < bytes.count {
          try await stream.waitUntilWritable()
          if let count = try stream.write(UnsafeRawBufferPointer(rebasing: bytes[offset...])) { offset += count }
        }
      }
    } catch {
      throw RPCError(error, timeout: .writeTimeout, isUnsent: isFirst && offset == 0)
    }
  }

  // MARK: Receiving

  private func receiveReply<Result: ThriftResult>(
    to request: EncodedRequest, _ timeout: Duration?, until limit: Instant, as type: Result.Type
  ) async throws(RPCError) -> Answer<Result.Success> {
    let reply = try await race(until: min(deadline(after: timeout), limit), on: stream.loop) { [stream] in
      stream.abort(SocketError(.timedOut, "no reply within \(timeout ?? .zero)"))
    } body: { () throws(RPCError) in
      try await nextReply()
    }
    defer { giveBack(reply.end) }
    let answer = try decode(reply, to: request, as: type)
    answeredID = sequenceID
    isKnownToGoOn = cutter.head.keepsAlive
    isOutOfStep = !answer.leavesConnectionInStep || !isKnownToGoOn
    if configuration.framing.carriesHeaders { ReplyHeaders.current?.set(cutter.head.headers) }
    return answer
  }

  /// The envelope of a reply, and where its body lies in the input.
  private struct Reply {
    let header: MessageHeader
    let body: Range<Int>
    let end: Int
  }

  /// The next message that may be the reply.
  ///
  /// Apache's servers answer even a oneway call when they do not know its method. Such an answer comes before the reply
  /// to the next call, and belongs to nobody.
  private func nextReply() async throws(RPCError) -> Reply {
    while true {
      let message = try await receiveMessage()
      // An empty frame means nothing; over HTTP no contents are the answer to a oneway call.
      if message.payload.isEmpty, !configuration.framing.isHTTP || sequenceID &- answeredID > 1 {
        input.consume(message.end)
        continue
      }
      let bytes = UnsafeRawBufferPointer(rebasing: input.readableBytes[message.payload])
      let reply: Reply
      do throws(CodecError) {
        let envelope = try replyFormat.readEnvelope(bytes, limits: configuration.limits)
        let start = message.payload.lowerBound + envelope.bodyOffset
        reply = Reply(header: envelope.header, body: start..<message.payload.upperBound, end: message.end)
      } catch {
        throw RPCError(.protocolError, error.message, cause: error)
      }
      guard reply.header.type == .exception, isOneway(reply.header.sequenceID) else { return reply }
      input.consume(reply.end)
    }
  }

  /// Whether a sequence id is one of the oneway calls since the last reply. Differences, because ids wrap around.
  private func isOneway(_ id: Int32) -> Bool {
    let age = sequenceID &- id
    return age > 0 && age < sequenceID &- answeredID
  }

  /// The protocol of the message that was found last: each header frame says its own.
  private var replyFormat: ThriftFormat { cutter.form?.format ?? configuration.format }

  private func receiveMessage() async throws(RPCError) -> (payload: Range<Int>, end: Int) {
    var isEnd = false
    while true {
      let total: Int
      do throws(CodecError) {
        switch try cutter.cut(&input, isEnd: isEnd) {
        case .message(let payload, let end): return (payload, end)
        case .needMore(let needed): total = needed
        }
      } catch {
        throw RPCError(.protocolError, error.message, cause: error)
      }
      do throws(SocketError) {
        // As on the server: an announced length alone reserves nothing.
        input.reserve(max(Self.readBytes, min(total - input.count, input.count)))
        guard let count = try stream.read(into: input.writableBytes) else {
          try await stream.waitUntilReadable()
          continue
        }
        if count == 0 {
          // The end of the connection may be that of the message.
          if !isEnd, configuration.framing.isHTTP, !input.isEmpty {
            isEnd = true
            continue
          }
          throw SocketError(.reset, "the endpoint closed the connection before its reply was complete")
        }
        input.didWrite(count)
      } catch {
        throw RPCError(error, timeout: .readTimeout, isUnsent: false)
      }
    }
  }

  private func decode<Result: ThriftResult>(
    _ reply: Reply, to request: EncodedRequest, as type: Result.Type
  ) throws(RPCError) -> Answer<Result.Success> {
    try check(reply.header, answers: request)
    let body = UnsafeRawBufferPointer(rebasing: input.readableBytes[reply.body])
    let (format, limits) = (replyFormat, configuration.limits)
    let result: Result
    do throws(CodecError) {
      if reply.header.type == .exception {
        return .refused(try format.decode(ApplicationException.self, from: body, limits: limits))
      }
      result = try format.decode(type, from: body, limits: limits)
    } catch {
      throw RPCError(.protocolError, error.message, cause: error)
    }
    do {
      if let success = try result.get() { return .success(success) }
    } catch {
      return .declared(error)
    }
    throw .mismatch(.missingResult, "the reply holds neither a result nor an exception")
  }

  private func check(_ header: MessageHeader, answers request: EncodedRequest) throws(RPCError) {
    guard header.type == .reply || header.type == .exception else {
      throw .mismatch(.invalidMessageType, "the reply is a message of type \(header.type.rawValue)")
    }
    guard header.sequenceID == sequenceID else {
      throw .mismatch(
        .badSequenceID, "the reply has the sequence id \(header.sequenceID), the request had \(sequenceID)")
    }
    // Apache's multiplexed servers reply without the service's name.
    guard header.name == request.name || request.name.hasSuffix(":" + header.name) else {
      throw .mismatch(.wrongMethodName, "the reply is to \"\(header.name.prefix(128))\", not to \"\(request.name)\"")
    }
  }

  private func deadline(after timeout: Duration?) -> Instant {
    timeout.map { stream.loop.now.advanced(by: $0) } ?? .distantFuture
  }

  private func giveBack(_ bytes: Int) {
    input.consume(bytes)
    if input.isEmpty, input.capacity > Self.keptBytes { input.shrink() }
  }
}
