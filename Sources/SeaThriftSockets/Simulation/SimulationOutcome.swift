import SeaThriftTime

/// What the body of a simulation came to.
final class SimulationOutcome<Value: Sendable>: Sendable {
  private let result = Lock<Result<Value, any Error>?>(nil)

  var value: Result<Value, any Error>? { result.withLock { $0 } }

  func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }
}
