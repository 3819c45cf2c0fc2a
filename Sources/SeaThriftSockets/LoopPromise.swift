/// A value that comes later, awaited by one task on an event loop. The first outcome counts; later ones are ignored.
package final class LoopPromise<Value: Sendable>: @unchecked Sendable {
  // @unchecked: confined to the loop's thread; `settle(_:)` hops there.

  package let loop: EventLoop
  private var outcome: Result<Value, SocketError>?
  private var waiter: UnsafeContinuation<Void, Never>?

  package init(on loop: EventLoop) { self.loop = loop }

  /// Whether an outcome is there.
  package var isSettled: Bool { outcome != nil }

  /// Gives the outcome. May be called from any thread.
  package func settle(_ outcome: Result<Value, SocketError>) {
    loop.execute {
      guard self.outcome == nil else { return }
      self.outcome = outcome
      let waiter = self.waiter
      self.waiter = nil
      waiter?.resume()
    }
  }

  /// Waits for the outcome, on the loop; when the task is cancelled, for no longer.
  package func value(isolation: isolated (any Actor)? = #isolation) async throws(SocketError) -> Value {
    if outcome == nil {
      await withTaskCancellationHandler {
        _ = isolation
        loop.assertIsCurrent()
        await withUnsafeContinuation { continuation in
          // Cancelled before it began to wait: the handler has settled it.
          if outcome == nil { waiter = continuation } else { continuation.resume() }
        }
      } onCancel: {
        settle(.failure(SocketError(.cancelled, "the task was cancelled")))
      }
    }
    guard let outcome else { throw SocketError(.other, "a promise was awaited twice") }
    return try outcome.get()
  }
}
