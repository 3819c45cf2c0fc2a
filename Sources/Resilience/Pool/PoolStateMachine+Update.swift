extension PoolStateMachine {
  /// What to do when the policy changes.
  package struct Change: Hashable, Sendable {
    /// Idle connections to close, because there are too many.
    package let connections: [ConnectionID]
    /// Waiters that get a slot, because there are more.
    package let grants: [Grant]

    package init(connections: [ConnectionID], grants: [Grant]) {
      self.connections = connections
      self.grants = grants
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
    var grants: [Grant] = []
    while let grant = grantSlot() { grants.append(grant) }
    return Change(connections: connections, grants: grants)
  }
}
