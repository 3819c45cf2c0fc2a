public import SeaThriftTime
import Synchronization

extension Hedge {
  /// Hedging at work: all calls that are run through it share what is known of their latencies.
  public final class Runner: Sendable {
    private let machine: Lock<HedgeStateMachine>
    private let time: TimeSource

    /// Creates a runner that knows nothing yet.
    ///
    /// - Throws: when a field of the policy is out of its range.
    public init(_ policy: Hedge = Hedge(), time: TimeSource = .current) throws(PolicyError) {
      try policy.validate()
      machine = Lock(HedgeStateMachine(policy))
      self.time = time
    }

    /// Runs `body`, and once more beside it when it is slow; the first success counts, the other is cancelled and awaited.
    ///
    /// - Parameters:
    ///   - budget: Retries whose budget the second attempt is drawn from.
    ///   - body: What may run twice without harm.
    /// - Throws: the error of the attempt that failed last.
    public func run<Value: Sendable>(
      sharing budget: Retry.Runner? = nil, _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
      try await run(
        allowing: { [time] in
          let now = time.now
          return budget?.budget.withLock { $0?.withdrawHedge(at: now) ?? true } ?? true
        }, body)
    }

    /// Runs `body` likewise; `allowing` is asked before a second attempt begins. When that throws ``LateHedge``, it counts
    /// as if it had not begun.
    package func run<Value: Sendable>(
      allowing: @escaping @Sendable () -> Bool, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
      let start = time.now
      guard let delay = machine.withLock({ $0.callBegan(at: start) }) else { return try await measured(body) }
      // Said the moment an attempt ends: its result may reach the group only after the end of the delay.
      let ending = Ending()
      return try await withTaskGroup(of: HedgeEnd<Value>.self) { group in
        // Children of the group, which is left only when all have ended: the first attempt, and when a second is due.
        group.addTask { await self.attempt(body, ending) }
        group.addTask { [time] in
          do { try await time.sleep(until: start.advanced(by: delay)) } catch { return .cancelled }
          return .due
        }
        var running = 1
        var result: Result<Value, any Error>?
        while let end = await group.next() {
          switch end {
          case .due:
            if ending.hasBegun || Task.isCancelled || Retry.isSuppressed { continue }
            guard self.isDue(), allowing() else { continue }
            running += 1
            // The second attempt, a child as the first one is.
            group.addTask { await self.attempt(body, ending) }
          case .ended(let ended):
            running -= 1
            if case .success? = result { continue }
            result = ended
            if case .success = ended { group.cancelAll() }
            if running == 0 { group.cancelAll() }
          case .late:
            running -= 1
            if running == 0 { group.cancelAll() }
          case .cancelled: break
          }
        }
        return result ?? .failure(CancellationError())
      }.get()
    }

    private func isDue() -> Bool {
      let now = time.now
      return machine.withLock { $0.beginHedge(at: now) }
    }

    private func attempt<Value: Sendable>(
      _ body: @Sendable () async throws -> Value, _ ending: Ending
    ) async -> HedgeEnd<Value> {
      defer { ending.begin() }
      do {
        return .ended(.success(try await measured(body)))
      } catch is LateHedge {
        return .late
      } catch {
        return .ended(.failure(error))
      }
    }

    private func measured<Value>(_ body: () async throws -> Value) async throws -> Value {
      let start = time.now
      let value = try await body()
      let end = time.now
      machine.withLock { $0.record(start.duration(to: end), at: end) }
      return value
    }
  }

  /// A runner of this policy.
  ///
  /// - Throws: when a field is out of its range.
  public func runner(time: TimeSource = .current) throws(PolicyError) -> Runner { try Runner(self, time: time) }
}

/// Whether an attempt of a hedged call has ended.
private final class Ending: Sendable {
  private let flag = Atomic<Bool>(false)

  var hasBegun: Bool { flag.load(ordering: .acquiring) }

  func begin() { flag.store(true, ordering: .releasing) }
}

private enum HedgeEnd<Value: Sendable>: Sendable {
  case ended(Result<Value, any Error>)
  case due
  /// A second attempt that was not made.
  case late
  case cancelled
}

/// Thrown in place of a second attempt when the first has ended meanwhile.
package struct LateHedge: Error {
  package init() {}
}
