extension PoolStateMachine {
  /// What to do when the policy changes.
  package struct Change: Hashable, Sendable {
    /// Idle connections to close, because there are too many.
    package let connections: [ConnectionID]
    /// Connections to set out to make for those who wait, because there may be more.
    package let connects: [ConnectionID]

    package init(connections: [ConnectionID], connects: [ConnectionID]) {
      self.connections = connections
      self.connects = connects
    }
  }

  /// Takes a new policy without disturbing anyone: when there are too many connections, idle ones are closed, those used
  /// longest ago first, and the others when they come back. Callers that wait already stay in the queue however many they
  /// are, and connections keep the lifetimes that they were made with.
  package mutating func update(_ policy: Pool) -> Change {
    limits = Limits(policy)
    var connections: [ConnectionID] = []
    while isOversized, let slot = idle.first {
      connections.append(ConnectionID(slot: slot, generation: slots[slot].generation))
      removeIdle(slot)
    }
    var connects: [ConnectionID] = []
    while let connect = connectForWaiter() { connects.append(connect) }
    return Change(connections: connections, connects: connects)
  }
}
