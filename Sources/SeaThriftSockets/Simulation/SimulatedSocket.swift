import Glibc
import SeaThriftTime

/// The kernel's side of one end of a simulated connection.
///
/// It behaves as TCP does on Linux: an end of the stream follows the data, a reset overtakes what was not sent yet, data
/// that was received before an error can still be read.
final class SimulatedSocket: Socket, @unchecked Sendable {
  // @unchecked: confined to the world's thread.

  enum Phase {
    case connecting, open
    /// The kernel knows the connection no more: a packet for it is answered by a reset.
    case gone
  }

  let id: Int
  let host: SimulatedHost
  let local: SocketAddress
  let peer: SocketAddress
  /// The loop that the process uses it on; nil for one that waits to be accepted.
  @exclusivity(unchecked) var system: SimulatedSystem?
  @exclusivity(unchecked) private(set) var phase = Phase.connecting
  /// Why the connection broke, if it did.
  @exclusivity(unchecked) private(set) var failure: SocketError?

  /// The other end, while the connection exists for either of them.
  @exclusivity(unchecked) private(set) var other: SimulatedSocket?
  @exclusivity(unchecked) private(set) var outgoing: SimulatedPipe?
  /// Who is told of events, while the process has the socket open.
  @exclusivity(unchecked) private var observer: (any SocketObserver)?
  /// Why the process can do nothing with it any more, if it crashed.
  @exclusivity(unchecked) private var localFailure: SocketError?

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

  init(id: Int, host: SimulatedHost, local: SocketAddress, peer: SocketAddress) {
    self.id = id
    self.host = host
    self.local = local
    self.peer = peer
    host.sockets[id] = self
  }

  private var world: SimulatedWorld { host.world }

  /// Joins two ends.
  static func connect(_ client: SimulatedSocket, _ server: SimulatedSocket) {
    client.other = server
    server.other = client
    client.outgoing = SimulatedPipe(from: client, to: server)
    server.outgoing = SimulatedPipe(from: server, to: client)
    server.phase = .open
  }

  /// Tells the observer, in its loop's own time.
  private func notify(_ tell: @escaping (any SocketObserver) -> Void) {
    guard let system else { return }
    world.schedule(
      .onLoop(system) { [weak self] in if let observer = self?.observer { tell(observer) } }, at: world.now)
  }

  /// Tells the observer, now.
  private func tell(_ body: @escaping (any SocketObserver) -> Void) {
    system?.perform { [weak self] in if let observer = self?.observer { body(observer) } }
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

  var shortReadEmpties: Bool { true }

  func start(_ observer: any SocketObserver) {
    self.observer = observer
    // What came before is reported as `epoll_ctl(2)` does it: by an event.
    if failure != nil { notify { $0.breakDown() } } else if hasReceivedEnd { notify { $0.markEnd() } }
  }

  func continueOpening() throws(SocketError) -> Bool {
    if let failure = localFailure ?? failure { throw failure }
    return phase != .connecting
  }

  func read(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    if let localFailure { throw localFailure }
    guard !bytes.isEmpty else { return 0 }
    if let incoming = other?.outgoing, incoming.arrived > 0 {
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
    if let system {
      world.schedule(.onLoop(system) { [weak self] in self?.observer?.socketIsReadable() }, at: readsAgain)
    }
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
    if let localFailure { throw localFailure }
    if let failure { throw failure }
    guard let outgoing, phase == .open, !hasFinished else {
      throw SocketError(errno: EPIPE, during: "write to \(peer)")
    }
    return outgoing.write(bytes)
  }

  /// Ends the sending, after what was written.
  func finishWriting() {
    guard phase == .open, !hasFinished else { return }
    hasFinished = true
    outgoing?.finish()
  }

  func close() {
    // Dropped by a task that another thread ended, or when the simulation is over.
    guard world.isCurrentThread, !world.isOver else { return }
    host.descriptors -= 1
    release()
  }

  /// The process holds it no more.
  func release() {
    guard !isReleased else { return }
    isReleased = true
    observer = nil
    host.record(.closed, connection: id)
    switch phase {
    case .connecting: settle(.gone)
    case .open:
      if let incoming = other?.outgoing, incoming.arrived > 0 {
        reset()
      } else {
        finishWriting()
        leaveIfDone()
      }
    case .gone: break
    }
    disposeIfGone()
  }

  // MARK: What arrives

  func dataArrived() {
    if isReleased { reset() } else { tell { $0.socketIsReadable() } }
  }

  func endArrived() {
    hasReceivedEnd = true
    tell { $0.markEnd() }
    leaveIfDone()
  }

  func resetArrived() {
    guard phase != .gone else { return }
    fail(SocketError(errno: ECONNRESET, during: "connection to \(peer)"))
  }

  /// There is room for more to write.
  func roomArrived() {
    tell { $0.socketIsWritable() }
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
    tell { $0.breakDown() }
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
    localFailure = error
    if observer != nil {
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
  var isOpenForProcess: Bool { observer != nil }

  func tearDown() {
    observer = nil
    system = nil
    other = nil
    outgoing = nil
    listener = nil
    whenSettled = nil
  }

  private func disposeIfGone() {
    if phase == .gone, isReleased { host.sockets[id] = nil }
    guard phase == .gone, isReleased, let other else {
      return
    }
    guard other.phase == .gone, other.isReleased else { return }
    other.other = nil
    other.outgoing = nil
    self.other = nil
    outgoing = nil
  }
}

extension SocketObserver {
  fileprivate func markEnd() {
    socketPeerClosed()
    socketIsReadable()
  }

  fileprivate func breakDown() {
    socketPeerClosed()
    socketIsReadable()
    socketIsWritable()
  }
}
