import SeaThriftTime
public import SeaThriftSockets

/// A machine of a simulated ``World``.
public struct Host: Sendable {
  let core: SimulatedHost
  let processes: ProcessTable

  /// The name, which resolves to the address.
  public var name: String { core.name }

  /// The IPv4 address, such as `10.0.0.1`.
  public var address: String {
    let number = core.address
    return "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
  }

  /// The event loops of the process that runs on the host now, for clients and servers. After a crash the old ones are
  /// dead: ask again.
  public var network: Network { core.network }

  /// What the host's clock shows: at first the same as ``World/now``.
  public var now: Duration { Instant.origin.duration(to: core.clock.local(at: core.world.now)) }

  /// Runs `body` on the host, and waits for it. Clients and servers that it makes are on the host's network.
  public nonisolated(nonsending) func run<Value: Sendable>(
    _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let network = network
    return try await network.withCurrent { try await network.nextLoop.run(body) }
  }

  /// Starts a process: runs `body` on the host, in a task of its own, and again after every restart of the host.
  ///
  /// The task is cancelled when the host crashes, and when the body of the simulation has ended, which then waits for it.
  /// An error that `body` throws otherwise ends the simulation.
  public func start(_ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Void) {
    guard core.world.checkThread("a process was started") else { return }
    processes.start(body, on: core)
  }

  // MARK: Faults

  /// Whether the host is on and its process runs.
  public var isRunning: Bool { core.isRunning }

  /// Switches the host off without a word to anybody: its peers wait. For what runs on it, all connections fail, so that
  /// its tasks end.
  public func crash() {
    core.crash()
    processes.cancel(on: core)
  }

  /// Ends the process on the host, which goes on: its connections are reset, its ports refuse. ``restart()`` starts it
  /// again.
  public func kill() {
    core.kill()
    processes.cancel(on: core)
  }

  /// Switches the host on after a crash, and starts what was started before. A peer that still has a connection to it is
  /// told by a reset when it writes. Does nothing while a process runs.
  public func restart() {
    if core.restart() { processes.startAgain(on: core) }
  }

  /// Stops the process on the host while its kernel goes on: connections are accepted into the backlog, bytes into
  /// buffers, and nothing answers.
  public func freeze() { core.freeze() }

  /// Ends ``freeze()``.
  public func thaw() { core.thaw() }

  /// Refuses all new connections, whoever listens.
  public func refuseConnections() { core.admission = .refuse }

  /// Never answers new connections: a black hole.
  public func ignoreConnections() { core.admission = .ignore }

  /// Ends ``refuseConnections()`` and ``ignoreConnections()``.
  public func admitConnections() { core.admission = .normal }

  /// Has the host's processes read so many bytes a second from each connection; `nil` as many as there are.
  public func setReadRate(bytesPerSecond: Int?) { core.readBytesPerSecond = bytesPerSecond }

  /// How much the buffers of a connection hold, for connections made from now on. Default 256 KiB each.
  public func setBuffers(sendBytes: Int, receiveBytes: Int) {
    core.sendBufferBytes = sendBytes
    core.receiveBufferBytes = receiveBytes
  }

  /// How many sockets the host's processes may have. Default a million.
  public func setDescriptorLimit(_ limit: Int) { core.descriptorLimit = limit }

  /// Moves the host's clock ahead, and has it run too fast from now on, by a share of the world's time: 0.01 is 1 %,
  /// negative is slow. It never goes back.
  public func adjustClock(ahead: Duration = .zero, drift: Double = 0) {
    core.adjustClock(ahead: ahead, drift: drift)
  }
}

extension Host: Hashable {
  /// Whether both are the same host of the same world.
  public static func == (lhs: Self, rhs: Self) -> Bool { lhs.core === rhs.core }

  /// Hashes the host's identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(core)) }
}
