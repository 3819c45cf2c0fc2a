import SeaThriftTime

/// A value that comes later, awaited by one task; the first that is given counts.
final class Signal<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(CheckedContinuation<Value?, Never>)
    case given(Value?)
  }

  private let state = Lock(State.empty)

  /// Gives the value. False when there was one before, or the task was cancelled.
  @discardableResult
  func give(_ value: Value) -> Bool { settle(value) }

  /// Waits for the value.
  ///
  /// - Throws: `CancellationError` when the task is cancelled before it is there.
  func value() async throws -> Value {
    let value = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Value?? = state.withLock { state in
          if case .given(let value) = state { return value }
          state = .waiting(continuation)
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      settle(nil)
    }
    guard let value else { throw CancellationError() }
    return value
  }

  @discardableResult
  private func settle(_ value: Value?) -> Bool {
    let (isFirst, waiter): (Bool, CheckedContinuation<Value?, Never>?) = state.withLock { state in
      switch state {
      case .given: return (false, nil)
      case .empty:
        state = .given(value)
        return (true, nil)
      case .waiting(let waiter):
        state = .given(value)
        return (true, waiter)
      }
    }
    waiter?.resume(returning: value)
    return isFirst
  }
}
