import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

// Replies.
extension ClientConnection {
  func taken(_ reply: Reply, for call: ClientCall) -> Result<Answer, RPCError> {
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
