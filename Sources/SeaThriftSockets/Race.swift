package import SeaThriftTime

/// Runs `body` in a race with a timer: a task group, in whose scope `body` runs, with the timer as its child task.
///
/// There is one for whatever must be over in time, however many waits it consists of: `body` arms the timer before each of
/// them, by ``RaceTimer/arm(until:waking:)``. When the time of a wait comes first, the waiter is told, and `body` ends by
/// itself. When `body` ends first, so does the timer. The child is awaited before this returns, however `body` ended and
/// whether the task was cancelled: nothing is left running.
///
/// Must be called on `loop`. What it costs, and why the child is made like this, is in
/// Documentation/Decisions/timeout-race.md; why `isolation` is a parameter, in
/// Documentation/Decisions/isolation-parameters.md.
///
/// - Parameter isLimited: Whether any wait will be. If not, there is neither a race nor a timer.
///
/// It is inlined where it is called, so that nothing has to be looked up for the type of the body's result.
@inlinable
@inline(__always)
package func race<Value>(
  isLimited: Bool = true, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation,
  body: (RaceTimer?) async -> Value
) async -> Value {
  guard isLimited else { return await body(nil) }
  let timer = loop.takeRaceTimer()
  let value = await withDiscardingTaskGroup(isolation: isolation) { group in
    _ = isolation
    timer.begin()
    group.addTask(executorPreference: timer, operation: RaceTimer.child)
    let value = await body(timer)
    timer.end()
    return value
  }
  loop.giveBack(timer)
  return value
}

/// Runs `body`, which waits for one thing, in a race with the time until `deadline`; without a deadline there is no race.
///
/// - Parameter waiter: Is told when the time is over, which must make `body` end.
/// - Returns: Whether the time was over before `body` ended.
@discardableResult
package func race(
  until deadline: Instant, waking waiter: any TimedWaiter, on loop: EventLoop,
  isolation: isolated (any Actor)? = #isolation, body: () async -> Void
) async -> Bool {
  await race(isLimited: deadline != .distantFuture, on: loop) { timer in
    _ = isolation
    timer?.arm(until: deadline, waking: waiter)
    await body()
    return timer?.hasFired == true
  }
}

/// Something that a task waits for on a loop, for a limited time.
package protocol TimedWaiter: AnyObject {
  /// The time is over: whoever waits must go on. Called on the loop.
  func timeIsOver()
}

/// The timer of a race, and the executor of the child task that stands for it in the race's group.
///
/// The child has nothing to do but to take its time, so it need not run for that: the timer holds its job until the race
/// is over, and then runs it to its end. This spares the child's suspension, and two changes of tasks.
@usableFromInline
package final class RaceTimer: TaskExecutor, @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  @usableFromInline
  package static let child: @isolated(any) @Sendable () async -> Void = {}

  // Unowned: the loop keeps its spare timers, and whoever races keeps the loop.
  unowned(unsafe) private let loop: EventLoop
  @exclusivity(unchecked) private var job: UnownedJob?
  @exclusivity(unchecked) private var timer: TimerID?
  @exclusivity(unchecked) private var waiter: (any TimedWaiter)?
  @exclusivity(unchecked) private var deadline = Instant.distantFuture
  /// Whether the time of the last wait that it was armed for is over.
  @exclusivity(unchecked) package private(set) var hasFired = false
  /// How late the loop was when it fired.
  @exclusivity(unchecked) package private(set) var lateness = Duration.zero

  init(on loop: EventLoop) { self.loop = loop }

  /// Forgets the race before.
  @usableFromInline
  package func begin() { hasFired = false }

  @usableFromInline
  package func enqueue(_ job: consuming ExecutorJob) {
    loop.assertIsCurrent()
    self.job = UnownedJob(job)
  }

  /// Limits the wait that comes next, and no longer the one before.
  ///
  /// - Parameters:
  ///   - deadline: When the wait has to be over; it is unlimited for ``Instant/distantFuture``.
  ///   - waiter: Is told once when that time has come, unless the timer was disarmed or armed anew before.
  package func arm(until deadline: Instant, waking waiter: any TimedWaiter) {
    disarm()
    hasFired = false
    guard deadline != .distantFuture else { return }
    self.deadline = deadline
    self.waiter = waiter
    timer = loop.schedule(at: deadline, .call { self.fire() })
  }

  /// The wait is over.
  package func disarm() {
    guard let timer else { return }
    loop.cancelTimer(timer)
    self.timer = nil
    waiter = nil
  }

  private func fire() {
    timer = nil
    lateness = deadline.duration(to: loop.now)
    hasFired = true
    let waiter = waiter
    self.waiter = nil
    waiter?.timeIsOver()
  }

  /// The body has ended: so does the child, before anybody awaits it.
  @usableFromInline
  package func end() {
    disarm()
    guard let job else { return }
    self.job = nil
    job.runSynchronously(on: asUnownedTaskExecutor())
  }
}
