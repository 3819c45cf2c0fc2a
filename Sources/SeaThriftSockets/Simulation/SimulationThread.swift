import Glibc
import SeaThriftTime

/// A thread for one simulation, so that none of the cooperative pool is taken.
final class SimulationThread: @unchecked Sendable {
  // @unchecked: the body is called once, by the new thread.

  private let body: () -> Void

  private init(_ body: @escaping () -> Void) { self.body = body }

  /// Runs `body` on a new thread.
  ///
  /// - Returns: 0, or the system's error number.
  static func start(_ body: @escaping () -> Void) -> Int32 {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(SimulationThread(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SimulationThread>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, retained.toOpaque())
    if status == 0 { pthread_detach(thread) } else { retained.release() }
    return status
  }
}

/// What the body of a simulation came to.
final class SimulationOutcome<Value: Sendable>: Sendable {
  private let result = Lock<Result<Value, any Error>?>(nil)

  var value: Result<Value, any Error>? { result.withLock { $0 } }

  func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }
}
