import SeaThriftTime

/// An endpoint as a balancer is told of it.
package struct BalancedEndpoint: Hashable, Sendable {
  /// What tells it from the others, for example its address; the same endpoint keeps what is known about it.
  package var identity: String
  /// How many calls it gets in proportion to the others; from 0.001 to 1,000, the nearest is taken.
  package var weight: Double
  /// Where it is; nil when nobody knows.
  package var zone: String?

  package init(_ identity: String, weight: Double = 1, zone: String? = nil) {
    self.identity = identity
    self.weight = weight
    self.zone = zone
  }
}

/// What a balancer knows about one endpoint: numbers only, which are copied at no cost. Names are kept elsewhere.
struct EndpointState: Sendable {
  var weight = 1.0
  /// The place in the list, or -1 when it is not in the list, or not any more and only its running calls keep it.
  var rank = -1
  var joined: Instant
  var running = 0
  /// When it had its last turn, as a count of all choices.
  var turn: UInt64 = 0
  var latency = PeakEWMA()
  /// How many attempts in a row brought nothing, and were not its fault as far as is known.
  var emptyHanded = 0
  var unhealthyUntil = Instant.distantFuture
  /// Those of the running attempts that find out whether it is well again.
  var probes = 0
  /// Whether the slot is taken.
  var isUsed = true
  /// Whether it is in the client's own zone.
  var isLocal = false
  var hasAnswered = false
  var isUnhealthy = false
  /// Whether it is unhealthy, and its time is over: a probe is due.
  var isDue = false
  var isEjected = false

  var isListed: Bool { rank >= 0 }
  /// The calls that it would have with one more, per weight.
  var load: Double { Double(running + 1) / weight }
  var loadKey: LoadHeap.Key { LoadHeap.Key(load: load, turn: turn) }
}
