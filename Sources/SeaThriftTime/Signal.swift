/// A value that comes later, from any thread, awaited by one task. The first that is given counts.
package final class Signal<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(UnsafeContinuation<Value?, Never>)
    /// Nil when the wait was ended without a value.
    case settled(Value?)
  }

  private let state = Lock(State.empty)

  package init() {}

  /// Gives the value. False when there was one before, or nobody waits any more.
  @discardableResult
  package func give(_ value: Value) -> Bool { settle(value) }

  /// Ends the wait without a value, as if the task that waits had been cancelled.
  package func dismiss() { settle(nil) }

  /// Waits for the value.
  ///
  /// - Throws: when the task is cancelled, or the signal dismissed, before it is there.
  package func value(isolation: isolated (any Actor)? = #isolation) async throws(CancellationError) -> Value {
    let value = await withTaskCancellationHandler {
      _ = isolation
      return await withUnsafeContinuation { continuation in
        let known: Value?? = state.withLock { state in
          if case .settled(let value) = state { return value }
          state = .waiting(continuation)
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      dismiss()
    }
    guard let value else { throw CancellationError() }
    return value
  }

  @discardableResult
  private func settle(_ value: Value?) -> Bool {
    let (isFirst, waiter): (Bool, UnsafeContinuation<Value?, Never>?) = state.withLock { state in
      switch state {
      case .settled: return (false, nil)
      case .empty:
        state = .settled(value)
        return (true, nil)
      case .waiting(let waiter):
        state = .settled(value)
        return (true, waiter)
      }
    }
    waiter?.resume(returning: value)
    return isFirst
  }
}
