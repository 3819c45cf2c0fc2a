import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// The calls of one connection, one after the other: takes each out of the input and puts its reply into the output.
///
/// It does no I/O and never suspends, so that a run of requests which arrived together costs no more awaits than their
/// handlers need.
@usableFromInline
final class ServerExchange: @unchecked Sendable {
  // @unchecked: confined to its connection's task, handlers never see it; hence no checks for overlapping access either.

  /// What a connection is doing; decides what a lost client or a stop of the server does to it.
  enum Phase {
    /// It waits for a request to begin.
    case idle
    /// It reads or writes.
    case receiving
    /// A handler runs.
    case handling
  }

  @usableFromInline let limits: WireLimits
  /// Nil for a message that stands alone in memory.
  private let stream: ByteStream?
  private let services: ServiceTable
  private let peer: EndpointAddress
  private let log: FailureLog
  private let observer: (any ServerObserver)?
  /// Asked first, as it costs less than to take the observer in hand.
  private let isObserved: Bool

  /// The connection's buffers; the shard's placeholder while it is idle.
  @exclusivity(unchecked) @usableFromInline var buffers: ConnectionBuffers
  @exclusivity(unchecked) var phase = Phase.receiving
  /// What the client speaks, and is answered in.
  @exclusivity(unchecked) @usableFromInline private(set) var framing = Framing.framed
  @exclusivity(unchecked) @usableFromInline private(set) var format = ThriftFormat.binary
  /// Whether that is known, and the same for all messages.
  @exclusivity(unchecked) @usableFromInline private(set) var isFormFixed = false
  /// Whether the context of all calls has just become known: then the connection's task takes it over.
  @exclusivity(unchecked) private var hasNewContext = false
  /// Whether a message was found.
  @exclusivity(unchecked) private var hasMessage = false
  @exclusivity(unchecked) private var cutter: MessageCutter
  private let accepted: AcceptedForms
  private let heedsInformation: Bool
  /// What the headers of the request say about the call.
  @exclusivity(unchecked) private(set) var information: CallInformation?
  /// What the handler of the call under way can ask for: the same for all calls of a connection without headers.
  @exclusivity(unchecked) private(set) var context: CallContext
  /// Whether the connection ends after the replies to the calls so far.
  @exclusivity(unchecked) private(set) var isLastCall = false
  /// Whether HTTP still demands an answer to the call that is under way.
  @exclusivity(unchecked) private var owesAnswer = false
  /// How many bytes the message at the front of the input has, as far as is known.
  @exclusivity(unchecked) private(set) var neededBytes = 0
  /// When that message must be there; `nil` while nobody has had to wait for it.
  @exclusivity(unchecked) var deadline: Instant?

  // The call that is under way.

  /// Unowned as the table of services outlives every connection.
  @exclusivity(unchecked) private unowned(unsafe) var method: ServiceTable.Entry?
  @exclusivity(unchecked) private var type = MessageType.call
  @exclusivity(unchecked) @usableFromInline private(set) var sequenceID: Int32 = 0
  /// Where the arguments lie in the input; valid until the request is skipped.
  @exclusivity(unchecked) @usableFromInline private(set) var argumentBytes = UnsafeRawBufferPointer(
    start: nil, count: 0)
  /// How much of the input the request takes.
  @exclusivity(unchecked) private var requestEnd = 0
  @exclusivity(unchecked) private var start = Instant.origin

  // What a run of calls of one method ended with, for the connection to go on with.

  @exclusivity(unchecked) private var hasNextCall = false
  @exclusivity(unchecked) private var failure: CodecError?
  @exclusivity(unchecked) private var isTurnEndAwaited = false

  // How the connection is to go on.

  /// Whether the connection ends when no call is under way.
  @exclusivity(unchecked) var isDraining = false
  /// Whether the task of the connection was cancelled, for the handler that runs in it.
  @exclusivity(unchecked) var isCancelled = false
  /// Whether replies were sent since the client was idle.
  @exclusivity(unchecked) var hasSent = false
  @exclusivity(unchecked) private var budget: TurnBudget
  /// Whether others have their turn before the connection goes on.
  @exclusivity(unchecked) private var isBudgetSpent = false
  @exclusivity(unchecked) private var emptyMessages = 0

  /// How many messages with nothing in them a client may send in a row.
  private static let mostEmptyMessages = 100

  init(
    stream: ByteStream?, services: ServiceTable, configuration: ServerConfiguration, peer: EndpointAddress,
    buffers: ConnectionBuffers
  ) {
    self.stream = stream
    self.services = services
    self.peer = peer
    self.buffers = buffers
    limits = configuration.limits
    observer = configuration.observer
    isObserved = observer != nil
    log = FailureLog(first: configuration.log, second: configuration.observer)
    accepted = AcceptedForms(framings: configuration.framings, formats: configuration.formats)
    cutter = MessageCutter(accepting: accepted, limits: limits)
    heedsInformation = configuration.heedsCallInformation
    context = CallContext(peer: peer)
    budget = TurnBudget(loop: stream?.loop)
  }

