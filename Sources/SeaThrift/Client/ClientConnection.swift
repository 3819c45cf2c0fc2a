import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One connection of an endpoint's pool; it carries one call at a time.
final class ClientConnection: @unchecked Sendable {
  // @unchecked: confined to its loop's thread; so its properties need no check for overlapping access at run time either.

  let stream: ByteStream
  let address: EndpointAddress
  let configuration: ClientConfiguration
  /// What is known of the endpoint's answers to oneway calls over HTTP.
  let onewayAnswers: OnewayAnswers
  @exclusivity(unchecked) var cutter: MessageCutter
  @exclusivity(unchecked) var input = WireBuffer()
  @exclusivity(unchecked) var output = WireBuffer()
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
  let host: String

  /// Bodies up to this size are copied behind their envelope and sent with it; larger ones are sent from where they are.
  static let largestCopiedBody = 16 * 1024
  /// How many bytes are read at once, at least.
  static let readBytes = 4 * 1024
  /// What stays reserved between calls.
  static let keptBytes = 64 * 1024

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
}
