import SeaThriftTime

/// A machine of a simulated world: an address, event loops, a clock, and the sockets of its kernel.
package final class SimulatedHost: @unchecked Sendable {
  // @unchecked: confined to the world's thread.

  package let world: SimulatedWorld
  package let name: String
  /// Its number in the world.
  package let index: Int
  /// The IPv4 address, first byte on top.
  package let address: UInt32
  /// The event loops of the process that runs now.
  package private(set) var systems: [SimulatedSystem] = []
  @exclusivity(unchecked) package var clock = SimulatedClock()

  /// Whether the machine is on.
  @exclusivity(unchecked) package private(set) var isUp = true
  /// Whether a process runs on it.
  @exclusivity(unchecked) package private(set) var isRunning = true
  /// Whether the process is stopped, while the kernel goes on.
  @exclusivity(unchecked) package private(set) var isFrozen = false
  /// Whether no packet reaches or leaves it.
  @exclusivity(unchecked) var isIsolated = false
  /// What becomes of connections to this host, listeners or not.
  package var admission = SimulatedAdmission.normal
  /// How many bytes a second the process reads from each connection; `nil` is as many as there are.
  @exclusivity(unchecked) package var readBytesPerSecond: Int?
  /// How many sockets the process may have.
  package var descriptorLimit = 1_000_000
  /// The limits of a connection's buffers, in bytes, for connections made from now on.
  package var sendBufferBytes = 256 * 1024
  package var receiveBufferBytes = 256 * 1024

  var listeners: [SocketAddress.Kind: SimulatedListener] = [:]
  var sockets: [Int: SimulatedSocket] = [:]
  var descriptors = 0
  private var generator: SeededGenerator
  private var nextPort: UInt16 = 32_768

  init(name: String, index: Int, address: UInt32, loopCount: Int, world: SimulatedWorld) {
    self.world = world
    self.name = name
    self.index = index
    self.address = address
    generator = world.makeGenerator()
    makeLoops(loopCount)
  }

  /// The event loops of the process that runs now, as clients and servers take them.
  package var network: Network { Network(driven: systems.map(\.loop)) }

  private func makeLoops(_ count: Int) {
    systems = (0..<max(1, count)).map { _ in
      let loop = SimulatedSystem(host: self, index: world.allLoops.count, generator: generator.split())
      world.allLoops.append(loop)
      return loop
    }
  }

  /// A port that nobody listens at.
  func freePort() -> UInt16 {
    while true {
      nextPort = nextPort == .max ? 32_768 : nextPort + 1
      if listeners[.ipv4(0, port: nextPort)] == nil, listeners[.ipv4(address, port: nextPort)] == nil {
        return nextPort
      }
    }
  }

  // MARK: Faults

  /// Switches the machine off: nobody is told. What the process has open fails for it, so that its tasks end.
  package func crash() {
    guard isUp else { return }
    isUp = false
    isRunning = false
    record(.crash)
    dropEverything("the simulated host \(name) has crashed") { $0.vanish() }
  }

  /// Ends the process while the kernel lives on: its connections are reset, its ports refuse.
  package func kill() {
    guard isRunning else { return }
    isRunning = false
    record(.crash, text: "of the process")
    dropEverything("the process on the simulated host \(name) was killed") { $0.reset() }
  }

  /// Starts a new process, with new event loops, on a machine that is switched on if it was not.
  ///
  /// - Returns: whether there was none.
  package func restart() -> Bool {
    guard !isRunning else { return false }
    isUp = true
    isRunning = true
    isFrozen = false
    record(.restart)
    makeLoops(systems.count)
    return true
  }

  private func dropEverything(_ reason: String, _ drop: (SimulatedSocket) -> Void) {
    let error = SocketError(.reset, reason)
    for loop in systems { loop.isDead = true }
    thaw()
    for listener in listeners.values.sorted(by: { $0.id < $1.id }) { listener.hostFailed() }
    listeners = [:]
    // In the order they were made: a dictionary's own order is another one in every process.
    for (_, socket) in sockets.sorted(by: { $0.key < $1.key }) {
      drop(socket)
      socket.failLocally(error)
    }
  }

  /// Stops the process: its loops run no more, until ``thaw()``.
  package func freeze() {
    isFrozen = true
    record(.fault, text: "frozen")
  }

  /// Lets the process go on.
  package func thaw() {
    guard isFrozen else { return }
    isFrozen = false
    record(.fault, text: "thawed")
    for loop in systems { world.queue(loop) }
  }

  /// Moves the clock ahead, and sets how much too fast it is from now on (0.01: 1 %).
  package func adjustClock(ahead: Duration, drift: Double) {
    clock.adjust(ahead: ahead.wholeNanoseconds, drift: drift, at: world.now)
    record(.fault, text: "clock \(ahead) ahead, drift \(drift)")
    for loop in world.allLoops where loop.host === self { loop.clockChanged() }
  }

  /// Breaks the cycles of references, so that the world can go.
  func tearDown() {
    systems = []
    listeners = [:]
    for socket in sockets.values { socket.tearDown() }
    sockets = [:]
  }

  func record(
    _ kind: SimulationTrace.Kind, connection: Int = 0, detail: Int = 0, digest: UInt64 = 0, text: String = ""
  ) {
    world.trace.record(
      kind, at: world.now, host: self, connection: connection, detail: detail, digest: digest, text: text)
  }
}

/// What a simulated host does with attempts to connect to it.
package enum SimulatedAdmission: Sendable {
  /// As its listeners say.
  case normal
  /// Refuses them all, as a firewall that rejects.
  case refuse
  /// Never answers, as a firewall that drops.
  case ignore
}
