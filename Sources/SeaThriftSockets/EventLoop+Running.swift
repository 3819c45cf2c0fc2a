extension EventLoop {
  /// Runs `body` on the loop and waits for it, wherever the caller is.
  package func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withTaskExecutorPreference(self) {
      await Self.leavingTheActor {
        do throws(Failure) {
          return .success(try await body())
        } catch {
          return .failure(error)
        }
      }
    }
    return try result.get()
  }

  /// Runs `body`, which calls an actor of this loop, with the loop as the executor that the task prefers.
  ///
  /// An actor's executor does not suffice: a task that has waited for a child task comes back by way of the executor that
  /// it prefers, the global one if none, and only then goes to the actor's. That is two changes of thread for each wait.
  package func preferred<Failure: Error>(for body: () async throws(Failure) -> Void) async throws(Failure) {
    if isCurrent { return try await body() }
    try await withTaskExecutorPreference(self, operation: body)
  }

  /// Without an actor, a task runs where it prefers to; with the caller's it would stay there.
  @concurrent
  private static func leavingTheActor<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value {
    await body()
  }
}
