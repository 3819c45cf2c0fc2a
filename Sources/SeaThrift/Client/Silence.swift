import SeaThriftTime

/// How long an endpoint has said nothing to attempts that waited for it, since it last answered; a pure state machine.
///
/// Times in which nobody waited do not count, and those in which several did count once.
struct Silence {
  private var total = Duration.zero
  private var latest = Instant.origin

  /// An attempt has waited in vain. Returns for how long the endpoint has been silent in all.
  mutating func extended(from start: Instant, to now: Instant) -> Duration {
    if now > latest { total += max(start, latest).duration(to: now) }
    latest = max(latest, now)
    return total
  }

  /// The endpoint has answered, or its silence has been counted.
  mutating func end() { total = .zero }
}
