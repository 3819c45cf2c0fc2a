import SeaThriftTime
import Synchronization

/// The accepted connections of one event loop: which there are, and which of them are idle, since when.
///
/// Every operation takes constant time.
package final class ConnectionTable: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save the atomics.

  /// Where a connection is in the table.
  package typealias Place = Int

  private struct Entry {
    var connection: (any AcceptedConnection)?
    /// Whether anything was ever done on it.
    var wasUsed = false
  }

  package let loop: EventLoop
  /// For how long a connection may be idle; nil for ever.
  private let idleTimeout: Duration?
  @exclusivity(unchecked) private var entries: [Entry] = []
  @exclusivity(unchecked) private var freePlaces: [Place] = []
  /// Those that are idle and were never used, and those that were: two queues, as clients that only connect must not
  /// drive out those that call now and then.
  @exclusivity(unchecked) private var unused = IdleQueue()
  @exclusivity(unchecked) private var used = IdleQueue()
  @exclusivity(unchecked) private var sweeper: TimerID?
  /// Whether connections are to end as soon as they can.
  @exclusivity(unchecked) package private(set) var isDraining = false

  private let openCount = Atomic<Int>(0)
  private let oldestUnused = Atomic<Int64>(.max)
  private let oldestUsed = Atomic<Int64>(.max)

  package init(loop: EventLoop, idleTimeout: Duration?) {
    self.loop = loop
    self.idleTimeout = idleTimeout
  }

  /// How many connections there are. Read by any thread.
  var count: Int { openCount.load(ordering: .relaxed) }

  /// What ``drainLongestIdle()`` would end; the lesser of two tables is to be ended first. Nil when none is idle. Read by
  /// any thread.
  var longestIdle: (wasUsed: Int, since: Int64)? {
    let (first, second) = (oldestUnused.load(ordering: .relaxed), oldestUsed.load(ordering: .relaxed))
    return first < .max ? (0, first) : second < .max ? (1, second) : nil
  }

  /// Counts a connection that is on its way to the loop.
  func expect() { openCount.add(1, ordering: .relaxed) }

  /// Counts one that has ended.
  func forget() { openCount.subtract(1, ordering: .relaxed) }

  package func add(_ connection: any AcceptedConnection) -> Place {
    let place = freePlaces.popLast() ?? entries.count
    if place == entries.count { entries.append(Entry()) }
    entries[place] = Entry(connection: connection)
    return place
  }

  package func remove(_ place: Place) {
    leaveQueue(place)
    entries[place].connection = nil
    freePlaces.append(place)
  }

  // MARK: Idle connections

  /// Nothing is under way on a connection, from now on.
  package func becameIdle(_ place: Place) {
    if entries[place].wasUsed { used.append(place, at: loop.now) } else { unused.append(place, at: loop.now) }
    publish()
    setSweeper()
  }

  /// Something is under way again.
  package func becameBusy(_ place: Place) {
    leaveQueue(place)
    entries[place].wasUsed = true
  }

  private func leaveQueue(_ place: Place) {
    if entries[place].wasUsed { used.remove(place) } else { unused.remove(place) }
    publish()
  }

  private func publish() {
    oldestUnused.store(unused.oldest?.nanoseconds ?? .max, ordering: .relaxed)
    oldestUsed.store(used.oldest?.nanoseconds ?? .max, ordering: .relaxed)
  }

  /// Has the connection end that has been idle for the longest time, one that was never used before any other; false when
  /// none is.
  func drainLongestIdle() -> Bool {
    guard let place = unused.first ?? used.first else { return false }
    drain(place)
    return true
  }

  private func drain(_ place: Place) {
    // It ends in its own time, and is not to be ended twice.
    leaveQueue(place)
    entries[place].connection?.drain()
  }

  private func setSweeper() {
    guard let idleTimeout, sweeper == nil else { return }
    let oldest = min(unused.oldest ?? .distantFuture, used.oldest ?? .distantFuture)
    if oldest == .distantFuture { return }
    sweeper = loop.schedule(at: oldest.advanced(by: idleTimeout), .call { [weak self] in self?.sweep() })
  }

  /// Ends those that have been idle for too long. The first one's time may have changed since the timer was set.
  private func sweep() {
    sweeper = nil
    guard let idleTimeout else { return }
    let now = loop.now
    while let place = unused.first, unused.oldest.map({ $0.advanced(by: idleTimeout) <= now }) == true { drain(place) }
    while let place = used.first, used.oldest.map({ $0.advanced(by: idleTimeout) <= now }) == true { drain(place) }
    setSweeper()
  }

  // MARK: The end

  /// Ends idle connections now and the others when nothing is under way.
  func drainAll() {
    isDraining = true
    if let sweeper { loop.cancelTimer(sweeper) }
    sweeper = nil
    for entry in entries { entry.connection?.drain() }
  }

  /// Ends every connection now.
  func endAll() {
    for entry in entries { entry.connection?.end() }
  }
}

/// Places in the order in which they became idle. Every operation takes constant time.
private struct IdleQueue {
  private struct Link {
    var since = Instant.distantFuture
    var before = -1
    var after = -1
  }

  private var links: [Link] = []
  private var head = -1
  private var tail = -1

  var first: Int? { head < 0 ? nil : head }

  /// Since when the first has been idle.
  var oldest: Instant? { head < 0 ? nil : links[head].since }

  mutating func append(_ place: Int, at now: Instant) {
    while links.count <= place { links.append(Link()) }
    guard links[place].since == .distantFuture else { return }
    links[place] = Link(since: now, before: tail)
    if tail >= 0 { links[tail].after = place } else { head = place }
    tail = place
  }

  mutating func remove(_ place: Int) {
    guard place < links.count, links[place].since != .distantFuture else { return }
    let link = links[place]
    links[place].since = .distantFuture
    if link.after >= 0 { links[link.after].before = link.before } else { tail = link.before }
    if link.before >= 0 { links[link.before].after = link.after } else { head = link.after }
  }
}
