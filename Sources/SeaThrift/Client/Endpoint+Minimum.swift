import Resilience
import SeaThriftSockets
import SeaThriftTime

/// Connections that are made before calls need them, for a group that runs.
extension Endpoint {
  /// A connection that is closed before it is as old, and was never used, is as good as one that could not be made.
  private static let shortestUse = Duration.seconds(10)
  private static let backoff = Backoff.exponential(from: .milliseconds(100), cap: .seconds(30), jitter: .equal)

  /// Has the connections made that are missing to the policy's minimum, unless the circuit is open, or making one failed
  /// just before.
  ///
  /// - Returns: When to look again; `distantFuture` for when something changes.
  func keepMinimum() -> Instant {
    pool.keepsMinimum = true
    guard breaker.map({ $0.machine.state == .closed }) ?? true else { return .distantFuture }
    if loop.now < minimum.due { return minimum.due }
    for id in pool.topUp() { beginConnecting(id, plan.timeouts.connect) }
    return .distantFuture
  }

  /// A connection could not be made: the next one in advance is made later, and later still after each further one.
  func connectionWasMissed() {
    guard pool.keepsMinimum else { return }
    var generator = LoopGenerator(loop: loop)
    minimum.misses += 1
    minimum.due = loop.now.advanced(by: Self.backoff.delay(attempt: minimum.misses, using: &generator))
    minimum.changed?()
  }

  /// A connection is gone, and may have to be replaced.
  func connectionIsGone(_ connection: ClientConnection) {
    guard pool.keepsMinimum else { return }
    if !connection.wasUsed, connection.began.duration(to: loop.now) < Self.shortestUse { return connectionWasMissed() }
    minimum.misses = 0
    minimum.changed?()
  }
}

/// What an endpoint knows of the connections that it makes in advance.
struct MinimumOfConnections {
  /// When the next may be made, after one that could not be.
  var due = Instant.origin
  /// How many in a row could not be made, or were closed at once.
  var misses = 0
  /// Is told when there is something to do.
  var changed: (() -> Void)?
}
