import SeaThriftSockets
import SeaThriftTime

/// The part of a server that lives on one event loop: its connections there, and buffers that they share.
final class ServerShard: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  let loop: EventLoop
  let services: ServiceTable
  /// In no particular but a reproducible order; each connection knows its index.
  @exclusivity(unchecked) private var connections: [ServerConnection] = []
  @exclusivity(unchecked) private var spareBuffers: [ConnectionBuffers] = []
  @exclusivity(unchecked) private(set) var isDraining = false

  /// What a connection holds that has no buffers: nothing is ever written to it.
  let noBuffers = ConnectionBuffers()

  /// How many sets of buffers wait for reuse.
  private static let maxSpareBuffers = 64

  init(loop: EventLoop, services: ServiceTable) {
    self.loop = loop
    self.services = services
  }

  func add(_ connection: ServerConnection) {
    connection.shardIndex = connections.count
    connections.append(connection)
  }

  func remove(_ connection: ServerConnection) {
    let index = connection.shardIndex
    connections.swapAt(index, connections.count - 1)
    connections[index].shardIndex = index
    connections.removeLast()
  }

  func takeBuffers() -> ConnectionBuffers { spareBuffers.popLast() ?? ConnectionBuffers() }

  func giveBack(_ buffers: ConnectionBuffers) {
    guard spareBuffers.count < Self.maxSpareBuffers else { return }
    buffers.reset()
    spareBuffers.append(buffers)
  }

  /// Ends idle connections now and the others when their call is answered.
  func drain() {
    isDraining = true
    for connection in connections { connection.drain() }
  }

  /// Ends every connection, and cancels the handlers.
  func end() {
    for connection in connections { connection.end() }
  }
}