  /// Whether others have their turn before the connection goes on; asked once.
  var isOverBudget: Bool {
    defer { isBudgetSpent = false }
    return isBudgetSpent
  }

  /// Bytes were read.
  func received() { if !budget.spend() { isBudgetSpent = true } }

  // MARK: Requests

  /// The method of a call that stands alone in the input, without anything around it; nil when there is none to make.
  func onlyCall() throws(CodecError) -> ServiceTable.Entry? {
    let message = buffers.input.readableBytes
    guard message.count <= limits.maxMessageBytes else {
      throw CodecError(
        .sizeLimitExceeded, "a message has \(message.count) bytes, the limit is \(limits.maxMessageBytes)")
    }
    format = try FormDetector.format(of: message)
    try accepted.check(format)
    framing = .unframed
    isFormFixed = true
    context = CallContext(peer: peer, framing: framing)
    requestEnd = message.count
    return try begin(message)
  }

  /// The method of the next call, whose ``ServiceMethod/invoke`` must then be called; `nil` when more bytes are needed.
  ///
  /// Messages that are no calls and calls of unknown methods are answered on the way.
  func nextCall() throws(CodecError) -> ServiceTable.Entry? {
    if let failure { throw failure }
    if hasNextCall {
      hasNextCall = false
      return method
    }
    if isLastCall { return nil }
    while true {
      switch try cut() {
      case .needMore(let total):
        neededBytes = total
        return nil
      case .message(let payload, let end):
        requestEnd = end
        deadline = nil
        if !isFormFixed { takeForm() }
        if payload.isEmpty {
          skipRequest()
          emptyMessages += 1
          guard emptyMessages <= Self.mostEmptyMessages else {
            throw CodecError(.invalidData, "\(emptyMessages) messages in a row have nothing in them")
          }
        } else {
          hasMessage = true
          let message = UnsafeRawBufferPointer(rebasing: buffers.input.readableBytes[payload])
          if let method = try begin(message) { return method }
        }
      }
    }
  }

  /// Whether the context of the connection's task is out of date; asked once. The call that has begun begins again.
  func takesNewContext() -> Bool {
    guard hasNewContext else { return false }
    hasNewContext = false
    hasNextCall = true
    return true
  }

  /// Whether the caller is where the connection's state may be touched.
  @usableFromInline var isOnLoop: Bool { stream?.loop.isCurrent ?? true }

  /// Goes back to the loop, for a task that a handler or an interceptor has taken elsewhere.
  @usableFromInline
  func returnToLoop() async { await Task.yield() }

  /// Runs `body` on the loop, wherever the caller is.
  func onLoop<Value>(_ body: () async throws -> Value) async throws -> Value {
    guard let stream, !isOnLoop else { return try await body() }
    return try await withTaskExecutorPreference(stream.loop) {
      await Task.yield()
      return try await body()
    }
  }

  /// Ends a call, whose reply is written; true when the next one is there already and of the same method: it has begun.
  @usableFromInline
  func continues() -> Bool {
    let finished = method
    if isObserved { callEnded() }
    if owesAnswer { answerWithoutReply() }
    // A client that sends without ever reading must not make replies pile up.
    if buffers.output.byteCount >= ConnectionBuffers.keptBytes { return false }
    do throws(CodecError) {
      guard let next = try nextCall() else { return false }
      if !budget.spend() { isBudgetSpent = true }
      if next === finished, !isBudgetSpent, !isCancelled { return true }
      hasNextCall = true
    } catch {
      failure = error
    }
    return false
  }

  /// Begins the call in a message; `nil` when there is none to make.
  private func begin(_ message: UnsafeRawBufferPointer) throws(CodecError) -> ServiceTable.Entry? {
    if let envelope = try format.readRawEnvelope(message, limits: limits) {
      return begin(message, envelope)
    }
    let (header, bodyOffset) = try readEnvelope(message)
    var name = header.name
    return name.withUTF8 {
      begin(
        message,
        RawEnvelope(
          name: UnsafeRawBufferPointer($0), type: header.type, sequenceID: header.sequenceID, bodyOffset: bodyOffset))
    }
  }

