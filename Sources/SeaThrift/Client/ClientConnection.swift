import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One connection of an endpoint's pool; it carries one call at a time.
final class ClientConnection: @unchecked Sendable {
  // @unchecked: confined to its loop's thread; so its properties need no check for overlapping access at run time either.

  let stream: ByteStream
  private let address: EndpointAddress
  let configuration: ClientConfiguration
  /// What is known of the endpoint's answers to oneway calls over HTTP.
  let onewayAnswers: OnewayAnswers
  @exclusivity(unchecked) var cutter: MessageCutter
  @exclusivity(unchecked) var input = WireBuffer()
  @exclusivity(unchecked) private var output = WireBuffer()
  @exclusivity(unchecked) private(set) var sequenceID: Int32 = 0
  /// The last sequence id that a reply was read for; the ids between it and the current one were oneway.
  @exclusivity(unchecked) var answeredID: Int32 = 0
  /// When somebody set out to make it.
  @exclusivity(unchecked) var began = Instant.origin
  /// Whether a call has been made on it.
  var wasUsed: Bool { sequenceID != 0 }
  /// Whether the stream owes or may hold bytes that belong to no call.
  @exclusivity(unchecked) var isOutOfStep = false
  /// How many responses of HTTP to oneway calls may still come.
  @exclusivity(unchecked) var owedAnswers = 0
  /// When the last of these calls was sent.
  @exclusivity(unchecked) var owedSince = Instant.origin
  private let host: String

  /// Bodies up to this size are copied behind their envelope and sent with it; larger ones are sent from where they are.
  private static let largestCopiedBody = 16 * 1024
  /// How many bytes are read at once, at least.
  private static let readBytes = 4 * 1024
  /// What stays reserved between calls.
  private static let keptBytes = 64 * 1024

