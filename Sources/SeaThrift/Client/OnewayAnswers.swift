import SeaThriftTime
import SeaThriftWire

/// Whether an endpoint of HTTP answers oneway calls, as far as is known: HTTP demands it, and not every server does.
final class OnewayAnswers: @unchecked Sendable {
  // @unchecked: confined to its endpoint's loop.

  /// Whether the server is known by its name as one that does not answer.
  @exclusivity(unchecked) private var isSilentByName = false
  /// Whether a oneway call has been answered.
  @exclusivity(unchecked) private var isAnswering = false
  @exclusivity(unchecked) private var silences = 0
  @exclusivity(unchecked) private var silentUntil = Instant(nanoseconds: .min)

  /// So many calls that were not answered, and none that was, make a server that does not answer.
  private static let mostSilences = 2
  /// For how long that is believed.
  private static let memory = Duration.seconds(60)

  /// What whoever uses a connection after a oneway call has to expect.
  enum Expectation {
    /// An answer to the oneway call, which is waited for before anything else is sent.
    case answer
    /// None, on a connection that goes on.
    case silence
    /// None so far: there is none, or it comes too late to be waited for.
    case unclear
  }

  /// What is to be expected of oneway calls.
  func expectation(at now: Instant) -> Expectation {
    if isSilentByName { return .silence }
    return now < silentUntil ? .unclear : .answer
  }

  /// A response of any kind came.
  ///
  /// - Parameter server: what it calls its server. Apache's for C++ does so by its version.
  func responded(server: String?) {
    isSilentByName = server.flatMap { ApacheVersion($0) }.map { $0 < .answersOneway } ?? false
  }

  /// A oneway call was answered.
  func answered() {
    isAnswering = true
    silences = 0
    silentUntil = Instant(nanoseconds: .min)
  }

  /// A oneway call was not answered in time. Of a server that has answered others, nothing follows from that.
  func stayedSilent(at now: Instant) {
    if isAnswering { return }
    silences += 1
    guard silences >= Self.mostSilences else { return }
    silences = 0
    silentUntil = now.advanced(by: Self.memory)
  }
}
