import SeaThriftSockets
public import SeaThriftTime

/// The time of a simulated world, for code that takes its clock as a parameter.
///
/// Sleeping costs no real time: when every task waits, time jumps ahead.
public struct WorldClock: Clock {
  let core: SimulatedWorld

  /// The time now.
  public var now: Instant { core.now }

  /// A nanosecond.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// Suspends the task until `deadline`; `tolerance` is ignored.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public nonisolated(nonsending) func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    try await core.sleep(until: deadline)
  }
}
