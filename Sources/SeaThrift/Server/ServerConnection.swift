import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

/// One client of a server, served by one task on one event loop: reads requests, runs their handlers one after the
/// other, writes the replies in the same order.
final class ServerConnection: AcceptedConnection, @unchecked Sendable {
  // @unchecked: confined to its loop's thread; hence no checks for overlapping access either.

  private let stream: ByteStream
  private let shard: ServerShard
  private let configuration: ServerConfiguration
  private let peer: EndpointAddress
  private let exchange: ServerExchange

  @exclusivity(unchecked) private var task: UnsafeCurrentTask?
  /// Where the shard's table keeps this connection; nil before it has begun.
  @exclusivity(unchecked) private var place: ConnectionTable.Place?

  init(stream: ByteStream, shard: ServerShard, configuration: ServerConfiguration) {
    self.stream = stream
    self.shard = shard
    self.configuration = configuration
    peer = EndpointAddress(stream.peer)
    exchange = ServerExchange(
      stream: stream, services: shard.services, configuration: configuration, peer: peer, buffers: shard.noBuffers)
  }

  // MARK: AcceptedConnection

  func run() async -> Bool {
    var failure: (any Error)?
    do {
      if place == nil { try await begin() }
      let end = try await withUnsafeCurrentTask { task in
        self.task = task
        defer { self.task = nil }
        exchange.state.changedTask()
        while true {
          let end = try await CallContext.$current.withValue(exchange.context) { try await serve() }
          if end != .newContext { return end }
        }
      }
      if end == .newTask { return true }
    } catch {
      if (error as? SocketError)?.code != .closed { failure = error }
      // The calls before a broken message were made, and their replies are ready.
      _ = try? exchange.sendReplies()
      exchange.reportUnrecognisedClient()
    }
    await finish(failure)
    return false
  }

  private func begin() async throws(SocketError) {
    place = shard.connections.add(self)
    exchange.events.tell { $0.connectionOpened(peer: peer) }
    try await stream.open()
    stream.onPeerClosed = { [unowned self] in peerClosed() }
    if shard.connections.isDraining { drain() }
  }

  private func finish(_ failure: (any Error)?) async {
    releaseBuffers()
    exchange.events.tell { $0.connectionClosed(peer: peer, error: failure) }
    // What was written is read before the connection goes.
    if exchange.writer.hasSent { await stream.closeAfterPeer() } else { stream.close() }
    if let place { shard.connections.remove(place) }
  }

  func drain() {
    if exchange.state.drain(hasArrived: stream.mayBeReadable) { end() }
  }

  func end() {
    task?.cancel()
    stream.abort(SocketError(.closed, "the server stops"))
  }

  private func peerClosed() {
    if exchange.state.clientLeft() { task?.cancel() }
  }

  // MARK: Messages

  private enum ServingEnd {
    /// The client has left, or is not to be served any more.
    case over
    /// It goes on with another context for the handlers.
    case newContext
    /// It goes on in another task.
    case newTask
  }

  // It suspends only where it must: each await costs as much as the rest of a small call.
  private func serve() async throws -> ServingEnd {
    while true {
      if exchange.hasMuchToSend { try await flush() }
      switch exchange.state.next() {
      case .find: exchange.find()
      case .handle: if let method = exchange.method { await method.invoke(exchange, method.executor) }
      case .yieldTurn: await stream.loop.yieldTurn()
      case .changeContext: return .newContext
      case .changeTask: return .newTask
      case .fail: throw exchange.failure ?? CodecError(.invalidData, "the connection is out of step")
      case .end:
        if try !exchange.sendReplies() { try await flush() }
        return .over
      case .receive:
        if try !exchange.sendReplies() {
          try await flush()
          continue
        }
        switch try read() {
        case .bytes: break
        case .end: return .over
        case .nothing:
          let hasPart = !exchange.buffers.input.isEmpty
          guard exchange.state.waits(hasPart: hasPart) else { return .over }
          if hasPart { try await waitForRest() } else { try await waitForCall() }
        }
      }
    }
  }

  /// Waits for the next request to begin, for as long as the table of connections lets it.
  private func waitForCall() async throws {
    releaseBuffers()
    exchange.writer.hasSent = false
    if let place { shard.connections.becameIdle(place) }
    await withUnsafeContinuation { stream.resumeWhenReadable($0) }
    if let place { shard.connections.becameBusy(place) }
    try stream.checkUsable()
    exchange.state.woke()
  }

  /// Waits for more of a request. When its time is over, it is looked at for a last time.
  private func waitForRest() async throws {
    let now = stream.loop.now
    // Set once for a request: a client that sends byte after byte gains no time.
    let deadline =
      exchange.requestDeadline ?? configuration.requestTimeout.map { now.advanced(by: $0) } ?? .distantFuture
    if now >= deadline { throw SocketError(.timedOut, "a request arrived too slowly") }
    exchange.requestDeadline = deadline
    let stream = stream
    await race(until: deadline, waking: stream, on: stream.loop) {
      await withUnsafeContinuation { stream.resumeWhenReadable($0) }
    }
    try stream.checkUsable()
  }

  // MARK: Bytes

  private enum Received {
    case bytes
    /// The end of the stream, between two messages.
    case end
    /// Nothing is there yet.
    case nothing
  }

  private func read() throws -> Received {
    // Nothing is reserved before there is something to read.
    guard stream.mayBeReadable else { return .nothing }
    acquireBuffers()
    let buffers = exchange.buffers
    buffers.input.reserve(forMessageOf: exchange.reader.neededBytes, atLeast: ConnectionBuffers.readBytes)
    guard let count = try stream.read(into: buffers.input.writableBytes) else { return .nothing }
    if count > 0 {
      buffers.input.didWrite(count)
      exchange.received()
      return .bytes
    }
    if buffers.input.isEmpty { return .end }
    throw SocketError(.reset, "the client closed the connection in the middle of a message")
  }

  /// Writes all replies that are ready, waiting for the client to accept them.
  private func flush() async throws {
    let stream = stream
    while try !exchange.sendReplies() {
      let deadline = configuration.writeTimeout.map { stream.loop.now.advanced(by: $0) } ?? .distantFuture
      let isLate = await race(until: deadline, waking: stream, on: stream.loop) {
        await withUnsafeContinuation { stream.resumeWhenWritable($0) }
      }
      try stream.checkUsable()
      if isLate { throw SocketError(.timedOut, "a reply was accepted too slowly") }
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
