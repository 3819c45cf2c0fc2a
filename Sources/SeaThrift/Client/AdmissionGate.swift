import Synchronization

/// Turns calls away before they cost anything, when all places are taken: as many calls are under way as there are
/// connections and places to wait for one.
///
/// A call is turned away on its caller's thread. Otherwise a flood of calls would keep the loop busy with refusing them, and
/// the calls that have places would not be served.
final class AdmissionGate: Sendable {
  /// `.max` for no limit.
  private let places = Atomic<Int>(.max)
  private let taken = Atomic<Int>(0)

  /// How many places are taken.
  var placesTaken: Int { taken.load(ordering: .relaxed) }

  init() {}

  /// Takes a place. False when there is none.
  func enter() -> Bool {
    if taken.add(1, ordering: .relaxed).oldValue < places.load(ordering: .relaxed) { return true }
    taken.subtract(1, ordering: .relaxed)
    return false
  }

  /// Gives a place back, for good or for as long as a call pauses between two attempts.
  func leave() { taken.subtract(1, ordering: .relaxed) }

  /// Takes a place again after a pause, whether there is one or not.
  func reenter() { taken.add(1, ordering: .relaxed) }

  /// Sets how many places there are. Nil for no limit.
  func set(_ count: Int?) { places.store(count ?? .max, ordering: .relaxed) }
}
