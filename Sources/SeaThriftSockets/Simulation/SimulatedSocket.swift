import Glibc
import SeaThriftTime

/// The kernel's side of one end of a simulated connection.
///
/// It behaves as TCP does on Linux: an end of the stream follows the data, a reset overtakes what was not sent yet, data
/// that was received before an error can still be read.
final class SimulatedSocket {
  enum Phase {
    case connecting, open
    /// The kernel knows the connection no more: a packet for it is answered by a reset.
    case gone
  }

  let id: Int
  let host: SimulatedHost
  let local: SocketAddress
  let remote: SocketAddress
  @exclusivity(unchecked) private(set) var phase = Phase.connecting
  /// Why the connection broke, if it did.
  @exclusivity(unchecked) private(set) var failure: SocketError?

  /// The other end, while the connection exists for either of them.
  @exclusivity(unchecked) private(set) var peer: SimulatedSocket?
  @exclusivity(unchecked) private(set) var outgoing: SimulatedPipe?
  private weak var stream: SimulatedStream?

  @exclusivity(unchecked) private var hasReceivedEnd = false
  @exclusivity(unchecked) private var hasFinished = false
  /// Whether the process has closed it.
  @exclusivity(unchecked) private(set) var isReleased = false
  /// When a slow process reads on.
  @exclusivity(unchecked) private var readsAgain = Instant.origin

  /// Who is told how the attempt to connect ends; of a client's socket.
  @exclusivity(unchecked) var whenSettled: (() -> Void)?
  /// Who is told that the handshake has ended; of a server's socket.
  @exclusivity(unchecked) private var listener: SimulatedListener?
  @exclusivity(unchecked) private var handshakeTimer: TimerID?

  /// How long a server waits for the end of a handshake: five times sent again (`tcp_synack_retries` of Linux).
  private static let handshakeTimeout: Int64 = 63_000_000_000

  init(id: Int, host: SimulatedHost, local: SocketAddress, remote: SocketAddress) {
    self.id = id
    self.host = host
    self.local = local
    self.remote = remote
    host.sockets[id] = self
  }

  private var world: SimulatedWorld { host.world }

  /// Joins two ends.
  static func connect(_ client: SimulatedSocket, _ server: SimulatedSocket) {
    client.peer = server
    server.peer = client
    client.outgoing = SimulatedPipe(from: client, to: server)
    server.outgoing = SimulatedPipe(from: server, to: client)
    server.phase = .open
  }

  func attach(_ stream: SimulatedStream) {
    self.stream = stream
    // What came before is reported as `epoll_ctl(2)` does it: by an event.
    if failure != nil { notify { $0.breakDown() } } else if hasReceivedEnd { notify { $0.markEnd() } }
  }

  /// Tells the stream, in its loop's own time.
  private func notify(_ tell: @escaping (SimulatedStream) -> Void) {
    guard let stream else { return }
    world.schedule(
      .onLoop(stream.owner) { [weak stream] in
        if let stream, !stream.isClosed { tell(stream) }
      }, at: world.now)
  }

  // MARK: The server's end of a handshake

  /// The handshake has begun; `listener` is told how it ends.
  func awaitHandshake(for listener: SimulatedListener) {
    self.listener = listener
    handshakeTimer = world.schedule(
      .call { [self] in handshakeEnded(isEstablished: false) }, at: world.now.after(Self.handshakeTimeout))
  }

  func handshakeEnded(isEstablished: Bool) {
    guard let listener else { return }
    self.listener = nil
    if let handshakeTimer { world.cancel(handshakeTimer) }
    if !isEstablished { vanish() }
    listener.conclude(self, isEstablished: isEstablished)
    if !isEstablished { release() }
  }

  // MARK: The process's calls

  func receive(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    guard !bytes.isEmpty else { return 0 }
    if let incoming = peer?.outgoing, incoming.arrived > 0 {
      guard let count = readable(of: min(bytes.count, incoming.arrived)) else { return nil }
      incoming.read(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
      return count
    }
    if let failure { throw failure }
    return hasReceivedEnd ? 0 : nil
  }

  /// How much a slow process reads now.
  private func readable(of count: Int) -> Int? {
    guard let rate = host.readBytesPerSecond else { return count }
    if world.now < readsAgain { return nil }
    // A tenth of a second's worth at once.
    let count = min(count, max(1, rate / 10))
    readsAgain = world.now.after(Int64(Double(count) / Double(max(1, rate)) * 1e9))
    if let stream {
      world.schedule(.onLoop(stream.owner) { [weak stream] in stream?.markReadable() }, at: readsAgain)
    }
    return count
  }

  func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
    if let failure { throw failure }
    guard let outgoing, phase == .open, !hasFinished else {
      throw SocketError(errno: EPIPE, during: "write to \(remote)")
    }
    return outgoing.write(bytes)
  }

