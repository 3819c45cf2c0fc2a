/// Who runs and who waits, first come, first served. The limit may change at any time, which is how an adaptive limit
/// makes use of it.
///
/// Every operation takes constant time; memory is that of the longest queue there was.
package struct BulkheadStateMachine: Sendable {
  /// What a call that asks gets.
  package enum Admission: Hashable, Sendable {
    /// Run, then `leave()`.
    case enter
    /// Wait until this waiter is named, or `waiterLeft` takes it out.
    case wait(WaiterID)
    /// Give up: as many are waiting as may.
    case refuse
  }

  /// The most calls that run at once.
  package private(set) var limit: Int
  /// How many calls run; more than the limit for a while after it was lowered.
  package private(set) var running = 0
  private let waiterLimit: Int
  private var queue = WaiterQueue()

  /// How many calls wait.
  package var waiting: Int { queue.count }

  /// Whether a call that asks now is refused.
  package var isFull: Bool { running >= limit && queue.count >= waiterLimit }

  /// Creates a bulkhead with nobody in it.
  package init(_ policy: Bulkhead = Bulkhead()) {
    limit = min(max(policy.concurrent, 1), 1_000_000)
    waiterLimit = min(max(policy.waiters, 0), 1_000_000)
  }

  /// A call wants to run.
  package mutating func enter() -> Admission {
    // Nobody waits while there is room, so this call overtakes no one.
    if running < limit {
      running += 1
      return .enter
    }
    return queue.count < waiterLimit ? .wait(queue.enqueue()) : .refuse
  }

  /// A running call ended, or a waiter was named and is gone. Returns the waiter that runs now, if there is one.
  package mutating func leave() -> WaiterID? {
    guard running > 0 else { return nil }
    running -= 1
    return admitNext()
  }

  /// A waiter was cancelled, or waited long enough. True: it will not be named. False: it was, and has to `leave()`.
  package mutating func waiterLeft(_ waiter: WaiterID) -> Bool { queue.remove(waiter) }

  /// Changes the limit, which is at least 1. Returns the waiters that run now.
  package mutating func setLimit(_ newLimit: Int) -> [WaiterID] {
    limit = min(max(newLimit, 1), 1_000_000)
    var admitted: [WaiterID] = []
    while let waiter = admitNext() { admitted.append(waiter) }
    return admitted
  }

  private mutating func admitNext() -> WaiterID? {
    guard running < limit, let waiter = queue.dequeue() else { return nil }
    running += 1
    return waiter
  }
}
