import Glibc
package import SeaThriftTime
import Synchronization

/// One thread of the network: at once an executor for tasks and actors, a clock, a set of timers, and the maker of
/// streams and listeners.
///
/// This class holds what the kernel's loop and the simulated one share: the job queue and the timers. Its subclasses
/// supply time, randomness, waiting and sockets; nothing above this layer can tell which one it runs on.
///
/// Everything is confined to the loop's thread, except ``enqueue(_:)`` and ``execute(_:)``.
package class EventLoop: TaskExecutor, @unchecked Sendable {
  // @unchecked: all mutable state is touched by the loop's own thread only, save `inbox`, which has a lock.

  private struct Inbox {
    var work: [Work] = []
    var isAsleep = false
  }

  /// What a loop runs.
  enum Work {
    /// A task that prefers this loop.
    case job(UnownedJob)
    /// A task inside an actor of this loop.
    case actorJob(UnownedJob)
    case call(@Sendable () -> Void)
  }

  /// How many jobs run before the sockets are looked at again, so that busy tasks cannot starve them.
  private static let jobsPerTurn = 1024

  private let inbox = Lock(Inbox())
  private let ownerThread = Atomic<UInt>(0)
  @exclusivity(unchecked) private var ready: [Work] = []
  @exclusivity(unchecked) private var readyHead = 0
  @exclusivity(unchecked) private var arrivals: [Work] = []
  @exclusivity(unchecked) private var timers = TimerHeap<TimerAction>()
  @exclusivity(unchecked) private var turnEndObservers: [any TurnEndObserver] = []

  /// The loop as the executor of actors. Set at the end of `init`, which must be over to name `self`.
  @exclusivity(unchecked) package private(set) var actorExecutor: ActorExecutor!

  init() { actorExecutor = ActorExecutor(of: self) }

  // MARK: What a subclass supplies

  /// The time now.
  package var now: Instant { subclassMustOverride() }

  /// The next 64 random bits of this loop's generator; for jitter and balancing, not for secrets.
  package func random() -> UInt64 { subclassMustOverride() }

  /// Waits for events until `deadline` (`nil`: without end), then marks the streams that became ready.
  func waitForEvents(until deadline: Instant?) { subclassMustOverride() }

  /// Ends a ``waitForEvents(until:)`` that another thread is in, or the next one.
  func wakeUp() { subclassMustOverride() }

  /// Starts a connection to `address`; throws when it cannot succeed. Called on the loop.
  package func connect(to address: SocketAddress) async throws(SocketError) -> ByteStream { subclassMustOverride() }

  /// Listens at `address`. Called on the loop.
  package func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> Listener {
    subclassMustOverride()
  }

  /// Finds the addresses of a host name without holding up the loop. Called on the loop.
  package func resolve(_ host: String, port: UInt16) async throws(SocketError) -> [SocketAddress] {
    subclassMustOverride()
  }

  private func subclassMustOverride() -> Never { fatalError("EventLoop is abstract: only its subclasses are made") }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { ready.append(.job(job)) } else { post(.job(job)) }
  }

  /// Resumes a task that waits on this loop, and runs it until it suspends or ends before this returns.
  ///
  /// For a task that has nothing more to do: whoever waits for its end need not suspend then.
  func resumeAtOnce(_ continuation: UnsafeContinuation<Bool, Never>, returning value: Bool) {
    let count = ready.count
    continuation.resume(returning: value)
    if ready.count > count { run(ready.removeLast()) }
  }

  func enqueueForActor(_ job: UnownedJob) {
    if isCurrent { ready.append(.actorJob(job)) } else { post(.actorJob(job)) }
  }

  /// Whether the calling thread is the one that runs this loop.
  package var isCurrent: Bool { ownerThread.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// Stops a debug build at the first access from another thread: everything here relies on there being none.
  @inline(__always)
  package func assertIsCurrent() { assert(isCurrent, "not on the thread of this event loop") }

  /// Makes the calling thread the loop's own.
  func takeOwnership() { ownerThread.store(UInt(pthread_self()), ordering: .relaxed) }

  /// Makes no thread the loop's own; a simulation does so between the turns of the loop.
  func dropOwnership() { ownerThread.store(0, ordering: .relaxed) }

  /// Runs `body` on the loop: at once when called there, soon otherwise.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { post(.call(body)) }
  }

  /// Hands work to the loop from elsewhere: another thread, or another loop of a simulation.
  func post(_ work: Work) {
    let mustWake = inbox.withLock { inbox in
      inbox.work.append(work)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep
    }
    if mustWake { wakeUp() }
  }

  /// Runs `body` on the loop and waits for it, wherever the caller is.
  package func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withTaskExecutorPreference(self) {
      await Self.leavingTheActor {
        do throws(Failure) {
          return .success(try await body())
        } catch {
          return .failure(error)
        }
      }
    }
    return try result.get()
  }

  /// Runs `body`, which calls an actor of this loop, with the loop as the executor that the task prefers.
  ///
  /// An actor's executor does not suffice: a task that has waited for a child task comes back by way of the executor that
  /// it prefers, the global one if none, and only then goes to the actor's. That is two changes of thread for each wait.
  package func preferred<Failure: Error>(for body: () async throws(Failure) -> Void) async throws(Failure) {
    if isCurrent { return try await body() }
    try await withTaskExecutorPreference(self, operation: body)
  }

  /// Without an actor, a task runs where it prefers to; with the caller's it would stay there.
  @concurrent
  private static func leavingTheActor<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value {
    await body()
  }

  // MARK: Timers

  /// Calls `action` at `deadline` on the loop.
  package func schedule(at deadline: Instant, _ action: TimerAction) -> TimerID {
    assertIsCurrent()
    return timers.insert(action, at: deadline)
  }

  /// Forgets a timer. `nil` when it has fired or was cancelled before.
  @discardableResult
  package func cancelTimer(_ id: TimerID) -> TimerAction? {
    assertIsCurrent()
    return timers.cancel(id)
  }

  /// How many timers are pending; for tests of what is left behind.
  package var pendingTimers: Int { timers.count }

  // MARK: Turns

  /// Has `observer` told once when the jobs that are ready now have run, before the loop waits again.
  package func atEndOfTurn(_ observer: any TurnEndObserver) { turnEndObservers.append(observer) }

  /// Runs what is ready, then waits for more; one round of the loop.
  func runTurn() {
    fireTimers()
    takeInbox()
    runReadyJobs()
    endTurn()
    let mayWait = readyHead == ready.count && inboxIsEmptyBeforeSleep()
    waitForEvents(until: mayWait ? timers.nextDeadline : .origin)
    inbox.withLock { $0.isAsleep = false }
  }

  // A simulated loop has no thread of its own: its world calls these, in place of `runTurn()`, on the world's thread.

  /// Adds work at the end of the queue.
  final func append(_ work: Work) { ready.append(work) }

  /// Whether work waits for its turn.
  final var hasReadyWork: Bool { readyHead < ready.count }

  /// When the first timer is due.
  final var nextTimer: Instant? { timers.nextDeadline }

  /// A turn without the waiting.
  final func runReadyWork() {
    fireTimers()
    runReadyJobs()
    endTurn()
  }

  private func fireTimers() {
    guard timers.count > 0 else { return }
    let now = now
    while let action = timers.popDue(at: now) { action.fire() }
  }

  private func takeInbox() {
    // Two arrays change places, so that neither is allocated anew.
    inbox.withLock { swap(&$0.work, &arrivals) }
    guard !arrivals.isEmpty else { return }
    ready.append(contentsOf: arrivals)
    arrivals.removeAll(keepingCapacity: true)
  }

  private func runReadyJobs() {
    var budget = Self.jobsPerTurn
    while readyHead < ready.count, budget > 0 {
      let work = ready[readyHead]
      readyHead += 1
      budget -= 1
      run(work)
    }
    if readyHead == ready.count {
      ready.removeAll(keepingCapacity: true)
      readyHead = 0
    } else if readyHead > Self.jobsPerTurn {
      ready.removeFirst(readyHead)
      readyHead = 0
    }
  }

  @inline(__always)
  private func run(_ work: Work) {
    switch work {
    case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
    case .actorJob(let job):
      job.runSynchronously(
        isolatedTo: actorExecutor.asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    case .call(let body): body()
    }
  }

  private func endTurn() {
    guard !turnEndObservers.isEmpty else { return }
    let observers = turnEndObservers
    turnEndObservers.removeAll(keepingCapacity: true)
    for observer in observers { observer.turnEnded() }
  }

  private func inboxIsEmptyBeforeSleep() -> Bool {
    inbox.withLock { inbox in
      inbox.isAsleep = inbox.work.isEmpty
      return inbox.isAsleep
    }
  }
}

/// What happens when a timer is due.
package enum TimerAction {
  /// Resumes a task that sleeps, with `true`: the time has come.
  case resume(UnsafeContinuation<Bool, Never>)
  /// Calls a function on the loop.
  case call(() -> Void)

  func fire() {
    switch self {
    case .resume(let continuation): continuation.resume(returning: true)
    case .call(let body): body()
    }
  }
}

/// Wants to know once when the jobs of a turn have run; see ``EventLoop/atEndOfTurn(_:)``.
package protocol TurnEndObserver: AnyObject {
  /// All that was ready has run; the loop is about to wait.
  func turnEnded()
}
