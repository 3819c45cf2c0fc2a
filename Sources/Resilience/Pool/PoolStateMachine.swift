package import SeaThriftTime

/// The accounting of a connection pool as a pure state machine. It owns no socket: the runner tells it what happens, and
/// does what it answers.
///
/// A connection has a *slot* from the moment somebody sets out to make it until it is thrown away, so that there are
/// never more than `size`. It is made for the pool, not for the caller who needed it first: a caller that finds none idle
/// waits in a queue, first come, first served, and gets the first that is made or comes back. When the callers in the queue
/// are more than the connections being made, another one is begun as soon as a slot is free. Ids that are out of date are
/// ignored. Policy values out of range are taken as the nearest one in range.
package struct PoolStateMachine: Sendable {
  /// A connection, from when somebody sets out to make it.
  ///
  /// `slot` is a small number and reused, so that what belongs to a connection can be kept in an array.
  package struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    /// The slot; below the largest size that the pool has had.
    package let slot: Int
    let generation: UInt32

    init(slot: Int, generation: UInt32) {
      self.slot = slot
      self.generation = generation
    }

    package var description: String { "connection \(slot)#\(generation)" }
  }

  /// What a caller that wants a connection is to do.
  package enum Acquisition: Hashable, Sendable {
    /// Use this connection, and give it back.
    case lend(ConnectionID)
    /// Wait until a `Grant` names this waiter, or `connectFailed` does, or `waiterLeft` takes it out; and set out to make
    /// this connection, if there is one, which is for whoever is first in the queue when it is made.
    case wait(WaiterID, connect: ConnectionID?)
    /// Give up: as many are waiting as may.
    case refuseFull
    /// Give up: the pool is closed.
    case refuseClosed
  }

  /// What a waiter gets. It is out of the queue; if its caller is gone when this reaches it, `release` hands the connection
  /// on.
  package struct Grant: Hashable, Sendable {
    /// Who gets it.
    package let waiter: WaiterID
    /// What it gets.
    package let connection: ConnectionID

    package init(waiter: WaiterID, connection: ConnectionID) {
      self.waiter = waiter
      self.connection = connection
    }
  }

  /// What to do with a connection that was made, or came back.
  package enum Release: Hashable, Sendable {
    /// Keep it open; it is idle now.
    case park
    /// Hand it to a waiter as it is.
    case lend(Grant)
    /// Close it, and set out to make this one for those who wait, if there is one.
    case close(connect: ConnectionID?)
    /// Nothing: the id is out of date.
    case ignore
  }

  /// What to do when a connection could not be made.
  package struct ConnectFailure: Hashable, Sendable {
    /// Who is told; nil when nobody waits for it any more.
    package let waiter: WaiterID?
    /// What to set out to make for the others who wait.
    package let connect: ConnectionID?

    package init(waiter: WaiterID?, connect: ConnectionID?) {
      self.waiter = waiter
      self.connect = connect
    }
  }

  /// What to do when the pool closes.
  package struct Closing: Hashable, Sendable {
    /// Idle connections to close.
    package let connections: [ConnectionID]
    /// Waiters to turn away.
    package let waiters: [WaiterID]

    package init(connections: [ConnectionID], waiters: [WaiterID]) {
      self.connections = connections
      self.waiters = waiters
    }
  }

  /// How many connections and callers there are.
  package struct Counts: Hashable, Sendable {
    /// Open connections that nobody uses.
    package var idle = 0
    /// Open connections in use.
    package var leased = 0
    /// Connections being made.
    package var connecting = 0
    /// Callers waiting.
    package var waiting = 0

    package init(idle: Int = 0, leased: Int = 0, connecting: Int = 0, waiting: Int = 0) {
      self.idle = idle
      self.leased = leased
      self.connecting = connecting
      self.waiting = waiting
    }

    /// All connections.
    package var connections: Int { idle + leased + connecting }
  }

  /// The policy with every value in range.
  struct Limits: Sendable {
    let minimum: Int
    let size: Int
    let waiters: Int
    let idle: Duration?
    let lifetime: Duration?
    let lifetimeJitter: Double

    init(_ policy: Pool) {
      size = min(max(policy.size, 1), 65_536)
      minimum = min(max(policy.minimum, 0), size)
      waiters = policy.waiters.map { min(max($0, 0), 1_000_000) } ?? .max
      idle = policy.idle.map { PolicyCheck.clamp($0) }
      lifetime = policy.lifetime.map { PolicyCheck.clamp($0) }
      lifetimeJitter = PolicyCheck.clamp(policy.lifetimeJitter, to: 0...1)
    }
  }

  enum SlotState: Sendable { case free, connecting, leased, idle }

  struct Slot: Sendable {
    var state: SlotState = .free
    var generation: UInt32 = 0
    /// When it became idle.
    var idleSince: Instant = .origin
    /// When it may not be used any more.
    var endOfLife: Instant = .distantFuture

    init() {}
  }

  var limits: Limits

  var slots: [Slot] = []
  var freeSlots: [Int] = []
  /// The idle ones, the one used most recently last.
  var idle = IndexList()
  var queue = WaiterQueue()
  var leased = 0
  var connecting = 0

  /// Whether somebody sees to it that there are always as many connections as the policy's minimum, by ``topUp()``.
  package var keepsMinimum = false

  /// Whether `close()` was called.
  package internal(set) var isClosed = false

  /// Creates an empty pool.
  package init(_ policy: Pool = Pool()) {
    limits = Limits(policy)
  }

  /// How many connections and callers there are.
  package var counts: Counts {
    Counts(idle: idle.count, leased: leased, connecting: connecting, waiting: queue.count)
  }

  /// Whether there are more connections than there should be, because the size was lowered.
  var isOversized: Bool { idle.count + leased + connecting > limits.size }

  /// Whether the pool is closed and nothing is left of it.
  package var isDrained: Bool { isClosed && counts == Counts() }

  /// A caller wants a connection: the one used most recently, else a new one, else it waits.
  ///
  /// - Parameter mayConnect: Whether to make a new one rather than wait. Without, somebody else must be at work who will
  ///   give a connection back.
  package mutating func acquire(mayConnect: Bool = true) -> Acquisition {
    acquireIdle().map { .lend($0) } ?? acquireNew(mayConnect: mayConnect)
  }

  /// A caller wants a connection if there is one that nobody uses.
  package mutating func acquireIdle() -> ConnectionID? {
    guard let slot = idle.last else { return nil }
    // Nobody waits while a connection is idle, so this caller overtakes no one.
    idle.remove(slot)
    slots[slot].state = .leased
    leased += 1
    return ConnectionID(slot: slot, generation: slots[slot].generation)
  }

  /// A caller gives a connection back that it can do nothing wrong with: its last reply was read to the end.
  package mutating func release(_ connection: ConnectionID, at now: Instant) -> Release {
    guard isCurrent(connection, in: .leased) else { return .ignore }
    if isClosed || isOversized || slots[connection.slot].endOfLife <= now {
      free(connection)
      return .close(connect: connectForWaiter())
    }
    return offer(connection, at: now)
  }

  /// Hands a connection that is leased to the first who waits, or keeps it.
  mutating func offer(_ connection: ConnectionID, at now: Instant) -> Release {
    if let waiter = queue.dequeue() { return .lend(Grant(waiter: waiter, connection: connection)) }
    leased -= 1
    slots[connection.slot].state = .idle
    slots[connection.slot].idleSince = now
    idle.append(connection.slot)
    return .park
  }
}
