import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

// Requests.
extension ClientConnection {
  /// Writes the envelope of a request, and the body behind it when it is short, and sends what can be sent at once.
  ///
  /// - Returns: how many bytes were sent.
  func send(_ call: CallRecord, until limit: Instant) throws(RPCError) -> Int {
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

  func wasSent(_ call: ClientCall) -> Progress {
    call.endSending()
    output.removeAll()
    guard call.method.isOneway else { return .awaitsReply }
    if configuration.framing.isHTTP { owesAnswer() } else { isOutOfStep = false }
    call.takeNothing()
    return .ended(.success(.success))
  }

  /// Whoever closes in the middle of a request may have said why.
  func sendingFailed(_ call: ClientCall, _ error: RPCError) -> Result<Answer, RPCError> {
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

  func totalBytes(of call: CallRecord) -> Int { output.count + (isCopied(call) ? 0 : call.body.byteCount) }

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
  func sendRest(
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
}

extension SocketError {
  /// Says of what ran out of time how much it had.
  fileprivate func timedOut(_ what: String, within timeout: Duration?) -> SocketError {
    guard code == .timedOut, let timeout else { return self }
    return SocketError(.timedOut, "\(what) within \(timeout)")
  }
}