  /// Ends the sending, after what was written.
  func finish() {
    guard phase == .open, !hasFinished else { return }
    hasFinished = true
    outgoing?.finish()
  }

  /// The process has closed it.
  func release() {
    guard !isReleased else { return }
    isReleased = true
    stream = nil
    host.record(.closed, connection: id)
    switch phase {
    case .connecting: settle(.gone)
    case .open:
      if let incoming = peer?.outgoing, incoming.arrived > 0 {
        reset()
      } else {
        finish()
        leaveIfDone()
      }
    case .gone: break
    }
    disposeIfGone()
  }

  // MARK: What arrives

  func dataArrived() {
    if isReleased {
      reset()
    } else if let stream {
      stream.owner.perform { if !stream.isClosed { stream.markReadable() } }
    }
  }

  func endArrived() {
    hasReceivedEnd = true
    if let stream { stream.owner.perform { if !stream.isClosed { stream.markEnd() } } }
    leaveIfDone()
  }

  func resetArrived() {
    guard phase != .gone else { return }
    fail(SocketError(errno: ECONNRESET, during: "connection to \(remote)"))
  }

  /// There is room for more to write.
  func roomArrived() {
    if let stream { stream.owner.perform { if !stream.isClosed { stream.markWritable() } } }
  }

  // MARK: Ends

  /// The attempt to connect has succeeded.
  func established() {
    guard phase == .connecting else { return }
    settle(.open)
    roomArrived()
  }

  private func settle(_ phase: Phase) {
    self.phase = phase
    whenSettled?()
    whenSettled = nil
  }

  /// The connection broke, or was never made.
  func fail(_ error: SocketError) {
    guard phase != .gone else { return }
    host.record(.failed, connection: id, text: error.message)
    failure = error
    settle(.gone)
    outgoing?.discard()
    if let stream { stream.owner.perform { if !stream.isClosed { stream.breakDown() } } }
    disposeIfGone()
  }

  /// Breaks the connection and tells the other end.
  func reset() {
    guard phase == .open else {
      if phase == .connecting { vanish() }
      return
    }
    host.record(.reset, connection: id)
    outgoing?.reset()
    settle(.gone)
    disposeIfGone()
  }

  /// Nobody is going to accept the connection.
  func refuseLate() {
    reset()
    release()
  }

  /// Forgets the connection; nobody is told.
  func vanish() {
    outgoing?.discard()
    settle(.gone)
  }

  /// The host or its process failed: what still runs of it must end.
  func failLocally(_ error: SocketError) {
    if failure == nil { failure = error }
    if let stream {
      stream.abort(error)
      notify { $0.breakDown() }
    } else {
      isReleased = true
    }
    disposeIfGone()
  }

  /// A packet came for a connection that is known no more.
  func answerByReset() { outgoing?.reportUnknown() }

  /// Both directions have ended.
  func leaveIfDone() {
    guard isReleased, hasReceivedEnd, outgoing?.isDone != false, phase == .open else { return }
    phase = .gone
    disposeIfGone()
  }

  /// Whether a process holds it.
  var isOpenForProcess: Bool { stream != nil && !isReleased }

  func tearDown() {
    peer = nil
    outgoing = nil
    listener = nil
    whenSettled = nil
  }

  private func disposeIfGone() {
    if phase == .gone, isReleased { host.sockets[id] = nil }
    guard phase == .gone, isReleased, let peer else {
      return
    }
    guard peer.phase == .gone, peer.isReleased else { return }
    peer.peer = nil
    peer.outgoing = nil
    self.peer = nil
    outgoing = nil
  }
}

extension SimulatedStream {
  fileprivate func markEnd() {
    markPeerClosed()
    markReadable()
  }

  fileprivate func breakDown() {
    markPeerClosed()
    markReadable()
    markWritable()
  }
}