  @inline(__always)
  private func begin(_ message: UnsafeRawBufferPointer, _ envelope: RawEnvelope) -> ServiceTable.Entry? {
    emptyMessages = 0
    type = envelope.type
    sequenceID = envelope.sequenceID
    argumentBytes = UnsafeRawBufferPointer(rebasing: message[envelope.bodyOffset...])
    // Clients tend to repeat themselves.
    if method.map({ $0.isNamed(envelope.name) }) != true { method = services[envelope.name] }
    guard let method, type == .call || type == .oneway else {
      refuse(envelope.name)
      return nil
    }
    if owesAnswer, type == .oneway { answerWithoutReply() }
    // Replies to earlier requests of the same packet must not wait for a handler that takes its time.
    if !isTurnEndAwaited, !buffers.output.isEmpty {
      isTurnEndAwaited = true
      stream?.loop.atEndOfTurn(self)
    }
    if isObserved { callStarted() }
    return method
  }

  /// Answers a message that is no call of a method that is known.
  @inline(never)
  private func refuse(_ name: UnsafeRawBufferPointer) {
    let name = String(decoding: name.prefix(256), as: UTF8.self)
    skipRequest()
    guard type == .call || type == .oneway else {
      return fail(
        ApplicationException(.invalidMessageType, "a server takes calls, not messages of another type"), name)
    }
    if type == .call {
      fail(ApplicationException(.unknownMethod, "unknown method \"\(name)\""), name)
    } else if owesAnswer {
      answerWithoutReply()
    }
  }

  @inline(never)
  private func callStarted() {
    guard let observer, let method else { return }
    start = now
    observer.callStarted(method.name, peer: peer)
  }

  @inline(never)
  private func callEnded() {
    guard let observer, let method else { return }
    observer.callEnded(method.name, peer: peer, duration: start.duration(to: now))
  }

  /// Steps over a request that is read, or is not going to be.
  @usableFromInline
  func skipRequest() {
    buffers.input.consumeMessage(requestEnd)
    requestEnd = 0
    // The arguments are a copy: while the handler runs, one of a large message is enough.
    if buffers.input.capacity > ConnectionBuffers.largeBytes, buffers.input.isEmpty { buffers.input.shrink() }
  }

  /// Reads the arguments; answers a protocol error, and returns `nil`, when they cannot be read.
  @inlinable
  func arguments<Arguments: ThriftStruct>(as type: Arguments.Type) -> Arguments? {
    do throws(CodecError) {
      let arguments = try format.decode(type, from: argumentBytes, in: buffers.input.lend(), limits: limits)
      skipRequest()
      return arguments
    } catch {
      argumentsAreUnreadable(error)
      return nil
    }
  }

  @usableFromInline
  func argumentsAreUnreadable(_ error: CodecError) {
    skipRequest()
    if type != .oneway { fail(ApplicationException(.protocolError, error.message), replyName) }
  }

  // MARK: What the client speaks

  @inline(__always)
  private func cut() throws(CodecError) -> MessageCutter.Cut {
    do throws(CodecError) {
      let cut = try cutter.cut(&buffers.input)
      if cutter.awaitsContinue { buffers.output.appendHTTPContinue() }
      return cut
    } catch {
      cutter.appendRefusal(error, to: &buffers.output)
      throw error
    }
  }

  /// Says what a client looked like whose connection ends and which sent no message.
  func reportUnrecognisedClient() {
    guard !hasMessage, let client = UnrecognisedClient(buffers.input.readableBytes) else { return }
    log.clientNotRecognised(peer: peer, looksLike: client)
  }

  /// Takes over what the message just found is written in.
  private func takeForm() {
    guard let form = cutter.form else { return }
    framing = form.framing
    format = form.format
    isFormFixed = !framing.carriesHeaders
    // A context belongs to one call, and outlives it in what the handler leaves behind.
    context = CallContext(peer: peer, framing: framing, headers: isFormFixed ? [:] : cutter.head.headers)
    hasNewContext = isFormFixed
    if heedsInformation, !isFormFixed { information = CallInformation(requestHeaders: cutter.head.headers) }
    if framing.isHTTP {
      isLastCall = !cutter.head.keepsAlive
      owesAnswer = true
    }
  }

  /// Reads the envelope of a message, in the version that the message is in; the answer will be in the same.
  private func readEnvelope(
    _ message: UnsafeRawBufferPointer
  ) throws(CodecError) -> (header: MessageHeader, bodyOffset: Int) {
    do throws(CodecError) {
      let version = format.refined(by: message)
      if version != format {
        try accepted.check(version)
        format = version
      }
      return try format.readEnvelope(message, limits: limits)
    } catch {
      cutter.appendRefusal(error, to: &buffers.output)
      throw error
    }
  }

  /// What goes around a reply, where the framing carries headers.
  @usableFromInline
  func takeReplyHead() -> FrameHead {
    owesAnswer = false
    if isDraining, buffers.input.isEmpty { isLastCall = true }
    var head = cutter.head.ofReply
    head.headers = context.replyHeaders
    if isLastCall { head.keepsAlive = false }
    return head
  }

