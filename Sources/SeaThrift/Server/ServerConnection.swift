import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One client of a server, served by one task on one event loop: reads requests, runs their handlers one after the
/// other, writes the replies in the same order.
final class ServerConnection: @unchecked Sendable {
  // @unchecked: confined to its loop's thread.

  private enum Phase { case idle, receiving, handling }

  private let stream: ByteStream
  private let shard: ServerShard
  private let services: ServiceTable
  private let configuration: ServerConfiguration
  private let peer: EndpointAddress

  private var buffers: ConnectionBuffers?
  private var phase = Phase.receiving
  private var isDraining = false
  private var isFlushing = false
  private var isTurnEndAwaited = false
  private var task: UnsafeCurrentTask?
  /// Where the shard keeps this connection.
  var shardIndex = 0

  init(stream: ByteStream, shard: ServerShard, services: ServiceTable, configuration: ServerConfiguration) {
    self.stream = stream
    self.shard = shard
    self.services = services
    self.configuration = configuration
    peer = EndpointAddress(stream.peer)
  }

  /// Who learns of handlers that failed: the log and the observer.
  private var failureLog: FailureLog { FailureLog(first: configuration.log, second: configuration.observer) }

  /// Serves the client until it leaves, breaks the protocol, or the server stops.
  func run() async {
    shard.add(self)
    configuration.observer?.connectionOpened(peer: peer)
    var failure: (any Error)?
    do {
      try stream.open()
      stream.onPeerClosed = { [unowned self] in peerClosed() }
      if shard.isDraining { drain() }
      try await withUnsafeCurrentTask { task in
        self.task = task
        defer { self.task = nil }
        try await serve()
      }
    } catch {
      if (error as? SocketError)?.code != .closed { failure = error }
    }
    stream.close()
    releaseBuffers()
    shard.remove(self)
    configuration.observer?.connectionClosed(peer: peer, error: failure)
  }

  /// Ends the connection as soon as no call is under way.
  func drain() {
    isDraining = true
    if phase == .idle { stream.abort(SocketError(.closed, "the server stops")) }
  }

  /// Ends the connection now and cancels its handler.
  func end() {
    task?.cancel()
    stream.abort(SocketError(.closed, "the server stops"))
  }

  /// The client is gone, or has at least ended its sending: a handler that runs now works for nobody.
  private func peerClosed() {
    if phase == .handling { task?.cancel() }
  }

  // MARK: Messages

  private func serve() async throws {
    guard let framing = try await detectFraming() else { return }
    let exchange = ServerExchange(
      format: configuration.format, framing: framing, limits: configuration.limits, log: failureLog, peer: peer,
      buffers: acquireBuffers())
    let observer = configuration.observer
    var cutter = MessageCutter(framing: framing, format: configuration.format, limits: configuration.limits)
    while true {
      let input = acquireBuffers()
      switch try cutter.cut(input.input.readableBytes) {
      case .message(let payload, let end):
        exchange.buffers = input
        guard let method = try begin(exchange, payload, end) else { continue }
        if let observer {
          let start = stream.loop.now
          observer.callStarted(exchange.header.name, peer: peer)
          await method.invoke(exchange, method.executor)
          observer.callEnded(exchange.header.name, peer: peer, duration: start.duration(to: stream.loop.now))
        } else {
          await method.invoke(exchange, method.executor)
        }
        phase = .receiving
        // A client that sends without ever reading must not make replies pile up.
        if input.output.count >= ConnectionBuffers.keptBytes { try await flush() }
      case .needMore(let total):
        try await flush()
        let isBetweenMessages = input.input.isEmpty
        if isBetweenMessages {
          if isDraining { return }
          releaseBuffers()
        }
        guard try await receive(total: total, isBetweenMessages: isBetweenMessages) else { return }
      }
    }
  }

  private func detectFraming() async throws -> Framing? {
    if let framing = configuration.framing { return framing }
    while true {
      let buffers = acquireBuffers()
      if let framing = FramingDetector.detect(buffers.input.readableBytes) { return framing }
      let isEmpty = buffers.input.isEmpty
      if isEmpty { releaseBuffers() }
      guard try await receive(total: 8, isBetweenMessages: isEmpty) else { return nil }
    }
  }

