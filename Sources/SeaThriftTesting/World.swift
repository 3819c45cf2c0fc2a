import SeaThriftSockets
public import SeaThriftTime

/// A simulated cluster: hosts, a network between them, and a time of its own. See ``simulate(seed:limits:function:fileID:_:)``.
///
/// All of it runs on one thread, and everything random comes from one seed. Use it only from the body of the simulation
/// and from what the body starts: code that comes from another thread makes the run fail.
public struct World: Sendable {
  let core: SimulatedWorld
  let processes: ProcessTable

  /// The seed of the run.
  public var seed: UInt64 { core.seed }

  /// How long the run has taken so far, in its own time.
  public var now: Duration { Instant.origin.duration(to: core.now) }

  /// The world's clock.
  public var clock: WorldClock { WorldClock(core: core) }

  /// Suspends the task for some of the world's time.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public nonisolated(nonsending) func sleep(for duration: Duration) async throws {
    try await core.sleep(until: core.now.advanced(by: duration))
  }

  /// The host of that name; made at the first use, with the next free address from 10.0.0.1 on. Its name resolves.
  ///
  /// - Parameters:
  ///   - name: a host name.
  ///   - loops: how many event loops its processes have; at least 1. Counts only when the host is made.
  public func host(_ name: String, loops: Int = 1) -> Host {
    Host(core: core.host(named: name) ?? core.addHost(name, loopCount: loops), processes: processes)
  }

  /// The host that the body of the simulation runs on.
  public var main: Host { Host(core: core.hosts[0], processes: processes) }

  /// Random numbers that follow from the seed; each generator is independent of all others.
  public func randomNumbers() -> SeededGenerator { core.makeGenerator() }

  /// Calls `action` after some time: for faults on a schedule.
  public func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
    guard core.checkThread("an action was scheduled") else { return }
    core.call(at: core.now.advanced(by: delay), action)
  }

  /// Calls `action` when the run has taken `time`; at once when it has already.
  public func schedule(at time: Duration, _ action: @escaping @Sendable () -> Void) {
    schedule(after: time - now, action)
  }

  /// Throws when `condition` does not hold; the error ends up as a ``SimulationError`` with the seed and the trace.
  public func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw CheckError(description: message()) }
  }

  // MARK: The trace

  /// Adds a line to the trace.
  public func note(_ text: String) {
    guard core.checkThread("a note was taken") else { return }
    core.note(text)
  }

  /// A hash over everything that happened so far: equal for equal seeds, in every process.
  public var traceHash: UInt64 { core.trace.hash }

  /// The last events, oldest first.
  public var trace: [String] { core.trace.lines }
}
