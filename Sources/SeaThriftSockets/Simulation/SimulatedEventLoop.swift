package import SeaThriftTime

/// An event loop of a simulated process. All loops of a world take turns on the world's one thread.
///
/// A loop is current only while it has its turn: code that reaches into another loop is found out here as it would be
/// on the kernel's loops, where that is another thread.
package final class SimulatedEventLoop: EventLoop, @unchecked Sendable {
  // @unchecked, as its superclass: confined to the world's thread.

  let world: SimulatedWorld
  package let host: SimulatedHost
  /// Its number in the world, in the order they were made.
  let index: Int
  /// Whether the process has crashed: its tasks may end, but no packet comes or goes any more.
  @exclusivity(unchecked) package internal(set) var isDead = false
  /// Whether the loop is among those that wait for their turn.
  @exclusivity(unchecked) var isQueued = false
  /// When the world comes back to this loop for its timers.
  @exclusivity(unchecked) var wake: (id: TimerID, at: Instant)?

  @exclusivity(unchecked) private var generator: SeededGenerator
  /// What happened while the process was stopped.
  @exclusivity(unchecked) private var held: [() -> Void] = []

  init(host: SimulatedHost, index: Int, generator: SeededGenerator) {
    world = host.world
    self.host = host
    self.index = index
    self.generator = generator
    super.init()
  }

  // MARK: EventLoop

  package override var now: Instant { host.clock.local(at: world.now) }

  package override func random() -> UInt64 { generator.next() }

  package override func connect(to address: SocketAddress) async throws(SocketError) -> ByteStream {
    try checkAlive()
    let stream = try host.connect(to: address, on: self)
    stream.expectWritabilityEvent()
    do throws(SocketError) {
      try stream.open()
      try await stream.abortingOnCancel { () throws(SocketError) in
        try await stream.waitUntilWritable()
      }
      try stream.checkConnected()
      return stream
    } catch {
      stream.close()
      throw error
    }
  }

  package override func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> Listener {
    try checkAlive()
    return try host.listen(on: address, backlog: backlog, loop: self)
  }

  package override func resolve(_ name: String, port: UInt16) async throws(SocketError) -> [SocketAddress] {
    try checkAlive()
    return try await world.names.resolve(name, port: port, on: self)
  }

  private func checkAlive() throws(SocketError) {
    if isDead { throw SocketError(.unreachable, "the simulated host \(host.name) has crashed") }
  }

  override func post(_ work: Work) {
    if world.isCurrentThread {
      append(work)
      world.queue(self)
    } else {
      world.receive(work, for: self)
    }
  }

  override func wakeUp() {}

  // MARK: Turns, by the world

  /// Runs what is ready.
  func takeTurn() {
    takeOwnership()
    if !held.isEmpty {
      let missed = held
      held = []
      for body in missed { body() }
    }
    runReadyWork()
    dropOwnership()
    rearm()
  }

  /// Runs `body` as an event of this loop.
  func perform(_ body: @escaping () -> Void) {
    if host.isFrozen {
      held.append(body)
      return
    }
    takeOwnership()
    body()
    dropOwnership()
    if hasReadyWork { world.queue(self) }
    rearm()
  }

  /// Has the world come back when the first timer is due.
  ///
  /// A world's own entry that comes too early costs little, so it is only replaced by an earlier one: most timers are
  /// timeouts that never fire.
  private func rearm() {
    guard let next = nextTimer else { return }
    let time = host.clock.world(at: next)
    if let wake {
      guard time < wake.at else { return }
      world.cancel(wake.id)
    }
    wake = (world.schedule(.timers(self), at: time), time)
  }

  /// The host's clock runs differently from now on.
  func clockChanged() {
    if let wake { world.cancel(wake.id) }
    wake = nil
    rearm()
  }

  /// The world has come back. Whether a timer is due; otherwise there may be a later one.
  func isDue(at now: Instant) -> Bool {
    wake = nil
    guard let next = nextTimer else { return false }
    if host.clock.world(at: next) <= now { return true }
    rearm()
    return false
  }
}
