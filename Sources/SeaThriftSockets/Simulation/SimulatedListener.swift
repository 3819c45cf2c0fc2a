/// A listening socket of a simulated host.
final class SimulatedListener: Listener, @unchecked Sendable {
  // @unchecked, as its superclass: confined to its loop.

  let id: Int
  private let host: SimulatedHost
  private let owner: SimulatedEventLoop
  private let backlog: Int
  private var waiting: [SimulatedSocket] = []
  /// Connections whose handshake is under way.
  private var expected = 0

  init(id: Int, host: SimulatedHost, address: SocketAddress, backlog: Int, loop: SimulatedEventLoop) {
    self.id = id
    self.host = host
    self.backlog = max(1, backlog)
    owner = loop
    super.init(loop: loop, address: address)
  }

  deinit {
    if !isClosed, host.world.isCurrentThread { release() }
  }

  // MARK: Listener

  override func take(onto loop: EventLoop) throws(SocketError) -> ByteStream? {
    guard let target = loop as? SimulatedEventLoop else {
      throw SocketError(.other, "a simulated socket needs a simulated loop")
    }
    guard !waiting.isEmpty else { return nil }
    try host.takeDescriptor()
    let socket = waiting.removeFirst()
    host.record(.accepted, connection: socket.id)
    return SimulatedStream(socket: socket, loop: target)
  }

  override func release() {
    if host.listeners[address.kind] === self {
      host.listeners[address.kind] = nil
      host.record(.unlisten, text: "\(address)")
    }
    host.descriptors -= 1
    for socket in waiting { socket.refuseLate() }
    waiting = []
  }

  // MARK: The kernel's side

  /// Whether another connection may begin; it is counted then.
  func reserve() -> Bool {
    guard waiting.count + expected < backlog else { return false }
    expected += 1
    return true
  }

  /// A connection's handshake ended, well or not.
  func conclude(_ socket: SimulatedSocket, isEstablished: Bool) {
    expected -= 1
    guard isEstablished else { return }
    if isClosed {
      socket.refuseLate()
    } else {
      waiting.append(socket)
      host.world.schedule(.onLoop(owner) { [weak self] in self?.markAcceptable() }, at: host.world.now)
    }
  }

  /// The host has crashed, or its process was killed.
  func hostFailed() {
    waiting = []
    abort(SocketError(.closed, "the simulated host \(host.name) has crashed"))
  }
}
