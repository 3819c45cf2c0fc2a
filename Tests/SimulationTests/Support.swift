import SeaThriftTesting

/// The error that a simulation ends with; `nil` when it ends well.
func failure(
  seed: UInt64 = 1, limits: SimulationLimits = SimulationLimits(), function: String = #function,
  _ body: @escaping @Sendable (World) async throws -> Void
) async -> SimulationError? {
  do {
    try await simulate(seed: seed, limits: limits, function: function, body)
    return nil
  } catch {
    return error as? SimulationError
  }
}
