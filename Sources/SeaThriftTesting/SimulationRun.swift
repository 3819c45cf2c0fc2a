import SeaThriftSockets

/// One run of one seed.
struct SimulationRun {
  let seed: UInt64
  /// Whether the seed is written in the test, so that the test alone repeats it.
  let isFixed: Bool
  let limits: SimulationLimits
  let function: String
  let fileID: String
  var keepsWholeTrace = false
  /// Sees the world when the run is over.
  var inspect: (SimulatedWorld) -> Void = { _ in }

  func perform<Value: Sendable>(_ body: @escaping @Sendable (World) async throws -> Value) async throws -> Value {
    let core = SimulatedWorld(seed: seed, limits: limits, keepsWholeTrace: keepsWholeTrace)
    let main = core.addHost("main", address: 0x0AFF_FFFE)
    let world = World(core: core, processes: ProcessTable())
    let result = await core.run(on: main) {
      try await main.network.withCurrent { try await Self.supervise(world, main.network.loops[0], body) }
    }
    defer { core.tearDown() }
    inspect(core)
    if let failure = core.failure { throw error(SimulationError.Code(failure.code), failure.message, nil, core) }
    do {
      let value = try result?.get()
      let leftovers = core.leftovers
      if let value, leftovers.isEmpty { return value }
      throw error(.leftovers, "left behind: " + leftovers.joined(separator: "; "), nil, core)
    } catch let error as SimulationError {
      throw error
    } catch let process as ProcessError {
      throw error(.processFailed, "a process on \(process.host) failed: \(process.cause)", process.cause, core)
    } catch let check as CheckError {
      throw error(.checkFailed, check.description, nil, core)
    } catch let failure {
      throw error(.bodyFailed, "\(failure)", failure, core)
    }
  }

  /// Runs the body as one child, and what it starts on hosts as others.
  private static func supervise<Value: Sendable>(
    _ world: World, _ loop: EventLoop, _ body: @escaping @Sendable (World) async throws -> Value
  ) async throws -> Value {
    let processes = world.processes
    let outcome = BodyOutcome<Value>()
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask(executorPreference: loop) {
        defer {
          // What stands still could not end.
          for host in world.core.hosts { host.thaw() }
          processes.finish()
        }
        outcome.value = try await body(world)
      }
      while let start = await processes.next() {
        group.addTask(executorPreference: start.network.loops[0]) { try await processes.run(start) }
      }
      group.cancelAll()
    }
    guard let value = outcome.value else { throw CancellationError() }
    return value
  }

  private func error(
    _ code: SimulationError.Code, _ message: String, _ cause: (any Error)?, _ core: SimulatedWorld
  ) -> SimulationError {
    SimulationError(
      code: code, message: message, cause: cause, seed: seed, replay: replay, trace: core.trace.lines)
  }

  /// `SEATHRIFT_SEED=7 swift test --filter 'Module.*test'`.
  private var replay: String {
    let module = fileID.prefix { $0 != "/" }
    let name = function.prefix { $0 != "(" }
    return (isFixed ? "" : "SEATHRIFT_SEED=\(seed) ") + "swift test --filter '\(module).*\(name)'"
  }
}

/// What the body returned.
private final class BodyOutcome<Value: Sendable>: @unchecked Sendable {
  // @unchecked: confined to the world's thread.
  var value: Value?
}