  /// Answers a call that gets no reply: over HTTP every request has a response.
  @inline(never)
  private func answerWithoutReply() {
    owesAnswer = false
    // One client that would be confused by it.
    if type == .oneway, !cutter.head.awaitsAnswerToOneway { return }
    buffers.output.appendHTTPAnswerToOneway(cutter.head.ofReply)
  }

  /// What stands around the method of the call under way.
  var guards: CallGuards? { method?.guards }

  /// Whether the handlers of a run of calls have nothing around them, whatever the next requests say.
  @usableFromInline var isBareRun: Bool { isFormFixed && guards == nil }

  /// When the call under way has to be over, as its client says.
  var callDeadline: Instant? { information?.timeout.map { now.advanced(by: $0) } }

  /// Whether the call under way gets no reply, so that its client has no reason to wait for its end.
  var isOneway: Bool { type == .oneway }

  // MARK: Replies

  /// The name of the method in replies.
  @usableFromInline var replyName: String { method?.replyName ?? "" }

  /// Writes the reply of a method that returned, or threw an exception that it declares.
  @inlinable
  func reply<Result: ThriftResult>(_ result: Result) {
    do throws(CodecError) {
      try write(result, as: .reply, replyName)
    } catch {
      resultCannotBeSent(error)
    }
  }

  @usableFromInline
  func resultCannotBeSent(_ error: CodecError) {
    log.handlerFailed(method?.name ?? "", peer: peer, error: error)
    // That a required field is missing has one code, whoever misses it; what else is wrong is not the client's to know.
    let isMissingField = error.code == .missingRequiredField
    fail(
      isMissingField
        ? ApplicationException(.protocolError, error.message)
        : ApplicationException(.internalError, "the result cannot be sent"), replyName)
  }

  /// Answers that the call failed in a way that its method does not declare.
  private func fail(_ exception: ApplicationException, _ name: String) {
    do throws(CodecError) {
      try write(exception, as: .exception, name)
    } catch {
      // Only a method name that no longer fits the limits gets here; a shorter answer is still an answer.
      try? write(ApplicationException(exception.kind), as: .exception, name)
    }
  }

  /// Answers for a handler that threw an undeclared error, which the client must not see.
  @usableFromInline
  func handlerFailed(_ error: any Error, isOneway: Bool) {
    // A cancelled handler has not failed: its client is gone, or the server stops.
    let exception: ApplicationException
    if let refusal = error as? CallRefusal {
      observer?.callRefused(method?.name ?? "", peer: peer, refusal: refusal)
      exception = ApplicationException(refusal.kind.exceptionKind, refusal.message)
    } else if let unreadable = error as? UnreadableArguments {
      exception = ApplicationException(.protocolError, unreadable.message)
    } else {
      if !Task.isCancelled { log.handlerFailed(method?.name ?? "", peer: peer, error: error) }
      exception = error as? ApplicationException ?? ApplicationException(.internalError, "internal error")
    }
    if isOneway { return }
    if framing.carriesHeaders { explain(error) }
    fail(exception, replyName)
  }

  /// Says in headers of the reply what the exception of an error does not.
  private func explain(_ error: any Error) {
    if let advice = (error as? any RetryAdvising)?.retryAdvice {
      try? context.setReplyHeader(CallInformation.pushBack, advice.headerValue)
    }
    if let code = (error as? CallRefusal)?.kind.errorCode {
      try? context.setReplyHeader(CallInformation.errorCode, code.description)
    }
  }

  @inlinable
  func write<Value: ThriftStruct>(_ value: Value, as type: MessageType, _ name: String) throws(CodecError) {
    let start = buffers.output.count
    do throws(CodecError) {
      try buffers.output.appendMessage(
        name, type, sequenceID, value, format: format, framing: framing, head: takeReplyHead(), limits: limits)
    } catch {
      buffers.output.truncate(to: start)
      throw error
    }
  }

  private var now: Instant { stream?.loop.now ?? TimeSource.current.now }

  /// Sends what the stream takes; true when that was everything.
  func sendReplies() throws(SocketError) -> Bool {
    guard let stream else { return true }
    while !buffers.output.isEmpty {
      let sent = try buffers.output.withBytes(from: 0) { bytes throws(SocketError) in try stream.write(bytes) }
      guard let sent else { return false }
      hasSent = true
      buffers.output.consumeFront(sent)
    }
    return true
  }
}

extension ServerExchange: TurnEndObserver {
  /// Sends the replies that are ready while a handler of a later request still works.
  func turnEnded() {
    isTurnEndAwaited = false
    // An error will come up again when the connection's task writes.
    if phase == .handling { _ = try? sendReplies() }
  }
}
