package import SeaThriftTime

extension SimulatedWorld {
  /// Suspends the task until `deadline` of the world's time.
  package func sleep(until deadline: Instant) async throws(CancellationError) {
    let sleeper = Sleeper(self)
    await withTaskCancellationHandler {
      await sleeper.wait(until: deadline)
    } onCancel: {
      perform { sleeper.cancel() }
    }
    if sleeper.wasCancelled { throw CancellationError() }
  }

  /// Calls `body` at `time`, with no loop being current.
  package func call(at time: Instant, _ body: @escaping @Sendable () -> Void) { schedule(.call(body), at: time) }

  /// Runs `body` now; on the world's thread in any case.
  private func perform(_ body: @escaping @Sendable () -> Void) {
    if isCurrentThread { body() } else { hosts[0].systems[0].loop.execute(body) }
  }
}

/// A task that waits for a time of the world.
private final class Sleeper: @unchecked Sendable {
  // @unchecked: confined to the world's thread.

  private let world: SimulatedWorld
  private var timer: TimerID?
  private var continuation: UnsafeContinuation<Void, Never>?
  private(set) var wasCancelled = false

  init(_ world: SimulatedWorld) { self.world = world }

  func wait(until deadline: Instant) async {
    guard world.checkThread("a task sleeps") else { return }
    await withUnsafeContinuation { continuation in
      if wasCancelled {
        continuation.resume()
        return
      }
      self.continuation = continuation
      world.sleepers += 1
      timer = world.schedule(.call { self.wake() }, at: deadline)
    }
  }

  func cancel() {
    wasCancelled = true
    if let timer { world.cancel(timer) }
    wake()
  }

  private func wake() {
    guard let waiter = continuation else { return }
    continuation = nil
    world.sleepers -= 1
    waiter.resume()
  }
}
