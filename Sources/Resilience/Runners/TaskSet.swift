import SeaThriftTime

/// Tasks that outlive the call that began them, such as the refresh of a value that was served stale.
///
/// They belong to whoever has the set, which cancels them and can wait for their end: none is forgotten.
package final class TaskSet: Sendable {
  private struct State {
    var tasks: [UInt64: Task<Void, Never>] = [:]
    var next: UInt64 = 0
    var isClosed = false
  }

  private let state = Lock(State())

  package init() {}

  deinit { cancelAll() }

  /// How many tasks run.
  package var count: Int { state.withLock { $0.tasks.count } }

  /// Runs `body` in a task of its own; not at all once the set is closed.
  ///
  /// - Parameter executor: where it runs; nil is the default executor.
  package func start(on executor: (any TaskExecutor)?, _ body: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      if state.isClosed { return }
      let id = state.next
      state.next += 1
      // Awaited by `waitForAll()`.
      state.tasks[id] = Task(executorPreference: executor) { [weak self] in
        await body()
        self?.ended(id)
      }
    }
  }

  private func ended(_ id: UInt64) { _ = state.withLock { $0.tasks.removeValue(forKey: id) } }

  /// Cancels every task; none is begun any more.
  package func cancelAll() {
    let tasks = state.withLock { state in
      state.isClosed = true
      // In the order in which they were begun, not that of a dictionary.
      return state.tasks.sorted { $0.key < $1.key }.map(\.value)
    }
    for task in tasks { task.cancel() }
  }

  /// Waits until those that run have ended.
  package func waitForAll() async {
    while let task = state.withLock({ $0.tasks.first?.value }) { await task.value }
  }
}
