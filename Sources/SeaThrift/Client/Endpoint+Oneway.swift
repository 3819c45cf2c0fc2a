import Resilience
import SeaThriftSockets
import SeaThriftTime

// Oneway calls over HTTP: each leaves a connection behind that owes an answer.
extension Endpoint {
  /// How many oneway calls may be under way before the next one waits for a connection of theirs, rather than make its own:
  /// a burst of calls that nobody waits for would fill the backlog of a small server otherwise.
  private static let mostOnewayCalls = 4

  /// Whether a oneway call that is under way may make a connection.
  var mayOnewayCallConnect: Bool { onewayCalls <= Self.mostOnewayCalls }

  /// Waits for the answers that a connection owes, and makes it anew when it cannot be used afterwards. When this throws,
  /// nothing has to be given back.
  func inStep(
    _ connection: PoolStateMachine.ConnectionID, for call: ClientCall, _ timeouts: Timeouts, until limit: Instant
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    var id = connection
    while connections[id.slot]?.awaitsAnswer == true {
      await connections[id.slot]?.takeAnswers(timeouts.read, until: limit)
      if connections[id.slot]?.isReusable == true { break }
      if Task.isCancelled {
        giveBack(id)
        throw RPCError(.cancelled, "the task was cancelled", isUnsent: true)
      }
      if pool.reconnects(id) {
        closeConnection(id)
        try await connect(id, timeouts.connect, until: limit, watchedBy: call.shadow)
      } else {
        giveBack(id)
        id = try await acquireConnection(timeouts, until: limit, watchedBy: call.shadow)
      }
    }
    return id
  }
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
