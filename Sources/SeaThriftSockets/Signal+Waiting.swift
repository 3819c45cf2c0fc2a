package import SeaThriftTime

extension Signal: TimedWaiter {
  package func timeIsOver() { dismiss() }
}

extension Signal {
  /// Waits for the value, no longer than until `deadline`; nil when it did not come in time.
  ///
  /// - Parameter timer: That of the race around; nil when nothing is limited.
  /// - Throws: when the task is cancelled.
  package func value(
    until deadline: Instant, with timer: RaceTimer?, isolation: isolated (any Actor)? = #isolation
  ) async throws(CancellationError) -> Value? {
    assert(timer != nil || deadline == .distantFuture, "nobody ends this wait")
    timer?.arm(until: deadline, waking: self)
    defer { timer?.disarm() }
    do throws(CancellationError) {
      return try await value()
    } catch {
      if timer?.hasFired == true { return nil }
      throw error
    }
  }

  /// Waits likewise, in a race of its own.
  package func value(
    until deadline: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation
  ) async throws(CancellationError) -> Value? {
    var value: Value?
    let isLate = await race(until: deadline, waking: self, on: loop) {
      _ = isolation
      value = try? await self.value()
    }
    if value == nil, !isLate { throw CancellationError() }
    return value
  }

  /// Waits for an outcome.
  func outcome<Success>(isolation: isolated (any Actor)? = #isolation) async throws(SocketError) -> Success
  where Value == Result<Success, SocketError> {
    let outcome: Value
    do throws(CancellationError) {
      outcome = try await value()
    } catch {
      throw SocketError(.cancelled, "the task was cancelled")
    }
    return try outcome.get()
  }
}
