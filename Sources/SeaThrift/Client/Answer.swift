import SeaThriftWire

/// What an endpoint answered, when it answered at all.
enum Answer: Sendable {
  /// The method's result, which the call has taken.
  case success
  /// An exception that the method declares.
  case declared(any Error)
  /// The call failed otherwise.
  case refused(ApplicationException)

  /// Whether both sides agree on where the next message begins.
  ///
  /// A server that could not read a request may have stopped in the middle of it, so after such a refusal the
  /// connection is not used again.
  var leavesConnectionInStep: Bool {
    guard case .refused(let exception) = self else { return true }
    return [.internalError, .unknownMethod, .loadShedding].contains(exception.kind)
  }
}
