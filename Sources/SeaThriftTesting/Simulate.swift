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
  fileID: String = #fileID, _ body: @escaping @Sendable (World) async throws -> Value
) async throws -> Value {
  let run = SimulationRun(
    seed: seed ?? environmentNumber("SEATHRIFT_SEED") ?? 1, isFixed: seed != nil, limits: limits, function: function,
    fileID: fileID)
  return try await run.perform(body)
}

/// Runs `body` in one simulated world after the other, each with a seed of its own; ends at the first that fails.
///
/// - Parameters:
///   - seeds: the seeds. The environment variable `SEATHRIFT_SEED` names a single one in place of them, and
///     `SEATHRIFT_SEEDS` another number of them.
///   - limits: what each run may take.
///   - function: the test, for the command that repeats it.
///   - fileID: the test's file, for the command that repeats it.
///   - body: what to do in each world.
/// - Throws: ``SimulationError``, as ``simulate(seed:limits:function:fileID:_:)`` does.
public nonisolated(nonsending) func simulate(
  seeds: Range<UInt64>, limits: SimulationLimits = SimulationLimits(), function: String = #function,
  fileID: String = #fileID, _ body: @escaping @Sendable (World) async throws -> Void
) async throws {
  var seeds = seeds
  if let one = environmentNumber("SEATHRIFT_SEED"), one < .max { seeds = one..<one + 1 }
  if let count = environmentNumber("SEATHRIFT_SEEDS") {
    seeds = seeds.lowerBound..<seeds.lowerBound + min(count, .max - seeds.lowerBound)
  }
  for seed in seeds {
    try await SimulationRun(seed: seed, isFixed: false, limits: limits, function: function, fileID: fileID).perform(body)
  }
}

private func environmentNumber(_ name: String) -> UInt64? {
  getenv(name).flatMap { UInt64(String(cString: $0)) }
}
