package import SeaThriftTime

/// A retry budget's account: successes pay in, extra attempts draw.
///
/// Memory: twice ten slices of two counters.
package struct RetryBudgetStateMachine: Sendable {
  private let share: Double
  private let reserve: Double
  /// Successes, and as the marked ones the extra attempts, which are not part of the total.
  private var window: SlidingWindow
  /// As the marked ones those of the extra attempts that were hedges.
  private var hedges: SlidingWindow

  /// The part of the account that hedges leave to retries: a call that failed needs its retry more than a slow one its
  /// hedge.
  private static let hedgeShare = 0.5

  /// Creates an account with nothing in it but the floor.
  package init(_ policy: RetryBudget = RetryBudget()) {
    let length = PolicyCheck.clamp(policy.window, atLeast: .seconds(1))
    share = PolicyCheck.clamp(policy.share, to: 0...100)
    reserve = PolicyCheck.clamp(policy.floor, to: 0...1_000_000) * (length / .seconds(1))
    window = SlidingWindow(length)
    hedges = SlidingWindow(length)
  }

  /// A call succeeded, at whichever attempt.
  package mutating func deposit(at now: Instant) { window.add(at: now) }

  /// Asks for a retry; true when there is one, which is then spent.
  package mutating func withdraw(at now: Instant) -> Bool {
    guard available(at: now) >= 1 else { return false }
    window.add(0, marked: 1, at: now)
    return true
  }

  /// Asks for a hedge; true when there is one, which is then spent. Hedges get half of what may be spent within a window.
  package mutating func withdrawHedge(at now: Instant) -> Bool {
    guard available(at: now) >= 1 else { return false }
    hedges.advance(to: now)
    let allowance = reserve + share * Double(window.total)
    guard Double(hedges.marked + 1) <= allowance * Self.hedgeShare + 1e-9 else { return false }
    hedges.add(0, marked: 1, at: now)
    window.add(0, marked: 1, at: now)
    return true
  }

  /// How many extra attempts are left; the fraction that has been paid in is included.
  package mutating func available(at now: Instant) -> Double {
    window.advance(to: now)
    // The last term is for shares that a Double holds a little below their value: 0.29 * 100 is 28.999...
    return max(reserve + share * Double(window.total) - Double(window.marked) + 1e-9, 0)
  }
}
