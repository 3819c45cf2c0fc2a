import SeaThriftSockets
import SeaThriftTime

/// How much of a turn of the loop one connection may use, before the others have theirs.
///
/// A client that sends requests without end would never be waited for, and so would hold up all others on the loop. The
/// time is what counts; it is looked at seldom where calls take little.
struct TurnBudget {
  /// How many calls, at most: so that a loop whose clock stands still in a turn takes turns too.
  private static let calls = 64
  /// In nanoseconds.
  private static let time: Int64 = 500_000

  /// Nil for a message in memory, which has all the time there is.
  private let loop: EventLoop?
  private var turn: UInt64 = 0
  private var start: Int64 = 0
  private var used = 0
  private var nextLook = 0
  private var stride = 1

  init(loop: EventLoop?) { self.loop = loop }

  /// Counts another call or another read. False when the others come first: after ``EventLoop/yieldTurn()`` there is more.
  mutating func spend() -> Bool {
    guard let loop else { return true }
    guard turn == loop.turn else {
      turn = loop.turn
      start = loop.now.nanoseconds
      used = 0
      nextLook = stride
      return true
    }
    used += 1
    if used < nextLook { return true }
    if used >= Self.calls { return false }
    let elapsed = loop.now.nanoseconds - start
    if elapsed >= Self.time { return false }
    let each = elapsed / Int64(used)
    stride = each < 5_000 ? 16 : each < 20_000 ? 4 : 1
    nextLook = used + stride
    return true
  }
}
