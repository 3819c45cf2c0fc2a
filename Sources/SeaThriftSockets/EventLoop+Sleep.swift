package import SeaThriftTime

extension EventLoop {
  /// Suspends the task until `deadline`. Must be called on the loop.
  ///
  /// - Throws: the code `cancelled` when the task is cancelled.
  package func sleep(
    until deadline: Instant, isolation: isolated (any Actor)? = #isolation
  ) async throws(SocketError) {
    if deadline <= now { return }
    let signal = Signal<Void>()
    let timer = schedule(at: deadline, .call { signal.give(()) })
    defer { cancelTimer(timer) }
    do throws(CancellationError) {
      try await signal.value()
    } catch {
      throw SocketError(.cancelled, "the task was cancelled")
    }
  }

  /// The loop's time and chance, for policies that are used outside of groups and endpoints.
  package var timeSource: TimeSource {
    var source = TimeSource(
      now: { self.now },
      sleep: { instant in
        do throws(SocketError) {
          try await self.run { () async throws(SocketError) in try await self.sleep(until: instant) }
        } catch {
          throw CancellationError()
        }
      },
      random: { self.random() })
    source.executor = self
    return source
  }
}

extension Network {
  /// The time and chance of whichever of its loops is asked on, for policies that several loops share.
  package var timeSource: TimeSource {
    let loops = loops
    var source = TimeSource(
      now: { loops[0].now },
      sleep: { instant in
        try await (loops.first(where: \.isCurrent) ?? loops[0]).timeSource.sleep(until: instant)
      },
      random: { loops.first(where: \.isCurrent)?.random() ?? UInt64.random(in: .min ... .max) })
    source.executor = loops[0]
    return source
  }

  /// Makes this the network of the task, and the time of its first loop that of the task.
  package func withCurrent<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    try await Network.$current.withValue(self) {
      try await TimeSource.$current.withValue(loops[0].timeSource, operation: body)
    }
  }
}
