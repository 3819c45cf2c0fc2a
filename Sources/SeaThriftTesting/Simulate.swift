import Glibc
public import SeaThriftSockets

/// Runs `body` in a simulated world: real clients, servers and handlers on simulated hosts, in virtual time.
///
///     try await simulate(seed: 7) { world in
///       let server = world.host("server")
///       server.start { try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Calculator.service(Handler()) }.run() }
///       try await world.host("client").run {
///         let calculator = Calculator.Client(try Endpoint(.tcp("server", 9090)))
///         …
///       }
///     }
///
/// The same seed gives the same run. `body` runs on a host of its own, ``World/main``. When it ends, what was started on
/// hosts is cancelled and awaited; nothing may be left behind: no timer, no socket, no listener, no sleeping task.
///
/// - Parameters:
///   - seed: what everything random follows from; `nil` takes it from the environment variable `SEATHRIFT_SEED`, or 1.
///   - limits: what the run may take.
///   - function: the test, for the command that repeats it.
///   - fileID: the test's file, for the command that repeats it.
///   - body: what to do in the world.
/// - Returns: what `body` returns.
/// - Throws: ``SimulationError``, which names the seed and holds the last events: when `body` or a process throws, when
///   everything waits for nothing, when a limit is exceeded, when work comes from another thread, or when something is
///   left behind.
@discardableResult
public nonisolated(nonsending) func simulate<Value: Sendable>(
  seed: UInt64? = nil, limits: SimulationLimits = SimulationLimits(), function: String = #function,
  fileID: String = #fileID, _ body: nonisolated(nonsending) @escaping @Sendable (World) async throws -> Value
) async throws -> Value {
  let run = SimulationRun(
    seed: seed ?? environmentNumber("SEATHRIFT_SEED") ?? 1, isFixed: seed != nil, limits: limits, function: function,
    fileID: fileID)
  return try await run.perform(body)
}

/// Runs `body` in many simulated worlds, with the seeds 1, 2, 3 and so on; as many at a time as there are processors.
///
/// - Parameters:
///   - seeds: how many; at least 1. The environment variable `SEATHRIFT_SEEDS` gives another number, `SEATHRIFT_SEED` a
///     single seed in place of them all.
///   - limits: what each run may take.
///   - function: the test, for the command that repeats it.
///   - fileID: the test's file, for the command that repeats it.
///   - body: what to do in each world.
/// - Throws: the ``SimulationError`` of a run that failed, as ``simulate(seed:limits:function:fileID:_:)`` does; the others
///   are cancelled.
public nonisolated(nonsending) func simulate(
  seeds: Int, limits: SimulationLimits = SimulationLimits(), function: String = #function, fileID: String = #fileID,
  _ body: nonisolated(nonsending) @escaping @Sendable (World) async throws -> Void
) async throws {
  let only = environmentNumber("SEATHRIFT_SEED")
  let last = environmentNumber("SEATHRIFT_SEEDS") ?? UInt64(max(1, seeds))
  let pending = only.map { $0...$0 } ?? 1...max(1, last)
  try await withThrowingTaskGroup(of: Void.self) { group in
    var running = 0
    for seed in pending {
      if running == max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
        try await group.next()
        running -= 1
      }
      running += 1
      group.addTask {
        let run = SimulationRun(seed: seed, isFixed: false, limits: limits, function: function, fileID: fileID)
        try await run.perform(body)
      }
    }
    try await group.waitForAll()
  }
}

private func environmentNumber(_ name: String) -> UInt64? {
  getenv(name).flatMap { UInt64(String(cString: $0)) }
}
