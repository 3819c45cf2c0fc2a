/// Identical calls at the same time share one attempt: the first leads, the others follow and get its result.
///
/// Every operation takes constant time; memory is that of the callers that take part.
package struct SingleFlightStateMachine<Key: Hashable & Sendable>: Sendable {
  /// What a caller is to do.
  package enum Role: Hashable, Sendable {
    /// Make the call, then `finish`; or `abandon` it.
    case lead
    /// Wait for the result of the one that leads, or until this follower is named as the next leader.
    case follow(WaiterID)
  }

  private var flights: [Key: WaiterQueue] = [:]

  /// How many calls are being made.
  package var count: Int { flights.count }

  package init() {}

  /// A caller joins.
  package mutating func join(_ key: Key) -> Role {
    guard let index = flights.index(forKey: key) else {
      flights[key] = WaiterQueue()
      return .lead
    }
    return .follow(flights.values[index].enqueue())
  }

  /// The call is over: the followers get its result, a value or an error alike.
  package mutating func finish(_ key: Key) -> [WaiterID] {
    guard var followers = flights.removeValue(forKey: key) else { return [] }
    return followers.removeAll()
  }

  /// The leader was cancelled, which is not the others' fault: the follower that is returned leads now. Nil when nobody
  /// follows, and the call is over.
  package mutating func abandon(_ key: Key) -> WaiterID? {
    if let next = flights[key]?.dequeue() { return next }
    flights[key] = nil
    return nil
  }

  /// A follower was cancelled. False when it was named already, as a leader, and has to `abandon`, or with the result.
  package mutating func followerLeft(_ follower: WaiterID, of key: Key) -> Bool {
    flights[key]?.remove(follower) ?? false
  }
}
