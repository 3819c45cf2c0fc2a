// Oneway calls over HTTP: each leaves a connection behind that owes an answer.
extension Endpoint {
  /// How many oneway calls may be under way before the next one waits for a connection of theirs, rather than make its own:
  /// a burst of calls that nobody waits for would fill the backlog of a small server otherwise.
  private static let mostOnewayCalls = 4

  /// Whether a oneway call that is under way may make a connection.
  var mayOnewayCallConnect: Bool { onewayCalls <= Self.mostOnewayCalls }
}
