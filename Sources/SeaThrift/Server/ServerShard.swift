import SeaThriftSockets
import SeaThriftTime

/// The part of a server that lives on one event loop: its connections there, and buffers that they share.
final class ServerShard: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  let loop: EventLoop
  let services: ServiceTable
  let connections: ConnectionTable
  @exclusivity(unchecked) private var spareBuffers: [ConnectionBuffers] = []

  /// What a connection holds that has no buffers: nothing is ever written to it.
  let noBuffers = ConnectionBuffers()

  /// How many sets of buffers wait for reuse.
  private static let maxSpareBuffers = 64

  init(loop: EventLoop, services: ServiceTable, idleTimeout: Duration?) {
    self.loop = loop
    self.services = services
    connections = ConnectionTable(loop: loop, idleTimeout: idleTimeout)
  }

  func takeBuffers() -> ConnectionBuffers { spareBuffers.popLast() ?? ConnectionBuffers() }

  func giveBack(_ buffers: ConnectionBuffers) {
    guard spareBuffers.count < Self.maxSpareBuffers else { return }
    buffers.reset()
    spareBuffers.append(buffers)
  }
}
