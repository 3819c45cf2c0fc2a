public import SeaThriftTime

/// Where instances of a client tell each other which circuits are open, such as Redis.
///
/// Only times to come are exchanged, no instants, so that clocks may differ. What is known is a hint: losing it, or
/// hearing it late, does no harm. A store heeds cancellation, which is how one that takes too long is ended.
///
/// Users implement it; requirements that a later version adds have defaults.
public protocol BreakerStateStore: Sendable {
  /// Says that a circuit is open for so long from now on; zero: that it is closed. The store forgets it after that time.
  nonisolated(nonsending) func setOpen(_ circuit: String, for duration: Duration) async throws
  /// The circuits that are open, whoever said so, and for how much longer.
  nonisolated(nonsending) func openCircuits() async throws -> [String: Duration]
}

/// A store for the clients of one process.
public final class InMemoryBreakerStateStore: BreakerStateStore {
  private let circuits = Lock([String: Instant]())
  private let time: TimeSource

  /// Creates a store in which no circuit is open.
  public init(time: TimeSource = .current) { self.time = time }

  /// Says that a circuit is open for so long from now on; zero: that it is closed.
  public func setOpen(_ circuit: String, for duration: Duration) {
    let until = time.now.advanced(by: duration)
    circuits.withLock { $0[circuit] = duration > .zero ? until : nil }
  }

  /// The circuits that are open, and for how much longer.
  public func openCircuits() -> [String: Duration] {
    let now = time.now
    return circuits.withLock { circuits in
      circuits = circuits.filter { $0.value > now }
      return circuits.mapValues { now.duration(to: $0) }
    }
  }
}
