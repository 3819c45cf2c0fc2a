// Oneway calls over HTTP: each leaves a connection behind that owes an answer.
extension Endpoint {
  /// How many oneway calls may be under way before the next one waits for a connection of theirs, rather than make its own:
  /// a burst of calls that nobody waits for would fill the backlog of a small server otherwise.
  private static let mostOnewayCalls = 4

  /// Whether a oneway call that is under way may make a connection.
  var mayOnewayCallConnect: Bool { onewayCalls <= Self.mostOnewayCalls }
}

extension Timeouts {
  /// Those of a call that waits for no reply: it has as long to wait for a connection as others have for both. What it waits
  /// for are the answers to the calls before it.
  var ofOnewayCall: Self {
    var timeouts = self
    if let pool, let read { timeouts.pool = pool + read }
    return timeouts
  }
}
