import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One client of a server, served by one task on one event loop: reads requests, runs their handlers one after the
/// other, writes the replies in the same order.
final class ServerConnection: @unchecked Sendable {
  // @unchecked: confined to its loop's thread; hence no checks for overlapping access either.

  private let stream: ByteStream
  private let shard: ServerShard
  private let configuration: ServerConfiguration
  private let peer: EndpointAddress
  private let exchange: ServerExchange

  @exclusivity(unchecked) private var isDraining = false
  @exclusivity(unchecked) private var task: UnsafeCurrentTask?
  /// Where the shard keeps this connection.
  @exclusivity(unchecked) var shardIndex = 0

  init(stream: ByteStream, shard: ServerShard, configuration: ServerConfiguration) {
    self.stream = stream
    self.shard = shard
    self.configuration = configuration
    peer = EndpointAddress(stream.peer)
    exchange = ServerExchange(
      stream: stream, services: shard.services, configuration: configuration, peer: peer, buffers: shard.noBuffers)
  }

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
        try await CallContext.$current.withValue(exchange.context) { try await serve() }
      }
    } catch {
      if (error as? SocketError)?.code != .closed { failure = error }
      // The calls before a broken message were made, and their replies are ready.
      _ = try? exchange.sendReplies()
      exchange.reportUnrecognisedClient()
    }
    stream.close()
    releaseBuffers()
    shard.remove(self)
    configuration.observer?.connectionClosed(peer: peer, error: failure)
  }

  /// Ends the connection as soon as no call is under way.
  func drain() {
    isDraining = true
    if exchange.phase == .idle { stream.abort(SocketError(.closed, "the server stops")) }
  }

  /// Ends the connection now and cancels its handler.
  func end() {
    task?.cancel()
    stream.abort(SocketError(.closed, "the server stops"))
  }

  /// The client is gone, or has at least ended its sending: a handler that runs now works for nobody.
  private func peerClosed() {
    if exchange.phase == .handling, !exchange.isOneway { task?.cancel() }
  }

  // MARK: Messages

  private func serve() async throws {
    while true {
      while let method = try exchange.nextCall() {
        exchange.phase = .handling
        await method.invoke(exchange, method.executor)
        exchange.phase = .receiving
        if exchange.buffers.output.byteCount >= ConnectionBuffers.keptBytes { try await flush() }
      }
      // What follows suspends only where it must: each await costs as much as the rest of a small call.
      if try !exchange.sendReplies() { try await flush() }
      if exchange.isLastCall { return }
      let isBetweenMessages = exchange.buffers.input.isEmpty
      if isBetweenMessages, isDraining { return }
      switch try receive() {
      case .bytes: continue
      case .end: return
      case .nothing: break
      }
      if isBetweenMessages { releaseBuffers() }
      exchange.phase = isBetweenMessages ? .idle : .receiving
      if isBetweenMessages, configuration.idleTimeout == nil {
        await withUnsafeContinuation { stream.resumeWhenReadable($0) }
      } else {
        try await waitInTime(isBetweenMessages: isBetweenMessages)
      }
      exchange.phase = .receiving
    }
  }

  // MARK: Bytes

  private enum Received {
    case bytes
    /// The end of the stream, between two messages.
    case end
    /// Nothing is there yet.
    case nothing
  }

  private func receive() throws -> Received {
    // Nothing is reserved before there is something to read.
    guard stream.mayBeReadable else { return .nothing }
    acquireBuffers()
    let buffers = exchange.buffers
    buffers.input.reserve(forMessageOf: exchange.neededBytes, atLeast: ConnectionBuffers.readBytes)
    guard let count = try stream.read(into: buffers.input.writableBytes) else { return .nothing }
    if count > 0 {
      buffers.input.didWrite(count)
      return .bytes
    }
    if buffers.input.isEmpty { return .end }
    throw SocketError(.reset, "the client closed the connection in the middle of a message")
  }

  /// Writes all replies that are ready, waiting for the client to accept them.
  private func flush() async throws {
    while try !exchange.sendReplies() {
      let deadline = configuration.writeTimeout.map { stream.loop.now.advanced(by: $0) }
      try await wait(until: deadline, "a reply was accepted too slowly") { try await self.stream.waitUntilWritable() }
    }
  }

  /// Waits for bytes as long as the next request, or the rest of one, may take.
  private func waitInTime(isBetweenMessages: Bool) async throws {
    let deadline: Instant?
    if isBetweenMessages {
      deadline = configuration.idleTimeout.map { stream.loop.now.advanced(by: $0) }
    } else {
      // Set once for a request: a client that sends byte after byte gains no time.
      deadline = exchange.deadline ?? configuration.requestTimeout.map { stream.loop.now.advanced(by: $0) }
      exchange.deadline = deadline
    }
    try await wait(until: deadline, isBetweenMessages ? "no call began in time" : "a request arrived too slowly") {
      try await self.stream.waitUntilReadable()
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

  private func acquireBuffers() {
    if exchange.buffers === shard.noBuffers { exchange.buffers = shard.takeBuffers() }
  }

  private func releaseBuffers() {
    guard exchange.buffers !== shard.noBuffers else { return }
    shard.giveBack(exchange.buffers)
    exchange.buffers = shard.noBuffers
  }
}
