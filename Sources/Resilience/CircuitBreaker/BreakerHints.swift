public import SeaThriftTime

/// What other instances say about circuits, and what this one has to say: the connection to a ``BreakerStateStore``.
///
/// Breakers read and write here, in memory; ``run()`` is what talks to the store. So a store that is slow or fails delays
/// no call and fails none: what was heard from it expires, and breakers go by what they see themselves, as without it.
public final class BreakerHints: Sendable {
  private struct State {
    var open: [String: Instant] = [:]
    /// What the store is to be told: until when a circuit is open.
    var news: [String: Instant] = [:]
  }

  private let state = Lock(State())
  private let store: any BreakerStateStore
  private let refresh: Duration
  private let time: TimeSource
  /// For how long a success that an endpoint's breaker has seen itself outweighs every hint.
  let trust: Duration

  /// Creates a connection that has heard nothing yet.
  ///
  /// - Parameters:
  ///   - store: what the instances share.
  ///   - refresh: how often the store is asked and told, and how long it has for that; from 1 ms to 366 days.
  ///   - trust: for how long a success that an instance has measured itself outweighs what the others say; up to 366 days.
  ///   - time: the clock; by default ``TimeSource/current``.
  /// - Throws: ``PolicyError``, when a value is out of its range.
  public init(
    _ store: any BreakerStateStore, refresh: Duration = .seconds(1), trust: Duration = .seconds(10),
    time: TimeSource = .current
  ) throws(PolicyError) {
    try PolicyCheck("BreakerHints").check("refresh", refresh, atLeast: .milliseconds(1))
    try PolicyCheck("BreakerHints").check("trust", trust, atLeast: .zero)
    self.store = store
    self.refresh = refresh
    self.trust = trust
    self.time = time
  }

  /// Asks and tells the store until the task is cancelled. Errors of the store are passed over: the next time it may work.
  public nonisolated(nonsending) func run() async {
    while !Task.isCancelled {
      let limit = time.now.advanced(by: refresh)
      _ = try? await withTimeLimit(until: limit, time) { [self] in
        try await tell()
        try await ask()
      }
      try? await time.sleep(until: limit)
    }
  }

  private func tell() async throws {
    let news = state.withLock { state in
      defer { state.news = [:] }
      return state.news
    }
    for (circuit, until) in news.sorted(by: { $0.key < $1.key }) {
      try await store.setOpen(circuit, for: max(.zero, time.now.duration(to: until)))
    }
  }

  private func ask() async throws {
    let answer = try await store.openCircuits()
    let now = time.now
    state.withLock { $0.open = answer.mapValues { now.advanced(by: $0) } }
  }

  /// Until when others say that a circuit is open; nil when they do not say so, or it is past.
  func openUntil(_ circuit: String, at now: Instant) -> Instant? {
    state.withLock { state in
      guard let until = state.open[circuit], until > now else { return nil }
      return until
    }
  }

  /// Notes what this instance has seen itself; for a closed circuit an instant that is not to come.
  func note(_ circuit: String, openUntil until: Instant) {
    state.withLock { state in
      state.news[circuit] = until
      // What one has seen oneself is no hint.
      state.open[circuit] = nil
    }
  }
}
