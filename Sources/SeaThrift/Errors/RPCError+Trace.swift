import Resilience

extension RPCError {
  /// What became of the call, attempt by attempt, for people.
  ///
  /// ```text
  /// Users.retrieve failed: unavailable: users: all 2 attempts failed
  ///   after 0s, 10.0.0.1:9090 took 250ms: no reply within 0.25 seconds (readTimeout)
  ///   after 250ms, 10.0.0.2:9090 took 1ms: the connection was refused (connectionRefused)
  /// Nothing of the request was sent.
  /// ```
  public var trace: String {
    var text = "\(method ?? "the call") failed: \(code): \(message)"
    if attempts.isEmpty, let endpoint { text += " (\(endpoint))" }
    for attempt in attempts {
      text += "\n  after \(Self.rounded(attempt.start)), \(attempt.endpoint) "
      if let error = attempt.error as? RPCError {
        if error.code == .circuitOpen {
          text += "was passed over: \(error.message)"
          continue
        }
        text += "took \(Self.rounded(attempt.duration)): \(error.message) (\(error.code))"
      } else {
        text += "took \(Self.rounded(attempt.duration)) and answered \(attempt.error)"
      }
    }
    if isUnsent { text += "\nNothing of the request was sent." }
    return text
  }

  /// In whole microseconds: more says nothing to people.
  static func rounded(_ duration: Duration) -> String {
    DurationText.format(.microseconds(duration.wholeNanoseconds / 1_000))
  }
}