  init(
    stream: ByteStream, to address: EndpointAddress, configuration: ClientConfiguration, _ onewayAnswers: OnewayAnswers
  ) {
    self.onewayAnswers = onewayAnswers
    host = configuration.httpHost ?? address.httpHost
    self.stream = stream
    self.address = address
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
  var isReusable: Bool {
    !isOutOfStep && input.isEmpty && !stream.isPeerClosed && !stream.isClosed && !stream.hasFailed
  }

  /// How far a call has come.
  enum Progress {
    case ended(Result<Answer, RPCError>)
    /// So many bytes of the request were sent; the stream takes no more at the moment.
    case sent(bytes: Int)
    /// The request was sent.
    case awaitsReply
  }

  /// Sends what can be sent of a request without waiting. A oneway call that was sent is over.
  ///
  /// After an error the connection cannot be reused, save one that says that nothing was sent.
  func begin(_ call: ClientCall, until limit: Instant) -> Progress {
    do throws(RPCError) {
      try call.beginSending { () throws(RPCError) in try call.makeBody(configuration.format, configuration.limits) }
    } catch {
      return .ended(.failure(error))
    }
    sequenceID &+= 1
    isOutOfStep = true
    do throws(RPCError) {
      let sent = try send(call, until: limit)
      return sent < totalBytes(of: call) ? .sent(bytes: sent) : wasSent(call)
    } catch {
      return .ended(sendingFailed(call, error))
    }
  }

  /// Sends the rest of a request, and waits for the reply.
  ///
  /// - Parameters:
  ///   - progress: what ``begin(_:until:)`` has done.
  ///   - timer: that of the race that the attempt is in; nil when no wait is limited.
  func finish(
    _ call: ClientCall, _ progress: Progress, _ timeouts: Timeouts, until limit: Instant, with timer: RaceTimer?
  ) async -> Result<Answer, RPCError> {
    var progress = progress
    if case .sent(let bytes) = progress {
      do throws(RPCError) {
        try await sendRest(call, from: bytes, timeouts.write, until: limit, with: timer)
        progress = wasSent(call)
      } catch {
        progress = .ended(sendingFailed(call, error))
      }
    }
    if case .ended(let result) = progress { return result }
    var reply: Result<Reply, RPCError>?
    let sentAt = call.watch.map { _ in stream.loop.now }
    await stream.read(until: min(deadline(after: timeouts.read), limit), with: timer) {
      do throws(RPCError) {
        guard let found = try nextReply() else { return false }
        reply = .success(found)
      } catch {
        reply = .failure(error)
      }
      return true
    }
    if let sentAt { call.watch?.ended(.read, from: sentAt, at: address) }
    switch reply {
    case .success(let reply)?: return taken(reply, for: call)
    case .failure(var error)?:
      if let status = unfinishedStatus(error) { return .failure(status) }
      if error.code == .readTimeout, let timeout = timeouts.read { error.message = "no reply within \(timeout)" }
      // A process that stood still says nothing about its peers.
      if let timer, timer.hasFired, timer.lateness > EventLoop.stallThreshold { error.verdict = .ignorable }
      return .failure(error)
    case nil: return .failure(RPCError(.connectionLost, "no reply"))
    }
  }

  func close() { stream.close() }

  // MARK: Sending

  /// Writes the envelope of a request, and the body behind it when it is short, and sends what can be sent at once.
  ///
  /// - Returns: how many bytes were sent.
  private func send(_ call: CallRecord, until limit: Instant) throws(RPCError) -> Int {
    output.removeAll()
    do throws(CodecError) {
      try output.appendEnvelope(
        call.wireName, call.method.isOneway ? .oneway : .call, sequenceID, bodyBytes: call.body.byteCount,
        format: configuration.format, framing: configuration.framing, head: head(of: call, until: limit),
        limits: configuration.limits)
    } catch {
      isOutOfStep = false
      throw RPCError(.invalidRequest, error.message, cause: error, isUnsent: true)
    }
    if isCopied(call) { output.append(call.body.readableBytes) }
    var offset = 0
    do throws(SocketError) {
      try send(call, &offset)
    } catch {
      throw sendingError(error, isUnsent: offset == 0)
    }
    return offset
  }

  private func wasSent(_ call: ClientCall) -> Progress {
    call.endSending()
    output.removeAll()
    guard call.method.isOneway else { return .awaitsReply }
    if configuration.framing.isHTTP { owesAnswer() } else { isOutOfStep = false }
    call.takeNothing()
    return .ended(.success(.success))
  }

  /// Whoever closes in the middle of a request may have said why.
  private func sendingFailed(_ call: ClientCall, _ error: RPCError) -> Result<Answer, RPCError> {
    call.endSending()
    do throws(RPCError) {
      guard let reply = try earlyReply(error) else { return .failure(error) }
      return taken(reply, for: call)
    } catch {
      return .failure(error)
    }
  }

  private func sendingError(_ error: SocketError, isUnsent: Bool) -> RPCError {
    var failure = RPCError(error, timeout: .writeTimeout, isUnsent: isUnsent)
    failure.isOfBrokenConnection = failure.code == .connectionLost
    return failure
  }

  private func isCopied(_ call: CallRecord) -> Bool { call.body.byteCount <= Self.largestCopiedBody }

  private func totalBytes(of call: CallRecord) -> Int { output.count + (isCopied(call) ? 0 : call.body.byteCount) }

  /// Sends what the stream takes at once of a request, from `offset` on: of the output, and then of the body when that is
  /// long.
  private func send(_ call: CallRecord, _ offset: inout Int) throws(SocketError) {
    let total = totalBytes(of: call)
    while offset < total {
      let sent =
        if offset < output.count {
          try stream.write(UnsafeRawBufferPointer(rebasing: output.readableBytes[offset...]))
        } else {
          try call.body.withBytes(from: offset - output.count) { bytes throws(SocketError) in try stream.write(bytes) }
        }
      guard let sent else { return }
      offset += sent
    }
  }

  /// Sends the rest of a request.
  private func sendRest(
    _ call: ClientCall, from sent: Int, _ timeout: Duration?, until limit: Instant, with timer: RaceTimer?
  ) async throws(RPCError) {
    let start = stream.loop.now
    timer?.arm(until: min(deadline(after: timeout), limit), waking: stream)
    defer {
      timer?.disarm()
      call.watch?.ended(.write, from: start, at: address)
    }
    var offset = sent
    let total = totalBytes(of: call)
    do throws(SocketError) {
      try await stream.abortingOnCancel { () throws(SocketError) in
        while offset < total {
          try await stream.waitUntilWritable()
          try send(call, &offset)
          if offset < total, timer?.hasFired == true { throw SocketError(.timedOut, "the time is over") }
        }
      }
    } catch {
      var failure = sendingError(error.timedOut("the request was not taken", within: timeout), isUnsent: offset == 0)
      // As above: a process that stood still says nothing about its peers.
      if failure.code == .writeTimeout, stream.loop.hasStalled(since: start) { failure.verdict = .ignorable }
      throw failure
    }
  }

  private func head(of call: CallRecord, until limit: Instant) -> FrameHead {
    var head = FrameHead(.request(host: host, path: configuration.httpPath))
    head.headers = call.headers
    if configuration.framing.carriesHeaders, configuration.sendsCallInformation {
      CallInformation.add(
        to: &head.headers, previousAttempts: call.progress.executedAttempts,
        left: limit == .distantFuture ? nil : stream.loop.now.duration(to: limit))
    }
    return head
  }

  // MARK: Receiving

  private func taken(_ reply: Reply, for call: ClientCall) -> Result<Answer, RPCError> {
    defer { giveBack(reply.end) }
    do throws(RPCError) {
      let answer = try decode(reply, for: call)
      answeredID = sequenceID
      if configuration.framing.isHTTP { takeResponse() }
      isOutOfStep = !answer.leavesConnectionInStep || !cutter.head.keepsAlive
      if configuration.framing.carriesHeaders { takeHeaders(for: call) }
      return .success(answer)
    } catch {
      return .failure(error)
    }
  }

  private func takeHeaders(for call: ClientCall) {
    ReplyHeaders.current?.set(cutter.head.headers)
    call.progress.advice = RetryAdvice(replyHeaders: cutter.head.headers)
  }

  /// The envelope of a reply, and where its body lies in the input.
  struct Reply {
    let header: MessageHeader
    /// The protocol: header frames and compact messages say it themselves.
    let format: ThriftFormat
    let body: Range<Int>
    let end: Int
  }

  /// The next message that may be the reply; nil when more has to be waited for.
  ///
  /// Apache's servers answer even a oneway call when they do not know its method. Such an answer comes before the reply
  /// to the next call, and belongs to nobody.
  func nextReply() throws(RPCError) -> Reply? {
    while let message = try nextMessage() {
      if let failure = cutter.failure { throw taken(failure, message.end) }
      if message.payload.isEmpty {
        // An empty frame means nothing; over HTTP no contents are the answer to a oneway call.
        guard !configuration.framing.isHTTP || owedAnswers > 0 else {
          throw RPCError(.protocolError, "the response of HTTP holds no reply")
        }
        owedAnswers = max(0, owedAnswers - 1)
        input.consume(message.end)
        continue
      }
      let bytes = UnsafeRawBufferPointer(rebasing: input.readableBytes[message.payload])
      let reply: Reply
      do throws(CodecError) {
        let format = (cutter.form?.format ?? configuration.format).refined(by: bytes)
        let envelope = try format.readEnvelope(bytes, limits: configuration.limits)
        let start = message.payload.lowerBound + envelope.bodyOffset
        reply = Reply(
          header: envelope.header, format: format, body: start..<message.payload.upperBound, end: message.end)
      } catch {
        throw RPCError(.protocolError, error.message, cause: error)
      }
      guard reply.header.type == .exception, isOneway(reply.header.sequenceID) else { return reply }
      input.consume(reply.end)
    }
    return nil
  }

  /// Whether a sequence id is one of the oneway calls since the last reply. Differences, because ids wrap around.
  private func isOneway(_ id: Int32) -> Bool {
    let age = sequenceID &- id
    return age > 0 && age < sequenceID &- answeredID
  }

  /// The next message, from what the stream holds; nil when more has to be waited for.
  func nextMessage() throws(RPCError) -> (payload: Range<Int>, end: Int)? {
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
        input.reserve(forMessageOf: total, atLeast: Self.readBytes)
        guard let count = try stream.read(into: input.writableBytes) else { return nil }
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
        var failure = RPCError(error, timeout: .readTimeout, isUnsent: false)
        failure.isOfBrokenConnection = failure.code == .connectionLost && input.isEmpty
        throw failure
      }
    }
  }

  private func decode(_ reply: Reply, for call: ClientCall) throws(RPCError) -> Answer {
    try check(reply.header, answers: call)
    let body = UnsafeRawBufferPointer(rebasing: input.readableBytes[reply.body])
    guard reply.header.type == .exception else {
      return try call.takeReply(body, in: input.lend(), reply.format, configuration.limits)
    }
    do throws(CodecError) {
      let exception = try reply.format.decode(ApplicationException.self, from: body, limits: configuration.limits)
      return .refused(RefusedCall(exception, headers: cutter.head.headers))
    } catch {
      throw RPCError(.protocolError, error.message, cause: error)
    }
  }

  private func check(_ header: MessageHeader, answers call: ClientCall) throws(RPCError) {
    guard header.type == .reply || header.type == .exception else {
      throw .mismatch(.invalidMessageType, "the reply is a message of type \(header.type.rawValue)")
    }
    guard header.sequenceID == sequenceID else {
      throw .mismatch(
        .badSequenceID, "the reply has the sequence id \(header.sequenceID), the request had \(sequenceID)")
    }
    // Apache's multiplexed servers reply without the service's name.
    guard header.name == call.wireName || call.wireName.hasSuffix(":" + header.name) else {
      throw .mismatch(.wrongMethodName, "the reply is to \"\(header.name.prefix(128))\", not to \"\(call.wireName)\"")
    }
  }

  func deadline(after timeout: Duration?) -> Instant {
    timeout.map { stream.loop.now.advanced(by: $0) } ?? .distantFuture
  }

  func giveBack(_ bytes: Int) {
    input.consumeMessage(bytes)
    if input.isEmpty, input.capacity > Self.keptBytes { input.shrink() }
  }
}

extension SocketError {
  /// Says of what ran out of time how much it had.
  fileprivate func timedOut(_ what: String, within timeout: Duration?) -> SocketError {
    guard code == .timedOut, let timeout else { return self }
    return SocketError(.timedOut, "\(what) within \(timeout)")
  }
}
