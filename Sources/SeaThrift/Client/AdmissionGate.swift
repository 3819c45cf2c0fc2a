import Resilience
import SeaThriftTime
import Synchronization

/// Turns calls away before they cost anything, when all places are taken: as many calls are under way as there are
/// connections and places to wait for one.
///
/// A call is turned away on its caller's thread. Otherwise a flood of calls would keep the loop busy with refusing them, and
/// the calls that have places would not be served.
final class AdmissionGate: Sendable {
  enum Admission {
    case admitted, full, limited, closed
  }

  /// The number of places of a gate that is closed.
  private static let closed = Int.min

  /// `.max` for no limit.
  private let places = Atomic<Int>(.max)
  private let taken = Atomic<Int>(0)
  /// Limits that every call meets first, and whether there are any.
  private let limits = Lock<CallLimits?>(nil)
  private let hasLimits = Atomic<Bool>(false)
  private let onEmpty = Lock<[@Sendable () -> Void]>([])

  /// How many places are taken.
  var placesTaken: Int { taken.load(ordering: .relaxed) }

  init() {}

  /// Takes a place, if there is one.
  func enter() -> Admission {
    if hasLimits.load(ordering: .relaxed), limits.withLock({ $0?.isFull ?? false }) { return .limited }
    let places = places.load(ordering: .sequentiallyConsistent)
    if taken.add(1, ordering: .sequentiallyConsistent).oldValue < places { return .admitted }
    leave()
    return places == Self.closed ? .closed : .full
  }

  /// Gives a place back, for good or for as long as a call pauses between two attempts.
  func leave() {
    if taken.subtract(1, ordering: .sequentiallyConsistent).newValue == 0, isClosed { tellEmpty() }
  }

  /// Takes a place again after a pause, whether there is one or not.
  func reenter() { taken.add(1, ordering: .relaxed) }

  /// Sets the limits that every call meets first, if it meets any. A call for which they have no place is turned away here
  /// too, and not by them.
  func set(_ limits: CallLimits?) {
    hasLimits.store(limits != nil, ordering: .relaxed)
    self.limits.withLock { $0 = limits }
  }

  /// Sets how many places there are. Nil for no limit. A gate that is closed stays so.
  func set(_ count: Int?) {
    var old = places.load(ordering: .relaxed)
    while old != Self.closed {
      let result = places.compareExchange(expected: old, desired: count ?? .max, ordering: .sequentiallyConsistent)
      if result.exchanged { return }
      old = result.original
    }
  }

  var isClosed: Bool { places.load(ordering: .sequentiallyConsistent) == Self.closed }

  /// Lets nobody in any more.
  ///
  /// - Parameter onEmpty: Called, from any thread and more than once perhaps, when nobody is in.
  func close(onEmpty: @escaping @Sendable () -> Void) {
    self.onEmpty.withLock { $0.append(onEmpty) }
    places.store(Self.closed, ordering: .sequentiallyConsistent)
    if placesTaken == 0 { tellEmpty() }
  }

  private func tellEmpty() {
    for tell in onEmpty.withLock({ $0 }) { tell() }
  }
}
