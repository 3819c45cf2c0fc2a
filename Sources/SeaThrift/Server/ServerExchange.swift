import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// The calls of one connection, one after the other: has each read out of the input, and its reply written into the output.
///
/// It does no I/O and never suspends, so that a run of requests which arrived together costs no more awaits than their
/// handlers need. What may happen next is its ``ServerStateMachine``'s to say.
@usableFromInline
final class ServerExchange: @unchecked Sendable {
  // @unchecked: confined to its connection's task, handlers never see it; hence no checks for overlapping access either.

  /// Nil for a message that stands alone in memory.
  private let stream: ByteStream?
  private let services: ServiceTable
  let peer: EndpointAddress
  let events: ServerEvents
  private let heedsInformation: Bool

  /// The connection's buffers; the shard's placeholder while it is idle.
  @exclusivity(unchecked) @usableFromInline var buffers: ConnectionBuffers
  @exclusivity(unchecked) @usableFromInline var reader: RequestReader
  @exclusivity(unchecked) @usableFromInline var writer: ReplyWriter
  @exclusivity(unchecked) var state = ServerStateMachine()
  /// What put the connection out of step.
  @exclusivity(unchecked) var failure: CodecError?
  @exclusivity(unchecked) private var budget: TurnBudget
  @exclusivity(unchecked) private var isTurnEndAwaited = false
  /// When the message at the front of the input must be there; nil while nobody has had to wait for it.
  @exclusivity(unchecked) var requestDeadline: Instant?

  // The call that is under way.

  /// Unowned as the table of services outlives every connection.
  @exclusivity(unchecked) private(set) unowned(unsafe) var method: ServiceTable.Entry?
  /// What its handler can ask for: the same for all calls of a connection without headers, which have nothing of their own
  /// in it.
  @exclusivity(unchecked) private(set) var context: CallContext
  /// What the headers of the request say about it.
  @exclusivity(unchecked) private(set) var information: CallInformation?
  @exclusivity(unchecked) private var start = Instant.origin
  /// How it ends; nil unless somebody wants to know, and for a plain result.
  @exclusivity(unchecked) var outcome: ServerCallOutcome?

  init(
    stream: ByteStream?, services: ServiceTable, configuration: ServerConfiguration, peer: EndpointAddress,
    buffers: ConnectionBuffers
  ) {
    self.stream = stream
    self.services = services
    self.peer = peer
    self.buffers = buffers
    events = ServerEvents(configuration)
    heedsInformation = configuration.heedsCallInformation
    reader = RequestReader(configuration)
    writer = ReplyWriter(limits: configuration.limits, stream: stream)
    context = CallContext(peer: peer)
    budget = TurnBudget(loop: stream?.loop)
  }

  // MARK: The loop

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

  private var now: Instant { stream?.loop.now ?? TimeSource.current.now }

  /// When the call under way has to be over, as its client says.
  var callDeadline: Instant? { information?.timeout.map { now.advanced(by: $0) } }

  // MARK: Requests

  /// Bytes were read.
  func received() {
    state.received()
    spend()
  }

  private func spend() { if !budget.spend() { state.spentTurn() } }

  /// Looks for the next request in what was received. One that is no call of a method that is known is answered.
  func find() {
    do throws(CodecError) {
      let isFormKnown = reader.isFormFixed
      let found = try reader.find(in: &buffers.input)
      if reader.awaitsContinue { buffers.output.appendHTTPContinue() }
      if case .nothing = found { return state.foundNothing(hasPart: !buffers.input.isEmpty) }
      requestDeadline = nil
      if !isFormKnown { takeForm() }
      if case .message(let message) = found { try begin(message) }
    } catch {
      reader.appendRefusal(error, to: &buffers.output)
      failure = error
      state.broke()
    }
  }

  /// Begins the call that stands alone in the input, without anything around it, if there is one.
  func findOnly() throws(CodecError) {
    let message = try reader.takeAll(of: buffers.input)
    context = CallContext(peer: peer, framing: reader.request.framing)
    state.saidLast()
    try begin(message)
  }

  /// Ends a call, whose reply is written; true when the next one is there already and of the same method: it has begun.
  @usableFromInline
  func continues() -> Bool {
    let finished = method
    if !state.ended() { failure = CodecError(.sizeLimitExceeded, "no reply fits the limits") }
    if events.isObserved { tellEnded() }
    if hasMuchToSend { return false }
    while state.mayFind { find() }
    guard case .begun = state.state else { return false }
    spend()
    return method === finished && state.continuesRun()
  }

