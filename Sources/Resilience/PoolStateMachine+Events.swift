package import SeaThriftTime

extension PoolStateMachine {
  mutating func acquireNew() -> Acquisition {
    if isClosed { return .refuseClosed }
    if let connection = reserve() { return .connect(connection) }
    if waiting >= waiterLimit { return .refuseFull }
    waiting += 1
    return .wait(queue.enqueue())
  }

  /// The release of a connection that is not simply parked.
  mutating func releaseElsewhere(_ connection: ConnectionID, at now: Instant) -> Release {
    if isClosed || slots[connection.slot].endOfLife <= now {
      return .close(free(connection))
    }
    guard let waiter = dequeue() else { return .close(free(connection)) }
    return .lend(Grant(waiter: waiter, connection: connection, needsConnecting: false))
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
    if let lifetime {
      let nanoseconds = lifetime.wholeNanoseconds
      let shorter = lifetimeJitter > 0 ? Double.random(in: 0...lifetimeJitter, using: &generator) : 0
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

  /// A waiter was cancelled, or waited long enough. True: it is out of the queue and will get nothing. False: it had
  /// its grant already, which `relinquish` must hand on.
  package mutating func waiterLeft(_ waiter: WaiterID) -> Bool {
    guard queue.remove(waiter) else { return false }
    waiting -= 1
    return true
  }

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
    removeIdle(Int32(truncatingIfNeeded: connection.slot))
    return true
  }

  /// Takes out the idle connections that were unused for too long or are too old; the runner closes them.
  package mutating func expire(at now: Instant) -> [ConnectionID] {
    var expired: [ConnectionID] = []
    var index = oldestIdle
    while index >= 0 {
      let slot = slots[Int(index)]
      let isUnused = idleLimit.map { slot.idleSince.duration(to: now) >= $0 } ?? false
      // Sorted by last use, so that without lifetimes the first that stays ends the search.
      if !isUnused, lifetime == nil { break }
      if isUnused || slot.endOfLife <= now {
        expired.append(current(Int(index)))
        removeIdle(index)
      }
      index = slot.newer
    }
    return expired
  }

  /// Closes the pool: nobody gets a connection any more, and each one in use is closed when it comes back. Does nothing
  /// the second time.
  package mutating func close() -> Closing {
    isClosed = true
    var connections: [ConnectionID] = []
    while newestIdle >= 0 {
      connections.append(current(Int(newestIdle)))
      removeIdle(newestIdle)
    }
    waiting = 0
    return Closing(connections: connections, waiters: queue.removeAll())
  }
}

extension PoolStateMachine {
  private func current(_ slot: Int) -> ConnectionID {
    ConnectionID(slot: slot, generation: slots[slot].generation)
  }

  private mutating func dequeue() -> WaiterID? {
    guard let waiter = queue.dequeue() else { return nil }
    waiting -= 1
    return waiter
  }

  /// A slot for a connection that is about to be made; nil when all are taken.
  private mutating func reserve() -> ConnectionID? {
    let index: Int
    if firstFree >= 0 {
      index = Int(firstFree)
      firstFree = slots[index].older
    } else if slots.count < size {
      index = slots.count
      slots.append(Slot())
    } else {
      return nil
    }
    slots[index].state = .connecting
    connecting += 1
    return current(index)
  }

  /// Frees the slot of a connection that is leased or connecting, and gives it to the first waiter.
  private mutating func free(_ connection: ConnectionID) -> Grant? {
    if slots[connection.slot].state == .leased { leased -= 1 } else { connecting -= 1 }
    freeSlot(connection.slot)
    guard !isClosed, let waiter = dequeue() else { return nil }
    guard let connection = reserve() else { return nil }
    return Grant(waiter: waiter, connection: connection, needsConnecting: true)
  }

  private mutating func removeIdle(_ index: Int32) {
    let (newer, older) = (slots[Int(index)].newer, slots[Int(index)].older)
    if newer >= 0 { slots[Int(newer)].older = older } else { newestIdle = older }
    if older >= 0 { slots[Int(older)].newer = newer } else { oldestIdle = newer }
    idle -= 1
    freeSlot(Int(index))
  }

  private mutating func freeSlot(_ index: Int) {
    slots[index].state = .free
    slots[index].generation &+= 1
    slots[index].newer = -1
    slots[index].older = firstFree
    firstFree = Int32(truncatingIfNeeded: index)
  }
}
