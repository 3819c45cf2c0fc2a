public import SeaThriftTime

/// Runs `body` as a child task beside one that sleeps; `nil` when the time came first, and `body` did not succeed anyway.
///
/// Whoever is second is cancelled and awaited. Works on any executor.
func withTimeLimit<Value: Sendable>(
  until instant: Instant, _ time: TimeSource, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
  if instant == .distantFuture { return try await body() }
  let (result, isLate) = await withTaskGroup(of: TimeLimitEnd<Value>.self) { group in
    // Children of the group, which is left only when both have ended.
    group.addTask {
      do { return .ended(.success(try await body())) } catch { return .ended(.failure(error)) }
    }
    // The one that `body` races against.
    group.addTask {
      do { try await time.sleep(until: instant) } catch { return .cancelled }
      return .late
    }
    var result: Result<Value, any Error>?
    var isLate = false
    while let end = await group.next() {
      switch end {
      case .ended(let value): result = value
      case .late: isLate = result == nil
      // The caller was: then so was `body`, which is awaited.
      case .cancelled: continue
      }
      group.cancelAll()
    }
    return (result, isLate)
  }
  // A success that came just after the deadline is there: it is better used than thrown away.
  if isLate, case .failure? = result { return nil }
  return try result?.get()
}

private enum TimeLimitEnd<Value: Sendable>: Sendable {
  case ended(Result<Value, any Error>)
  case late
  case cancelled
}

/// Runs `body` within the deadline of the task.
func withinDeadline<Value: Sendable>(
  _ instant: Instant, _ time: TimeSource, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let error = ResilienceError(.deadlineExceeded, "the deadline is over")
  if instant != .distantFuture, time.now >= instant { throw error }
  guard let value = try await withTimeLimit(until: instant, time, body) else { throw error }
  return value
}

extension AttemptTimeout {
  /// Runs `body`, and cancels it when it takes too long.
  ///
  /// - Throws: what `body` throws, or a ``ResilienceError`` of the code `timedOut`, or `deadlineExceeded` when the task's
  ///   ``Deadline`` was the earlier one; a ``PolicyError`` when the time is out of its range.
  public func run<Value: Sendable>(
    time: TimeSource = .current, _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try validate()
    return try await limit(time, body)
  }

  func limit<Value: Sendable>(
    _ time: TimeSource, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let own = time.now.advanced(by: after)
    if let outer = Deadline.current, outer < own { return try await withinDeadline(outer, time, body) }
    guard let value = try await withTimeLimit(until: own, time, body) else {
      throw ResilienceError(.timedOut, "no result within \(DurationText.format(after))")
    }
    return value
  }
}

extension Deadline {
  /// Runs `body`, cancels it when it takes too long, and gives the calls in it the same deadline.
  ///
  /// - Throws: what `body` throws, or a ``ResilienceError`` of the code `deadlineExceeded`; a ``PolicyError`` when the time
  ///   is out of its range.
  public func run<Value: Sendable>(
    time: TimeSource = .current, _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try validate()
    return try await limit(time, body)
  }

  func limit<Value: Sendable>(
    _ time: TimeSource, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let instant = Deadline.earliest(time.now.advanced(by: after))
    return try await Deadline.$current.withValue(instant) { try await withinDeadline(instant, time, body) }
  }
}
