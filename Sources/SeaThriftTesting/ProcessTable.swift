import SeaThriftSockets

/// What runs on the hosts of a world: tasks of one group, started from anywhere in the world.
final class ProcessTable: @unchecked Sendable {
  // @unchecked: confined to the world's thread.

  typealias Body = @Sendable () async throws -> Void

  /// A process that is about to run.
  struct Start: Sendable {
    let host: SimulatedHost
    let network: Network
    let body: Body
  }

  private var definitions: [Int: [Body]] = [:]
  private var running: [Int: [(id: Int, task: UnsafeCurrentTask)]] = [:]
  private var nextID = 0
  private var pending: [Start] = []
  private var starter: UnsafeContinuation<Void, Never>?
  private var isFinished = false

  /// Starts `body` on `host`, now and after every restart.
  func start(_ body: @escaping Body, on host: SimulatedHost) {
    definitions[host.index, default: []].append(body)
    if host.isRunning { enqueue(body, on: host) }
  }

  func startAgain(on host: SimulatedHost) {
    for body in definitions[host.index] ?? [] { enqueue(body, on: host) }
  }

  private func enqueue(_ body: @escaping Body, on host: SimulatedHost) {
    pending.append(Start(host: host, network: host.network, body: body))
    wakeStarter()
  }

  /// Cancels what runs on `host`, or was about to.
  func cancel(on host: SimulatedHost) {
    pending.removeAll { $0.host === host }
    for process in running[host.index] ?? [] { process.task.cancel() }
  }

  /// No more processes are started.
  func finish() {
    isFinished = true
    wakeStarter()
  }

  private func wakeStarter() {
    let waiter = starter
    starter = nil
    waiter?.resume()
  }

  /// The next process to start; `nil` when there will be none.
  func next() async -> Start? {
    while true {
      if isFinished { return nil }
      if !pending.isEmpty { return pending.removeFirst() }
      await withUnsafeContinuation { continuation in
        // Looked at again, because the task may have been suspended on its way here.
        if isFinished || !pending.isEmpty { continuation.resume() } else { starter = continuation }
      }
    }
  }

  /// Runs a process in the calling task.
  func run(_ start: Start) async throws {
    let loop = start.network.loops[0]
    do {
      try await withUnsafeCurrentTask { task in
        let id = nextID
        nextID += 1
        if let task { running[start.host.index, default: []].append((id, task)) }
        defer { running[start.host.index]?.removeAll { $0.id == id } }
        try await start.network.withCurrent { try await start.body() }
      }
    } catch {
      // What a crash or the end of the run does to a process is nobody's fault.
      if Task.isCancelled || loop.isOfDeadProcess { return }
      throw ProcessError(host: start.host.name, cause: error)
    }
  }
}

/// A process that failed by itself.
struct ProcessError: Error {
  let host: String
  let cause: any Error
}