  /// Begins the call in a message; `nil` when there is none to make.
  private func begin(
    _ exchange: ServerExchange, _ payload: Range<Int>, _ end: Int
  ) throws(CodecError) -> ServiceTable.Entry? {
    if payload.isEmpty {
      exchange.buffers.input.consume(end)
      return nil
    }
    try exchange.begin(payload: payload, end: end)
    let header = exchange.header
    guard header.type == .call || header.type == .oneway else {
      exchange.skipRequest()
      exchange.fail(ApplicationException(.invalidMessageType, "a server takes calls, not messages of another type"))
      return nil
    }
    guard let method = services[header.name] else {
      exchange.skipRequest()
      if header.type == .call {
        exchange.fail(ApplicationException(.unknownMethod, "unknown method \"\(header.name.prefix(256))\""))
      }
      return nil
    }
    exchange.replyName = method.name
    // Replies to earlier requests of the same packet must not wait for a handler that takes its time.
    if !isTurnEndAwaited, !exchange.buffers.output.isEmpty {
      isTurnEndAwaited = true
      stream.loop.atEndOfTurn(self)
    }
    phase = .handling
    return method
  }

  // MARK: Bytes

  /// Reads more; false at the end of the stream between two messages.
  private func receive(total: Int, isBetweenMessages: Bool) async throws -> Bool {
    phase = isBetweenMessages ? .idle : .receiving
    defer { phase = .receiving }
    let timeout = isBetweenMessages ? configuration.idleTimeout : configuration.requestTimeout
    let deadline = timeout.map { stream.loop.now.advanced(by: $0) }
    while true {
      let buffers = acquireBuffers()
      // Room for the rest of the message, but never more at once than has already arrived: a length alone must not
      // reserve memory.
      let missing = total - buffers.input.count
      buffers.input.reserve(max(ConnectionBuffers.readBytes, min(missing, buffers.input.count)))
      if let count = try stream.read(into: buffers.input.writableBytes) {
        if count > 0 {
          buffers.input.didWrite(count)
          return true
        }
        if buffers.input.isEmpty { return false }
        throw SocketError(.reset, "the client closed the connection in the middle of a message")
      }
      if isBetweenMessages { releaseBuffers() }
      try await wait(until: deadline, isBetweenMessages ? "no call began in time" : "a request arrived too slowly") {
        try await self.stream.waitUntilReadable()
      }
    }
  }

  /// Writes all replies that are ready.
  private func flush() async throws {
    guard let buffers, !buffers.output.isEmpty else { return }
    isFlushing = true
    defer { isFlushing = false }
    var deadline: Instant?
    while !buffers.output.isEmpty {
      if let count = try stream.write(buffers.output.readableBytes) {
        buffers.output.consume(count)
        deadline = nil
        continue
      }
      if deadline == nil { deadline = configuration.writeTimeout.map { stream.loop.now.advanced(by: $0) } }
      try await wait(until: deadline, "a reply was accepted too slowly") { try await self.stream.waitUntilWritable() }
    }
  }

  private func wait(until deadline: Instant?, _ complaint: String, _ body: () async throws -> Void) async throws {
    guard let deadline else { return try await body() }
    let stream = stream
    try await race(until: deadline, on: stream.loop) {
      stream.abort(SocketError(.timedOut, complaint))
    } body: {
      try await body()
    }
  }

  private func acquireBuffers() -> ConnectionBuffers {
    if let buffers { return buffers }
    let taken = shard.takeBuffers()
    buffers = taken
    return taken
  }

  private func releaseBuffers() {
    guard let taken = buffers else { return }
    buffers = nil
    shard.giveBack(taken)
  }
}

extension ServerConnection: TurnEndObserver {
  /// Sends the replies that are ready while a handler of a later request still works.
  func turnEnded() {
    isTurnEndAwaited = false
    guard phase == .handling, !isFlushing, let buffers, !buffers.output.isEmpty else { return }
    // An error will come up again when the connection's task writes.
    guard let count = try? stream.write(buffers.output.readableBytes) else { return }
    buffers.output.consume(count)
  }
}
