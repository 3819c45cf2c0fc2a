package import SeaThriftTime

extension PoolStateMachine {
  mutating func acquireNew(mayConnect: Bool) -> Acquisition {
    if isClosed { return .refuseClosed }
    // Whoever finds a slot free does not count among those who wait for one.
    if mayConnect, let connection = reserve() { return .wait(queue.enqueue(), connect: connection) }
    return queue.count - connecting < limits.waiters ? .wait(queue.enqueue(), connect: nil) : .refuseFull
  }

  /// A connection was made. When the id is out of date: close it.
  package mutating func connected(
    _ connection: ConnectionID, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Release {
    guard isCurrent(connection, in: .connecting) else { return .ignore }
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
    if isClosed || isOversized {
      free(connection)
      return .close(connect: nil)
    }
    return offer(connection, at: now)
  }

  /// A connection could not be made: the first who waits is told, as it would have got it.
  package mutating func connectFailed(_ connection: ConnectionID) -> ConnectFailure {
    guard isCurrent(connection, in: .connecting) else { return ConnectFailure(waiter: nil, connect: nil) }
    free(connection)
    return ConnectFailure(waiter: queue.dequeue(), connect: connectForWaiter())
  }

  /// A connection in use is thrown away: the runner closes it, and sets out to make the one that is returned.
  package mutating func discard(_ connection: ConnectionID) -> ConnectionID? {
    guard isCurrent(connection, in: .leased) else { return nil }
    free(connection)
    return connectForWaiter()
  }

  /// A connection in use turned out to be of no use before it was used, and its caller wants another one: the runner closes
  /// it. However many wait, this caller may.
  package mutating func replace(_ connection: ConnectionID) -> Acquisition {
    guard isCurrent(connection, in: .leased), !isClosed else { return .refuseClosed }
    free(connection)
    return .wait(queue.enqueue(), connect: connectForWaiter())
  }

  /// A waiter was cancelled, or waited long enough. True: it is out of the queue and will get nothing. False: it had
  /// its grant already, whose connection must be given back.
  package mutating func waiterLeft(_ waiter: WaiterID) -> Bool { queue.remove(waiter) }

  /// The peer closed a connection. True: it was idle, and the runner closes it. False: its user will notice.
  package mutating func idleConnectionClosed(_ connection: ConnectionID) -> Bool {
    guard isCurrent(connection, in: .idle) else { return false }
    removeIdle(connection.slot)
    return true
  }

  /// Reserves the connections that are missing to the policy's minimum; the runner sets out to make them.
  package mutating func topUp() -> [ConnectionID] {
    var connects: [ConnectionID] = []
    while isKept, !isClosed, counts.connections < limits.minimum, let connect = reserve() {
      connects.append(connect)
    }
    return connects
  }

  /// Whether there is a minimum that somebody keeps.
  package var isKept: Bool { keepsMinimum && limits.minimum > 0 }

  /// Takes out the idle connections that were unused for too long or are too old; the runner closes them. Of those that are
  /// only unused, as many are kept for as long again as the minimum asks for.
  package mutating func expire(at now: Instant) -> [ConnectionID] {
    var expired: [ConnectionID] = []
    var next = idle.first
    while let index = next {
      next = idle.next(after: index)
      let slot = slots[index]
      let isUnused = limits.idle.map { slot.idleSince.duration(to: now) >= $0 } ?? false
      if isUnused, slot.endOfLife > now, isKept, counts.connections <= limits.minimum {
        slots[index].idleSince = now
      } else if isUnused || slot.endOfLife <= now {
        expired.append(ConnectionID(slot: index, generation: slot.generation))
        removeIdle(index)
      }
    }
    return expired
  }

  /// Takes out all idle connections, because one like them turned out to be dead; the runner closes them.
  package mutating func takeIdle() -> [ConnectionID] {
    var taken: [ConnectionID] = []
    while let slot = idle.first {
      taken.append(ConnectionID(slot: slot, generation: slots[slot].generation))
      removeIdle(slot)
    }
    return taken
  }

  /// When an idle connection is to be closed, unless it is used before; nil for never.
  package func expiry(of connection: ConnectionID) -> Instant? {
    guard isCurrent(connection, in: .idle) else { return nil }
    let slot = slots[connection.slot]
    let due = min(limits.idle.map { slot.idleSince.advanced(by: $0) } ?? .distantFuture, slot.endOfLife)
    return due == .distantFuture ? nil : due
  }

  /// When the first idle connection is to be closed, as far as its time does not change before; nil for never.
  ///
  /// Takes a step for each idle connection.
  package var nextExpiry: Instant? {
    var earliest: Instant?
    var next = idle.first
    while let index = next {
      next = idle.next(after: index)
      let due = expiry(of: ConnectionID(slot: index, generation: slots[index].generation))
      if let due { earliest = min(earliest ?? .distantFuture, due) }
    }
    return earliest
  }

  /// Closes the pool: nobody gets a connection any more, and each one in use is closed when it comes back, or when it is
  /// made. Does nothing the second time.
  package mutating func close() -> Closing {
    isClosed = true
    return Closing(connections: takeIdle(), waiters: queue.removeAll())
  }
}

extension PoolStateMachine {
  func isCurrent(_ connection: ConnectionID, in state: SlotState) -> Bool {
    let index = connection.slot
    return slots.indices.contains(index) && slots[index].generation == connection.generation
      && slots[index].state == state
  }

  /// Frees the slot of a connection that is leased or connecting.
  mutating func free(_ connection: ConnectionID) {
    if slots[connection.slot].state == .leased { leased -= 1 } else { connecting -= 1 }
    freeSlot(connection.slot)
  }

  /// A slot for another connection, if more callers wait than connections are being made, and one is free.
  mutating func connectForWaiter() -> ConnectionID? {
    !isClosed && queue.count > connecting ? reserve() : nil
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