  /// Whether replies pile up: a client that sends without ever reading is not served further.
  var hasMuchToSend: Bool { buffers.output.byteCount >= ConnectionBuffers.keptBytes }

  /// Takes over what the client speaks, and what the headers of its request say.
  private func takeForm() {
    let (framing, head) = (reader.request.framing, reader.head)
    // A context belongs to one call, and outlives it in what the handler leaves behind.
    context = CallContext(peer: peer, framing: framing, headers: reader.isFormFixed ? [:] : head.headers)
    if reader.isFormFixed { return state.contextChanged() }
    if heedsInformation { information = CallInformation(requestHeaders: head.headers) }
    if framing.isHTTP, !head.keepsAlive { state.saidLast() }
  }

  /// Begins the call in a message, if it is one.
  @inline(__always)
  private func begin(_ message: UnsafeRawBufferPointer) throws(CodecError) {
    let unknownName = try reader.readEnvelope(of: message) { name -> String? in
      // Clients tend to repeat themselves.
      if let method, method.isNamed(name) { return nil }
      method = services[name]
      return method == nil ? String(decoding: name.prefix(256), as: UTF8.self) : nil
    }
    let type = reader.request.type
    guard let method, type == .call || type == .oneway else { return refuse(unknownName ?? method?.name ?? "") }
    state.began(ServerStateMachine.Call(isOneway: method.isOneway))
    if method.isOneway { writer.appendResponse(to: reader.request, reader.head, into: &buffers.output) }
    // Replies to earlier requests of the same packet must not wait for a handler that takes its time.
    if !isTurnEndAwaited, !buffers.output.isEmpty {
      isTurnEndAwaited = true
      stream?.loop.atEndOfTurn(self)
    }
    if events.isObserved { tellStarted(method.name) }
  }

  /// Answers a message that is no call of a method that is known.
  @inline(never)
  private func refuse(_ name: String) {
    skipRequest()
    let isCall = reader.request.type == .call || reader.request.type == .oneway
    let exception =
      isCall
      ? ApplicationException(.unknownMethod, "unknown method \"\(name)\"")
      : ApplicationException(.invalidMessageType, "a server takes calls, not messages of another type")
    if events.isObserved { tellRefused(ServerCallOutcome(isCall ? .unknownMethod : .invalidMessageType, exception)) }
    if reader.request.type == .oneway {
      writer.appendResponse(to: reader.request, reader.head, into: &buffers.output)
    } else {
      answer(exception, name)
    }
    spend()
  }

  /// Steps over a request that is read, or is not going to be. Harmless when repeated.
  @usableFromInline
  func skipRequest() { reader.skip(&buffers.input) }

  // MARK: Who is told

  @inline(never)
  private func tellStarted(_ method: String) {
    start = now
    outcome = nil
    events.tell { $0.callStarted(method, peer: peer) }
  }

  @inline(never)
  private func tellEnded() {
    guard let method else { return }
    let outcome = outcome ?? ServerCallOutcome(method.isOneway ? .onewayDone : .result)
    let duration = start.duration(to: now)
    events.tell { $0.callEnded(method.name, peer: peer, duration: duration, outcome: outcome) }
  }

  private func tellRefused(_ outcome: ServerCallOutcome) {
    events.tell {
      $0.callStarted("", peer: peer)
      $0.callEnded("", peer: peer, duration: .zero, outcome: outcome)
    }
  }

  /// Says what a client looked like whose connection ends and which sent no message.
  func reportUnrecognisedClient() {
    guard !reader.hasMessage, let client = UnrecognisedClient(buffers.input.readableBytes) else { return }
    events.report { $0.clientNotRecognised(peer: peer, looksLike: client) }
  }

  // MARK: Bytes

  /// Sends what the stream takes; true when that was everything.
  func sendReplies() throws(SocketError) -> Bool { try writer.send(&buffers.output) }
}

extension ServerExchange: TurnEndObserver {
  /// Sends the replies that are ready while a handler of a later request still works.
  func turnEnded() {
    isTurnEndAwaited = false
    // An error will come up again when the connection's task writes.
    if state.isHandling { _ = try? sendReplies() }
  }
}
