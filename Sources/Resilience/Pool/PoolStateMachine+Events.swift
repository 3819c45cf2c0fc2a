package import SeaThriftTime

extension PoolStateMachine {
  mutating func acquireNew(mayConnect: Bool) -> Acquisition {
    if isClosed { return .refuseClosed }
    if mayConnect, let connection = reserve() { return .connect(connection) }
    return queue.count < limits.waiters ? .wait(queue.enqueue()) : .refuseFull
  }

  /// A connection was made. Its caller has it from now on. False when the id is out of date: then close it.
  package mutating func connected(
    _ connection: ConnectionID, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard isCurrent(connection, in: .connecting) else { return false }
    connecting -= 1
    leased += 1
    slots[connection.slot].state = .leased
    slots[connection.slot].endOfLife = .distantFuture
    if let lifetime = limits.lifetime {
      let nanoseconds = lifetime.wholeNanoseconds
      let shorter = limits.lifetimeJitter > 0 ? limits.lifetimeJitter * generator.unit() : 0
      let own = nanoseconds - min(Int64(Double(nanoseconds) * shorter), nanoseconds)
      slots[connection.slot].endOfLife = now.advanced(by: .nanoseconds(own))
    }
    return true
  }

  /// A connection could not be made, or its caller gave up making it. The grant, if there is one, uses its slot.
  package mutating func connectFailed(_ connection: ConnectionID) -> Grant? {
    isCurrent(connection, in: .connecting) ? free(connection) : nil
  }

  /// A connection in use is thrown away: the runner closes it. The grant, if there is one, uses its slot.
  package mutating func discard(_ connection: ConnectionID) -> Grant? {
    isCurrent(connection, in: .leased) ? free(connection) : nil
  }

  /// A connection in use turned out to be of no use, and its caller sets out to make it anew. False when the pool has no
  /// place for that any more, or the id is out of date: then discard it.
  package mutating func reconnects(_ connection: ConnectionID) -> Bool {
    guard isCurrent(connection, in: .leased), !isClosed, !isOversized else { return false }
    leased -= 1
    connecting += 1
    slots[connection.slot].state = .connecting
    return true
  }

  /// A waiter was cancelled, or waited long enough. True: it is out of the queue and will get nothing. False: it had
  /// its grant already, which `relinquish` must hand on.
  package mutating func waiterLeft(_ waiter: WaiterID) -> Bool { queue.remove(waiter) }

  /// What a waiter was granted goes on to the next, unused: its caller was gone when the grant reached it.
  package mutating func relinquish(_ grant: Grant, at now: Instant) -> Release {
    if grant.needsConnecting {
      guard isCurrent(grant.connection, in: .connecting) else { return .ignore }
      return .close(free(grant.connection))
    }
    return release(grant.connection, at: now)
  }

  /// The peer closed a connection. True: it was idle, and the runner closes it. False: its user will notice.
  package mutating func idleConnectionClosed(_ connection: ConnectionID) -> Bool {
    guard isCurrent(connection, in: .idle) else { return false }
    removeIdle(connection.slot)
    return true
  }

  /// Takes out the idle connections that were unused for too long or are too old; the runner closes them.
  package mutating func expire(at now: Instant) -> [ConnectionID] {
    var expired: [ConnectionID] = []
    var next = idle.first
    while let index = next {
      next = idle.next(after: index)
      let slot = slots[index]
      let isUnused = limits.idle.map { slot.idleSince.duration(to: now) >= $0 } ?? false
      if isUnused || slot.endOfLife <= now {
        expired.append(ConnectionID(slot: index, generation: slot.generation))
        removeIdle(index)
      }
    }
    return expired
  }

  /// Closes the pool: nobody gets a connection any more, and each one in use is closed when it comes back. Does nothing
  /// the second time.
  package mutating func close() -> Closing {
    isClosed = true
    var connections: [ConnectionID] = []
    while let slot = idle.last {
      connections.append(ConnectionID(slot: slot, generation: slots[slot].generation))
      removeIdle(slot)
    }
    return Closing(connections: connections, waiters: queue.removeAll())
  }
}

extension PoolStateMachine {
  func isCurrent(_ connection: ConnectionID, in state: SlotState) -> Bool {
    let index = connection.slot
    return slots.indices.contains(index) && slots[index].generation == connection.generation
      && slots[index].state == state
  }

  /// Frees the slot of a connection that is leased or connecting, and gives it to the first waiter.
  mutating func free(_ connection: ConnectionID) -> Grant? {
    if slots[connection.slot].state == .leased { leased -= 1 } else { connecting -= 1 }
    freeSlot(connection.slot)
    return grantSlot()
  }

  /// Gives a slot, if one is free, to the first waiter, if there is one.
  mutating func grantSlot() -> Grant? {
    guard !isClosed, queue.count > 0, let connection = reserve(), let waiter = queue.dequeue() else { return nil }
    return Grant(waiter: waiter, connection: connection, needsConnecting: true)
  }

  /// A slot for a connection that is about to be made; nil when all are taken.
  private mutating func reserve() -> ConnectionID? {
    guard idle.count + leased + connecting < limits.size else { return nil }
    let index = freeSlots.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot()) }
    slots[index].state = .connecting
    connecting += 1
    return ConnectionID(slot: index, generation: slots[index].generation)
  }

  mutating func removeIdle(_ index: Int) {
    idle.remove(index)
    freeSlot(index)
  }

  private mutating func freeSlot(_ index: Int) {
    slots[index].state = .free
    slots[index].generation &+= 1
    freeSlots.append(index)
  }
}
