/// A stream over a simulated connection.
final class SimulatedStream: ByteStream, @unchecked Sendable {
  // @unchecked, as its superclass: confined to its loop.

  let socket: SimulatedSocket
  let owner: SimulatedEventLoop

  init(socket: SimulatedSocket, loop: SimulatedEventLoop) {
    self.socket = socket
    owner = loop
    super.init(loop: loop, peer: socket.remote)
  }

  deinit {
    // Dropped without being closed; or the simulation is over.
    if !isClosed, owner.world.isCurrentThread, !owner.world.isOver { release() }
  }

  /// Throws when the attempt to connect has failed.
  func checkConnected() throws(SocketError) {
    if let failure = socket.failure { throw failure }
  }

  // MARK: ByteStream

  override func register() throws(SocketError) { socket.attach(self) }

  override func receive(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    try socket.receive(into: bytes)
  }

  override func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? { try socket.send(bytes) }

  override func shutdownSending() { socket.finish() }

  override func release() {
    socket.host.descriptors -= 1
    socket.release()
  }
}
