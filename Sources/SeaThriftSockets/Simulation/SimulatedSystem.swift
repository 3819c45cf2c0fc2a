package import SeaThriftTime

extension EventLoop {
  /// Takes a line of a log into the trace of the simulation, which shows it when a run fails. False where there is none, so
  /// that the line has to be written.
  package func takesLogLine(_ line: @autoclosure () -> String) -> Bool {
    guard let system = system(as: SimulatedSystem.self), system.world.isCurrentThread else { return false }
    system.world.log(line(), of: system.host)
    return true
  }
}

/// What an event loop of a simulated process runs on. All loops of a world take turns on the world's one thread.
///
/// A loop is current only while it has its turn: code that reaches into another loop is found out here as it would be
/// on the kernel's loops, where that is another thread.
package final class SimulatedSystem: LoopSystem, @unchecked Sendable {
  // @unchecked: confined to the world's thread, save `wakeUp()`.

  let world: SimulatedWorld
  package let host: SimulatedHost
  /// Its number in the world, in the order they were made.
  let index: Int
  /// The loop. Set at the end of `init`, which must be over to name `self`.
  @exclusivity(unchecked) package private(set) var loop: EventLoop!
  /// Whether the process has crashed: its tasks may end, but no packet comes or goes any more.
  @exclusivity(unchecked) package internal(set) var isDead = false
  /// Whether the loop is among those that wait for their turn.
  @exclusivity(unchecked) var isQueued = false
  /// When the world comes back to this loop for its timers.
  @exclusivity(unchecked) private var wake: (id: TimerID, at: Instant)?

  @exclusivity(unchecked) private var generator: SeededGenerator
  /// What happened while the process was stopped.
  @exclusivity(unchecked) private var held: [() -> Void] = []

  init(host: SimulatedHost, index: Int, generator: SeededGenerator) {
    world = host.world
    self.host = host
    self.index = index
    self.generator = generator
    loop = EventLoop(self)
  }

  /// Breaks the cycle with the loop; nothing runs on it any more.
  func tearDown() {
    loop = nil
    held = []
  }

  /// Whether the process stands still. What a process that was killed before has left behind goes on ending.
  var isHeld: Bool { host.isFrozen && !isDead }

  // MARK: LoopSystem

  package var now: Instant { host.clock.local(at: world.now) }

  package func random() -> UInt64 { generator.next() }

  /// Work from other threads is found out, whenever it comes.
  package var wantsEveryWakeUp: Bool { true }

  package func wakeUp() { world.wake(self) }

  package func connect(to address: SocketAddress, _ options: SocketOptions) throws(SocketError) -> any Socket {
    try checkAlive()
    return try host.connect(to: address, by: self)
  }

  package func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> any ListeningSocket {
    try checkAlive()
    return try host.listen(on: address, backlog: backlog, by: self)
  }

  package func resolve(
    _ name: String, port: UInt16, on loop: EventLoop
  ) async throws(SocketError) -> [SocketAddress] {
    try checkAlive()
    return try await world.names.resolve(name, port: port, on: self)
  }

  private func checkAlive() throws(SocketError) {
    if isDead { throw SocketError(.unreachable, "the simulated host \(host.name) has crashed") }
  }

  // MARK: Turns, by the world

  /// Runs what is ready.
  func takeTurn() {
    loop.takeOwnership()
    loop.endWait()
    if !held.isEmpty {
      let missed = held
      held = []
      for body in missed { body() }
    }
    loop.runTurn()
    endTurn()
  }

  /// Runs `body` as an event of this loop.
  func perform(_ body: @escaping () -> Void) {
    if isHeld {
      held.append(body)
      return
    }
    loop.takeOwnership()
    body()
    endTurn()
  }

  /// Has the world come back: at once when there is more to do, or when the first timer is due.
  private func endTurn() {
    let deadline = loop.beginWait()
    loop.dropOwnership()
    if deadline == .origin { world.queue(self) }
    rearm()
  }

  /// A world's own entry that comes too early costs little, so it is only replaced by an earlier one: most timers are
  /// timeouts that never fire.
  private func rearm() {
    guard let next = loop.nextTimer else { return }
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
    guard let next = loop.nextTimer else { return false }
    if host.clock.world(at: next) <= now { return true }
    rearm()
    return false
  }
}

extension EventLoop {
  /// Whether it is a simulated loop whose process has crashed.
  package var isOfDeadProcess: Bool { system(as: SimulatedSystem.self)?.isDead == true }
}
