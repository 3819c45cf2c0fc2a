package import SeaThriftTime

/// Runs `body` in a race with a timer: two tasks in one scope, the timer's child task and the one that `body` is in.
///
/// When `deadline` comes first, `timedOut` is called on the loop; it must make `body` end, for instance by aborting the
/// stream that `body` waits for. When `body` ends first, its timer is cancelled. Either way the loser is awaited before
/// this returns: nothing is left running.
///
/// Must be called on `loop`. Both sides run there, which is what makes a race cost about two microseconds. Why the child
/// is one of an `async let`, not of a `TaskGroup`, is in Documentation/Decisions/timeout-race.md; why `isolation` is a
/// parameter, in Documentation/Decisions/isolation-parameters.md.
package func race<Value, Failure: Error>(
  until deadline: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation,
  timedOut: @escaping @Sendable () -> Void, body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
  if deadline == .distantFuture { return try await body() }
  var result: Result<Value, Failure>?
  await race(until: deadline, with: RaceTimer(on: loop, timedOut: timedOut)) {
    _ = isolation
    do throws(Failure) {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
  }
  guard let result else { fatalError("a race has run its body") }
  return try result.get()
}

/// Runs `body` likewise in a race with a timer that is used again and again, for one race at a time.
///
/// It is not generic, for being called often: nothing has to be looked up for the types of the body's result.
@inline(__always)
package func race(
  until deadline: Instant, with timer: RaceTimer, isolation: isolated (any Actor)? = #isolation,
  body: () async -> Void
) async {
  if deadline == .distantFuture {
    timer.disarm()
    return await body()
  }
  timer.arm(deadline)
  async let timing: Void = timer.run()
  await body()
  timer.cancel()
  await timing
}

/// Runs `body` as a child task in a race with a timer; when `deadline` comes first, `body` is cancelled and `nil`
/// returned.
///
/// For work that ends by cancellation, such as making a connection. Must be called on `loop`, where both children run.
package func raceCancelling<Value: Sendable, Failure: Error>(
  until deadline: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation,
  body: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value? {
  let timer = RaceTimer(on: loop, timedOut: {})
  timer.arm(deadline)
  let result: Result<Value, Failure>? = await withTaskGroup(
    of: Result<Value, Failure>?.self, isolation: isolation
  ) { group in
    _ = isolation
    group.addImmediateTask(executorPreference: loop) {
      do throws(Failure) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    }
    group.addImmediateTask(executorPreference: loop) {
      _ = await withUnsafeContinuation { timer.start($0) }
      return nil
    }
    guard let first = await group.next() else { return nil }
    group.cancelAll()
    timer.cancel()
    let second = await group.next() ?? nil
    // A success that came just after the deadline is there: it is better used than thrown away.
    if first == nil, case .success? = second { return second }
    return first
  }
  return try result?.get()
}

/// The timer of a race: the sleep of its child task, which the race ends early without the cost of a cancellation handler.
package final class RaceTimer: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  private enum State {
    /// There is no race, or it has no deadline.
    case idle
    /// The child is yet to begin.
    case armed(Instant)
    case sleeping(TimerID, UnsafeContinuation<Void, Never>)
    /// The body has ended first.
    case cancelled
    case fired
  }

  let loop: EventLoop
  package let timedOut: @Sendable () -> Void
  @exclusivity(unchecked) private var state = State.idle
  @exclusivity(unchecked) private var deadline = Instant.distantFuture
  /// How late the loop was when it fired.
  @exclusivity(unchecked) package private(set) var lateness = Duration.zero

  /// Creates a timer for one race at a time.
  ///
  /// - Parameter timedOut: Called on the loop when a race's time is over and its body has not ended; must make it end.
  package init(on loop: EventLoop, timedOut: @escaping @Sendable () -> Void) {
    self.loop = loop
    self.timedOut = timedOut
  }

  /// Whether the time of the race was over before its body ended.
  package var hasFired: Bool { if case .fired = state { true } else { false } }

  func arm(_ deadline: Instant) {
    self.deadline = deadline
    state = .armed(deadline)
  }

  func disarm() { state = .idle }

  /// What the child task of a race does.
  @inline(__always)
  nonisolated(nonsending) fileprivate func run() async {
    // A child prefers the executor that its parent prefers; the loop, but for a parent that is there by `Task.immediate`.
    if !loop.isCurrent { return await runOnLoop() }
    await sleep()
  }

  private func runOnLoop() async {
    await withTaskExecutorPreference(loop) { await sleep() }
  }

  @inline(__always)
  private nonisolated(nonsending) func sleep() async {
    await withUnsafeContinuation { start($0) }
  }

  /// Resumes `continuation` at the deadline, or when the race is over.
  func start(_ continuation: UnsafeContinuation<Void, Never>) {
    // The race may be over before the child begins.
    guard case .armed(let deadline) = state else { return continuation.resume() }
    state = .sleeping(loop.schedule(at: deadline, .call { self.fire() }), continuation)
  }

  private func fire() {
    guard case .sleeping(_, let continuation) = state else { return }
    lateness = deadline.duration(to: loop.now)
    state = .fired
    timedOut()
    continuation.resume()
  }

  /// The body has ended. A timer that has fired stays so.
  func cancel() {
    switch state {
    case .idle, .cancelled, .fired: break
    case .armed: state = .cancelled
    case .sleeping(let id, let continuation):
      state = .cancelled
      loop.cancelTimer(id)
      loop.resumeAtOnce(continuation)
    }
  }
}
