/// A listening socket of a simulated host.
final class SimulatedListener: ListeningSocket, @unchecked Sendable {
  // @unchecked: confined to the world's thread.

  let id: Int
  let address: SocketAddress
  private let host: SimulatedHost
  private let system: SimulatedSystem
  private let backlog: Int
  private weak var listener: Listener?
  private var isClosed = false
  private var waiting: [SimulatedSocket] = []
  /// Connections whose handshake is under way.
  private var expected = 0

  init(id: Int, host: SimulatedHost, address: SocketAddress, backlog: Int, system: SimulatedSystem) {
    self.id = id
    self.host = host
    self.address = address
    self.backlog = max(1, backlog)
    self.system = system
  }

  // MARK: ListeningSocket

  func start(_ listener: Listener) { self.listener = listener }

  func accept(onto loop: EventLoop, _ options: SocketOptions) throws(SocketError) -> (any Socket)? {
    guard let target = loop.system(as: SimulatedSystem.self) else {
      throw SocketError(.other, "a simulated socket needs a simulated loop")
    }
    guard !waiting.isEmpty else { return nil }
    try host.takeDescriptor()
    let socket = waiting.removeFirst()
    host.record(.accepted, connection: socket.id)
    socket.system = target
    return socket
  }

  var hasWaiting: Bool { !waiting.isEmpty }

  func close() {
    isClosed = true
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
      host.world.schedule(.onLoop(system) { [weak listener] in listener?.socketIsAcceptable() }, at: host.world.now)
    }
  }

  /// The host has crashed, or its process was killed.
  func hostFailed() {
    waiting = []
    listener?.abort(SocketError(.closed, "the simulated host \(host.name) has crashed"))
  }
}
