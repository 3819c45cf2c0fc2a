/// What a simulation may take before it counts as failed: it must never run for ever.
public struct SimulationLimits: Hashable, Sendable {
  /// How much of its own time. Default one day.
  public var time: Duration = .seconds(86_400)
  /// How many steps: turns of an event loop, packets, and other events. Default 100 million.
  public var steps = 100_000_000
  /// How many of the last events are kept to be shown with an error. Default 100.
  public var traceEvents = 100

  /// Creates the default limits: one day of virtual time, 100 million steps.
  public init() {}
}

/// Why a simulation could not go on.
package struct SimulationFailure: Sendable {
  package enum Code: Sendable {
    /// Every task waits, and nothing is scheduled.
    case deadlock
    case tooLong
    case tooManySteps
    /// Another thread gave work to a loop, so the run cannot be repeated.
    case outsideInfluence
    /// No thread for the simulation.
    case noThread
  }

  package let code: Code
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
