import Glibc
package import SeaThriftTime
import Synchronization

/// Hosts, a network between them and a time of its own, all on one thread.
///
/// Tasks run on the event loops of the hosts. When none of them has anything to do, time jumps to the next timer or
/// packet. Everything random comes from the seed, so the same seed gives the same run.
package final class SimulatedWorld: @unchecked Sendable {
  // @unchecked: all mutable state is confined to the world's thread, save `outside`, which has a lock.

  package let seed: UInt64
  package let limits: SimulationLimits
  package let trace: SimulationTrace
  package let names: SimulatedNames
  /// The time now, by no host's clock.
  @exclusivity(unchecked) package private(set) var now = Instant.origin
  /// Whether the run is over; nothing happens any more.
  @exclusivity(unchecked) package private(set) var isOver = false
  /// How many turns of loops and other events there were.
  @exclusivity(unchecked) package private(set) var steps = 0

  @exclusivity(unchecked) package internal(set) var hosts: [SimulatedHost] = []
  @exclusivity(unchecked) var hostsByAddress: [UInt32: SimulatedHost] = [:]
  @exclusivity(unchecked) var links: [LinkKey: SimulatedLink] = [:]
  /// What links are like that were not used before.
  @exclusivity(unchecked) package var defaultLink = LinkProfile()
  /// All event loops that ever were, those of crashed processes too.
  @exclusivity(unchecked) var allLoops: [SimulatedSystem] = []
  /// How many tasks wait for a time of the world.
  @exclusivity(unchecked) var sleepers = 0
  @exclusivity(unchecked) var nextConnection = 1

  struct LinkKey: Hashable {
    let source: Int
    let target: Int
  }

  @exclusivity(unchecked) private var generator: SeededGenerator
  @exclusivity(unchecked) private var schedulingGenerator: SeededGenerator
  @exclusivity(unchecked) private var events = TimerHeap<SimulatedEvent>()
  @exclusivity(unchecked) private var ready: [SimulatedSystem] = []

  private let thread = Atomic<UInt>(0)
  private let outside = Lock(Outside())
  private let hasOutsideWork = Atomic<Bool>(false)

  /// What came from other threads.
  private struct Outside {
    /// Loops that were given something to do.
    var loops: [SimulatedSystem] = []
    var hasStarted = false
    var isCancelled = false
    var violation: String?
  }

  @exclusivity(unchecked) private var root: Task<Void, Never>?
  @exclusivity(unchecked) private var isBodyOver = false
  @exclusivity(unchecked) private var isUnwinding = false
  @exclusivity(unchecked) private var isAbandoned = false
  @exclusivity(unchecked) private var stepLimit: Int
  @exclusivity(unchecked) private var timeLimit: Instant
  /// Why the run cannot go on, if so.
  @exclusivity(unchecked) package private(set) var failure: SimulationFailure?

  package init(seed: UInt64, limits: SimulationLimits = SimulationLimits(), keepsWholeTrace: Bool = false) {
    self.seed = seed
    self.limits = limits
    trace = SimulationTrace(capacity: keepsWholeTrace ? nil : limits.traceEvents)
    names = SimulatedNames()
    stepLimit = limits.steps
    timeLimit = Instant.origin.advanced(by: limits.time)
    generator = SeededGenerator(seed: seed)
    schedulingGenerator = generator.split()
  }

  /// A generator for one purpose, whose numbers do not depend on how many others are drawn.
  package func makeGenerator() -> SeededGenerator { generator.split() }

  /// Adds a line to the trace.
  package func note(_ text: String) { trace.record(.note, at: now, host: nil, text: text) }

  /// Adds a line of a program's log to the trace. What it says, an error's own words for instance, is not part of the hash:
  /// it may name an address in memory.
  func log(_ line: String, of host: SimulatedHost) {
    trace.record(.log, at: now, host: host, text: line, hashesText: false)
  }

  // MARK: Threads

  /// Whether the caller is on the world's thread.
  package var isCurrentThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// A loop has been given something to do. From another thread, the first is the body itself; what comes later is a
  /// violation: it runs, so that its task can end, but the run counts as failed.
  func wake(_ loop: SimulatedSystem) {
    if isCurrentThread { return queue(loop) }
    outside.withLock { outside in
      outside.loops.append(loop)
      if outside.hasStarted, outside.violation == nil {
        outside.violation =
          "host \(loop.host.name) was given work by another thread: Task.sleep, a queue, an unstructured task?"
      }
      outside.hasStarted = true
    }
    hasOutsideWork.store(true, ordering: .releasing)
  }

  /// Whether the caller is on the world's thread. If not, the run counts as failed: `what` says who came from outside.
  package func checkThread(_ what: String) -> Bool {
    if isCurrentThread || thread.load(ordering: .relaxed) == 0 { return true }
    outside.withLock { outside in
      if outside.violation == nil { outside.violation = "\(what) on another thread" }
    }
    hasOutsideWork.store(true, ordering: .releasing)
    return false
  }

  private func takeOutsideWork() {
    hasOutsideWork.store(false, ordering: .relaxed)
    let (loops, isCancelled, violation) = outside.withLock { outside in
      defer { outside.loops = [] }
      return (outside.loops, outside.isCancelled, outside.violation)
    }
    for loop in loops { queue(loop) }
    if let violation { fail(.outsideInfluence, violation) }
    if isCancelled { root?.cancel() }
  }

  // MARK: Events

  /// Has `event` happen at `time`, after all others of that time.
  @discardableResult
  func schedule(_ event: SimulatedEvent, at time: Instant) -> TimerID { events.insert(event, at: max(time, now)) }

  func cancel(_ id: TimerID) { _ = events.cancel(id) }

  func dropEvents() { events = TimerHeap() }

  /// How many events are to come.
  package var pendingEvents: Int { events.count }

  /// Gives a loop its turn soon.
  func queue(_ loop: SimulatedSystem) {
    guard !loop.isQueued, !loop.isHeld else { return }
    loop.isQueued = true
    ready.append(loop)
  }

  /// One step: a turn of a loop, or the next event. False when there is neither.
  private func step() -> Bool {
    if !ready.isEmpty {
      // Which loop comes first is as open as it is for threads.
      let index = ready.count == 1 ? 0 : Int.random(in: 0..<ready.count, using: &schedulingGenerator)
      ready.swapAt(index, ready.count - 1)
      let loop = ready.removeLast()
      loop.isQueued = false
      if loop.isHeld { return true }
      trace.mix(UInt64(loop.index))
      loop.takeTurn()
    } else {
      guard let time = events.nextDeadline, time < .distantFuture, let event = events.popDue(at: time) else {
        return false
      }
      if case .timers(let loop) = event {
        guard loop.isDue(at: time) else { return true }
      }
      now = time
      perform(event)
    }
    steps += 1
    return true
  }

  private func perform(_ event: SimulatedEvent) {
    switch event {
    case .timers(let loop): queue(loop)
    case .packet(let pipe): pipe.packetIsDue()
    case .call(let body): body()
    case .onLoop(let loop, let body): loop.perform(body)
    }
  }

  // MARK: The run

  /// Runs `body` on the first loop of `host`, and the world around it on a thread made for it, until `body` has ended
  /// and nothing is ready. `nil` when it could not be made to end; see ``failure``.
  package func run<Value: Sendable>(
    on host: SimulatedHost, _ body: @escaping @Sendable () async throws -> Value
  ) async -> Result<Value, any Error>? {
    let outcome = SimulationOutcome<Value>()
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        // Not a child task: a body that waits for something that never comes must not keep this function from returning
        // with an error. Normally its end is awaited, by way of the world's thread.
        root = Task(executorPreference: host.systems[0].loop) {
          do {
            outcome.set(.success(try await body()))
          } catch {
            outcome.set(.failure(error))
          }
          self.isBodyOver = true
        }
        startThread { continuation.resume() }
      }
    } onCancel: {
      outside.withLock { $0.isCancelled = true }
      hasOutsideWork.store(true, ordering: .releasing)
    }
    return outcome.value
  }

  private func startThread(whenOver: @escaping () -> Void) {
    do throws(SocketError) {
      try SystemThread.start("simulation") {
        self.thread.store(UInt(pthread_self()), ordering: .relaxed)
        self.runUntilOver()
        self.thread.store(0, ordering: .relaxed)
        whenOver()
      }
    } catch {
      failure = SimulationFailure(.noThread, "the system gave no thread for the simulation: \(error)")
      whenOver()
    }
  }

  private func runUntilOver() {
    while !isAbandoned {
      if hasOutsideWork.load(ordering: .acquiring) { takeOutsideWork() }
      if isBodyOver && ready.isEmpty { break }
      checkLimits()
      if step() { continue }
      if isUnwinding {
        // The body was cancelled and still waits: perhaps for another thread, which gets a moment of real time.
        isAbandoned = !awaitOutsideWork()
      } else {
        fail(
          .deadlock,
          "every task waits, and nothing is scheduled that could end it (real time, as of Task.sleep, does not pass here)"
        )
      }
    }
    isOver = true
  }

  private func checkLimits() {
    if steps >= stepLimit {
      isAbandoned = isUnwinding
      fail(.tooManySteps, "the run took more than \(limits.steps) steps")
    }
    if ready.isEmpty, let next = events.nextDeadline, next > timeLimit, next < .distantFuture {
      isAbandoned = isUnwinding
      fail(.tooLong, "the run took more than \(limits.time) of its own time")
    }
  }

  /// Notes why the run cannot go on, and cancels the body so that it ends; it gets some more steps and time to do so.
  func fail(_ code: SimulationFailure.Code, _ message: String) {
    guard !isUnwinding else { return }
    isUnwinding = true
    failure = SimulationFailure(code, message)
    trace.record(.fault, at: now, host: nil, text: message)
    stepLimit = steps + limits.steps / 4 + 100_000
    timeLimit = now.advanced(by: .seconds(3600))
    root?.cancel()
  }

  private func awaitOutsideWork() -> Bool {
    for _ in 0..<1000 {
      if hasOutsideWork.load(ordering: .acquiring) { return true }
      usleep(1000)
    }
    return false
  }
}
