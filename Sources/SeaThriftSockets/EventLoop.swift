import Glibc
package import SeaThriftTime
import Synchronization

/// One thread of the network: at once an executor for tasks and actors, a clock, a set of timers, and the maker of
/// streams and listeners.
///
/// It takes turns: what its ``LoopSystem`` has told it of runs first, then what other threads have handed in, then the
/// timers that are due. So a reply that has arrived is read before its timeout is heeded, however late the loop is.
///
/// Everything is confined to the loop's thread, except ``enqueue(_:)`` and ``execute(_:)``.
@usableFromInline
package final class EventLoop: TaskExecutor, @unchecked Sendable {
  // @unchecked: all mutable state is touched by the loop's own thread only, save `inbox`, which has a lock.

  private struct Inbox {
    var work: [Work] = []
    /// Whether the loop has to be woken when something is put in.
    var isAsleep = true

    /// False when there is something to do first.
    mutating func fallAsleep() -> Bool {
      isAsleep = work.isEmpty
      return isAsleep
    }
  }

  /// What a loop runs.
  enum Work {
    /// A task that prefers this loop.
    case job(UnownedJob)
    /// A task inside an actor of this loop.
    case actorJob(UnownedJob)
    case call(@Sendable () -> Void)
  }

  /// How many jobs run before the sockets and timers are looked at again, so that busy tasks cannot starve them.
  private static let jobsPerTurn = 1024
  /// How long jobs run before that, in nanoseconds; looked at after every few jobs.
  private static let turnTime: Int64 = 2_000_000
  private static let jobsPerLook = 8
  private static let mostSpareTimers = 1024
  /// A timer that fires later than this says more about this process than about what it was set for.
  package static let stallThreshold = Duration.milliseconds(50)

  private let system: any LoopSystem
  private let wantsEveryWakeUp: Bool
  private let inbox = Lock(Inbox())
  private let ownerThread = Atomic<UInt>(0)
  @exclusivity(unchecked) private var ready: [Work] = []
  @exclusivity(unchecked) private var readyHead = 0
  @exclusivity(unchecked) private var arrivals: [Work] = []
  @exclusivity(unchecked) private var yielded: [UnsafeContinuation<Void, Never>] = []
  @exclusivity(unchecked) private var timers = TimerHeap<TimerAction>()
  @exclusivity(unchecked) private var lastStall = Instant(nanoseconds: .min)
  /// Those of races that are over, for the next ones.
  @exclusivity(unchecked) private var raceTimers: [RaceTimer] = []
  @exclusivity(unchecked) private var turnEndObservers: [any TurnEndObserver] = []

  /// The loop as the executor of actors. Set at the end of `init`, which must be over to name `self`.
  @exclusivity(unchecked) package private(set) var actorExecutor: ActorExecutor!

  init(_ system: any LoopSystem) {
    self.system = system
    wantsEveryWakeUp = system.wantsEveryWakeUp
    actorExecutor = ActorExecutor(of: self)
  }

  // MARK: The system

  /// The time now.
  package var now: Instant { system.now }

  /// The next 64 random bits of this loop's generator; for jitter and balancing, not for secrets.
  package func random() -> UInt64 { system.random() }

  /// Connects to `address`. When the task is cancelled, it ends with the code `cancelled`; when `deadline` comes first, with
  /// `timedOut`. Called on the loop.
  package func connect(
    to address: SocketAddress, _ options: SocketOptions = SocketOptions(), until deadline: Instant = .distantFuture
  ) async throws(SocketError) -> ByteStream {
    let stream = ByteStream(try system.connect(to: address, options), on: self)
    try await stream.open(until: deadline)
    return stream
  }

  /// Listens at `address`. Called on the loop.
  package func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> Listener {
    try Listener(try system.listen(on: address, backlog: backlog), on: self)
  }

  /// Finds the addresses of a host name without holding up the loop; those of a literal address at once. Called on the
  /// loop.
  package func resolve(_ host: String, port: UInt16) async throws(SocketError) -> [SocketAddress] {
    if let literal = SocketAddress(literal: host, port: port) { return [literal] }
    return try await system.resolve(host, port: port, on: self)
  }

  /// The system, for what belongs to it.
  func system<System: LoopSystem>(as type: System.Type) -> System? { system as? System }

  // MARK: Executor

  @usableFromInline
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { ready.append(.job(job)) } else { post(.job(job)) }
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

  /// Makes no thread the loop's own; a loop that has no thread for itself is left so between its turns.
  func dropOwnership() { ownerThread.store(0, ordering: .relaxed) }

  /// Runs `body` on the loop: at once when called there, soon otherwise.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { post(.call(body)) }
  }

  private func post(_ work: Work) {
    let mustWake = inbox.withLock { inbox in
      inbox.work.append(work)
      defer { inbox.isAsleep = false }
      return inbox.isAsleep
    }
    if mustWake || wantsEveryWakeUp { system.wakeUp() }
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

  /// A timer for one race, to be given back by ``giveBack(_:)``.
  @usableFromInline
  package func takeRaceTimer() -> RaceTimer {
    assertIsCurrent()
    return raceTimers.popLast() ?? RaceTimer(on: self)
  }

  @usableFromInline
  package func giveBack(_ timer: RaceTimer) {
    if raceTimers.count < Self.mostSpareTimers { raceTimers.append(timer) }
  }

  /// How many timers are pending; for tests of what is left behind.
  package var pendingTimers: Int { timers.count }

  /// Whether the loop has stood still since then, for longer than ``stallThreshold``, as far as a timer was late for it.
  /// What took long meanwhile says nothing about others.
  package func hasStalled(since start: Instant) -> Bool { lastStall >= start }

  /// When the first timer is due.
  var nextTimer: Instant? { timers.nextDeadline }

  // MARK: Turns

  /// The number of the turn that the loop is in.
  @exclusivity(unchecked) package private(set) var turn: UInt64 = 1

  /// Has `observer` told once when the jobs that are ready now have run, before the loop waits again.
  package func atEndOfTurn(_ observer: any TurnEndObserver) { turnEndObservers.append(observer) }

  /// Suspends the task until the sockets have been looked at again, and what they brought has had its turn.
  ///
  /// For a task that could go on for long without waiting: everything else on the loop gets its turn in between.
  package func yieldTurn() async {
    await withUnsafeContinuation { yielded.append($0) }
  }

  /// Whether work waits for its turn.
  var hasReadyWork: Bool { readyHead < ready.count || !yielded.isEmpty }

  /// Whether there is work, also such as was handed in since the last turn.
  var hasWork: Bool { hasReadyWork || inbox.withLock { !$0.work.isEmpty } }

  /// What has to be known before waiting for events: until when; ``Instant/origin`` is not at all, nil without end.
  func beginWait() -> Instant? {
    guard !hasReadyWork, inbox.withLock({ $0.fallAsleep() }) else { return .origin }
    return timers.nextDeadline
  }

  /// The wait is over.
  func endWait() { inbox.withLock { $0.isAsleep = false } }

  /// One round of the loop, after the system has told of what happened.
  func runTurn() {
    turn &+= 1
    let looked = noteStall()
    resumeYielded()
    takeInbox()
    runReadyJobs()
    if fireTimers(dueAt: looked) { runReadyJobs() }
    endTurn()
  }

  private func resumeYielded() {
    guard !yielded.isEmpty else { return }
    let waiting = yielded
    yielded.removeAll(keepingCapacity: true)
    for continuation in waiting { continuation.resume() }
  }

  /// - Parameter looked: When the system was looked at. What has become due since then fires after the next look: jobs may
  ///   have held up the loop for long, and a reply may have arrived meanwhile.
  private func fireTimers(dueAt looked: Instant) -> Bool {
    var hasFired = false
    while let action = timers.popDue(at: looked) {
      action.fire()
      hasFired = true
    }
    return hasFired
  }

  /// Looks whether a timer is late for this loop having stood still: before what was done meanwhile is judged, such as a
  /// call that its caller gives up.
  ///
  /// - Returns: The time now, if there is any timer.
  private func noteStall() -> Instant {
    guard let due = timers.nextDeadline else { return .origin }
    let now = now
    if due.duration(to: now) > Self.stallThreshold { lastStall = now }
    return now
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
    var end: Int64?
    while readyHead < ready.count, budget > 0 {
      let work = ready[readyHead]
      readyHead += 1
      budget -= 1
      run(work)
      if budget % Self.jobsPerLook == 0 {
        let now = now.nanoseconds
        if let end, now >= end { break }
        end = end ?? now + Self.turnTime
      }
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
}

/// What happens when a timer is due.
package enum TimerAction {
  /// Resumes a task that sleeps.
  case resume(UnsafeContinuation<Void, Never>)
  /// Calls a function on the loop.
  case call(() -> Void)

  func fire() {
    switch self {
    case .resume(let continuation): continuation.resume()
    case .call(let body): body()
    }
  }
}

/// Wants to know once when the jobs of a turn have run; see ``EventLoop/atEndOfTurn(_:)``.
package protocol TurnEndObserver: AnyObject {
  /// All that was ready has run; the loop is about to wait.
  func turnEnded()
}
