import SeaThriftSockets

/// Why a simulation failed, and how to see it fail again.
public struct SimulationError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure. More may come: switch over them with a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case bodyFailed, processFailed, checkFailed, deadlock, tooLong, tooManySteps, outsideInfluence, leftovers,
        noThread
    }

    private let kind: Kind

    /// The body threw an error: ``SimulationError/cause``.
    public static let bodyFailed = Self(kind: .bodyFailed)
    /// What runs on a host by ``Host/start(_:)`` threw an error: ``SimulationError/cause``.
    public static let processFailed = Self(kind: .processFailed)
    /// A ``World/check(_:_:)`` did not hold.
    public static let checkFailed = Self(kind: .checkFailed)
    /// Every task waited, and nothing was scheduled that could have ended it.
    public static let deadlock = Self(kind: .deadlock)
    /// The run took more of its own time than ``SimulationLimits/time``.
    public static let tooLong = Self(kind: .tooLong)
    /// The run took more steps than ``SimulationLimits/steps``.
    public static let tooManySteps = Self(kind: .tooManySteps)
    /// Something came from another thread (`Task.sleep`, an unstructured task, a queue), so that no seed can repeat it.
    public static let outsideInfluence = Self(kind: .outsideInfluence)
    /// Timers, sockets, listeners or sleeping tasks were left behind.
    public static let leftovers = Self(kind: .leftovers)
    /// The system gave no thread for the simulation.
    public static let noThread = Self(kind: .noThread)

    /// The code's name.
    public var description: String { kind.rawValue }
  }

  /// What happened.
  public let code: Code
  /// What exactly, for people.
  public let message: String
  /// The error that the body or a process threw.
  public let cause: (any Error)?
  /// The seed of the run.
  public let seed: UInt64
  /// The command that runs it again.
  public let replay: String
  /// The last events of the run, oldest first.
  public let trace: [String]

  /// The message, the seed, the command, and the last events.
  public var description: String {
    """
    \(code): \(message)
    seed \(seed), again by: \(replay)
    the last \(trace.count) events:
    \(trace.map { "  " + $0 }.joined(separator: "\n"))
    """
  }
}

/// A check of the user's that did not hold.
struct CheckError: Error, CustomStringConvertible {
  let description: String
}

extension SimulationError.Code {
  init(_ code: SimulationFailure.Code) {
    switch code {
    case .deadlock: self = .deadlock
    case .tooLong: self = .tooLong
    case .tooManySteps: self = .tooManySteps
    case .outsideInfluence: self = .outsideInfluence
    case .noThread: self = .noThread
    }
  }
}
