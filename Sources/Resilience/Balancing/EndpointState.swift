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

/// What a balancer knows about one endpoint.
struct EndpointState: Sendable {
  var identity: String
  var weight = 1.0
  var zone: String?
  /// Whether it is in the client's own zone.
  var isLocal = false
  /// The place in the list, or -1 when it is not in the list any more and only its running calls keep it.
  var rank = -1
  var joined: Instant
  var running = 0
  var hasAnswered = false
  var latency = PeakEWMA()
  /// When it had its last turn, as a count of all choices.
  var turn: UInt64 = 0
  var isUnhealthy = false
  var unhealthyUntil = Instant.distantFuture
  var isEjected = false

  /// The calls that it would have with one more, per weight.
  var load: Double { Double(running + 1) / weight }
  var loadKey: LoadHeap.Key { LoadHeap.Key(load: load, turn: turn) }
}
