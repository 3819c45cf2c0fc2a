package import SeaThriftTime

/// Runs `body` in a race with a timer: a task group of two, the timer's child task and `body` in the group's own task.
///
/// When `deadline` comes first, `timedOut` is called on the loop; it must make `body` end, for instance by aborting the
/// stream that `body` waits for. When `body` ends first, its timer is cancelled. Either way the loser is awaited before
/// this returns: nothing is left running.
///
/// Must be called on `loop`. The child prefers the loop as its executor, so neither side ever leaves its thread, which
/// is what makes a race cost about a microsecond. `isolation` is a parameter because the standard library's task
/// functions take closures that would leave the caller's actor otherwise.
package func race<Value, Failure: Error>(
  until deadline: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation,
  timedOut: @escaping @Sendable () -> Void, body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
  if deadline == .distantFuture { return try await body() }
  let timer = RaceTimer(loop)
  let result: Result<Value, Failure> = await withDiscardingTaskGroup(isolation: isolation) { group in
    _ = isolation
    group.addImmediateTask(executorPreference: loop) {
      if await timer.sleep(until: deadline) { timedOut() }
    }
    let result: Result<Value, Failure>
    do throws(Failure) {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    timer.cancel()
    return result
  }
  return try result.get()
}

/// Runs `body` as a child task in a race with a timer; when `deadline` comes first, `body` is cancelled and `nil`
/// returned.
///
/// For work that ends by cancellation, such as making a connection. Must be called on `loop`, where both children run.
package func raceCancelling<Value: Sendable, Failure: Error>(
  until deadline: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation,
  body: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value? {
  let timer = RaceTimer(loop)
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
      _ = await timer.sleep(until: deadline)
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

/// A sleep that its owner can end early, without the cost of a cancellation handler.
private final class RaceTimer: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.
  private let loop: EventLoop
  private var id: TimerID?
  private var isCancelled = false

  init(_ loop: EventLoop) { self.loop = loop }

  /// Whether the time came; `false` when the sleep was cancelled.
  func sleep(until deadline: Instant) async -> Bool {
    await withUnsafeContinuation { continuation in
      // A task may be suspended before it gets here, and the race be over by then.
      if isCancelled {
        continuation.resume(returning: false)
      } else {
        id = loop.schedule(at: deadline, .resume(continuation))
      }
    }
  }

  func cancel() {
    isCancelled = true
    guard let id, case .resume(let continuation)? = loop.cancelTimer(id) else { return }
    continuation.resume(returning: false)
  }
}
