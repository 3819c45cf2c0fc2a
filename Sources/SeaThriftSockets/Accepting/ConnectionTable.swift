import SeaThriftTime
import Synchronization

/// The accepted connections of one event loop: which there are, and which of them are idle, since when.
///
/// Every operation takes constant time.
package final class ConnectionTable: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save the two atomics.

  /// Where a connection is in the table.
  package typealias Place = Int

  private struct Entry {
    var connection: (any AcceptedConnection)?
    var idleSince = Instant.distantFuture
    /// The neighbours among the idle ones, -1 for none.
    var before = -1
    var after = -1
  }

  package let loop: EventLoop
  /// For how long a connection may be idle; nil for ever.
  private let idleTimeout: Duration?
  @exclusivity(unchecked) private var entries: [Entry] = []
  @exclusivity(unchecked) private var freePlaces: [Place] = []
  /// The one that is idle for the longest time, and the one that became idle last.
  @exclusivity(unchecked) private var firstIdle = -1
  @exclusivity(unchecked) private var lastIdle = -1
  @exclusivity(unchecked) private var sweeper: TimerID?
  /// Whether connections are to end as soon as they can.
  @exclusivity(unchecked) package private(set) var isDraining = false

  private let openCount = Atomic<Int>(0)
  private let oldestIdle = Atomic<Int64>(.max)

  package init(loop: EventLoop, idleTimeout: Duration?) {
    self.loop = loop
    self.idleTimeout = idleTimeout
  }

  /// How many connections there are. Read by any thread.
  var count: Int { openCount.load(ordering: .relaxed) }

  /// Since when the one has been idle that has been so for the longest time; `.max` when none is. Read by any thread.
  var longestIdle: Int64 { oldestIdle.load(ordering: .relaxed) }

  /// Counts a connection that is on its way to the loop.
  func expect() { openCount.add(1, ordering: .relaxed) }

  /// Counts one that has ended.
  func forget() { openCount.subtract(1, ordering: .relaxed) }

  package func add(_ connection: any AcceptedConnection) -> Place {
    let place = freePlaces.popLast() ?? entries.count
    if place == entries.count { entries.append(Entry()) }
    entries[place].connection = connection
    return place
  }

  package func remove(_ place: Place) {
    becameBusy(place)
    entries[place].connection = nil
    freePlaces.append(place)
  }

  // MARK: Idle connections

  /// Nothing is under way on a connection, from now on.
  package func becameIdle(_ place: Place) {
    guard entries[place].idleSince == .distantFuture else { return }
    let now = loop.now
    entries[place].idleSince = now
    entries[place].before = lastIdle
    entries[place].after = -1
    if lastIdle >= 0 {
      entries[lastIdle].after = place
    } else {
      firstIdle = place
      oldestIdle.store(now.nanoseconds, ordering: .relaxed)
      setSweeper()
    }
    lastIdle = place
  }

  /// Something is under way again.
  package func becameBusy(_ place: Place) {
    let entry = entries[place]
    guard entry.idleSince != .distantFuture else { return }
    entries[place].idleSince = .distantFuture
    if entry.after >= 0 { entries[entry.after].before = entry.before } else { lastIdle = entry.before }
    if entry.before >= 0 {
      entries[entry.before].after = entry.after
    } else {
      firstIdle = entry.after
      oldestIdle.store(firstIdle >= 0 ? entries[firstIdle].idleSince.nanoseconds : .max, ordering: .relaxed)
    }
  }

  /// Has the connection end that has been idle for the longest time; false when none is.
  func drainLongestIdle() -> Bool {
    guard firstIdle >= 0 else { return false }
    let place = firstIdle
    // It ends by itself, in its own time; but not for two.
    becameBusy(place)
    entries[place].connection?.drain()
    return true
  }

  private func setSweeper() {
    guard let idleTimeout, sweeper == nil, firstIdle >= 0 else { return }
    let due = entries[firstIdle].idleSince.advanced(by: idleTimeout)
    sweeper = loop.schedule(at: due, .call { [weak self] in self?.sweep() })
  }

  /// Ends those that have been idle for too long. The first one's time may have changed meanwhile.
  private func sweep() {
    sweeper = nil
    guard let idleTimeout else { return }
    let limit = loop.now
    while firstIdle >= 0, entries[firstIdle].idleSince.advanced(by: idleTimeout) <= limit { _ = drainLongestIdle() }
    setSweeper()
  }

  // MARK: The end

  /// Ends idle connections now and the others when nothing is under way.
  func drain() {
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
