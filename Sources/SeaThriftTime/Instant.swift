/// A point on a monotonic clock, in whole nanoseconds since that clock's origin.
///
/// The same type serves the kernel's clock and the simulated one, so the policies built on it cannot tell them apart.
/// Instants of different clocks must not be compared. Arithmetic saturates: an instant never overflows.
@frozen
public struct Instant: InstantProtocol, Hashable, Sendable {
  /// Nanoseconds since the clock's origin.
  public let nanoseconds: Int64

  /// Creates the instant `nanoseconds` after the clock's origin.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The clock's origin.
  public static var origin: Self { Self(nanoseconds: 0) }

  /// Later than every other instant: "never".
  public static var distantFuture: Self { Self(nanoseconds: .max) }

  /// The instant `duration` later, or the nearest one that can be expressed.
  @inlinable
  public func advanced(by duration: Duration) -> Self {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return Self(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : sum)
  }

  /// How long it is from this instant to `other`; negative when `other` came first.
  @inlinable
  public func duration(to other: Self) -> Duration {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return .nanoseconds(overflow ? (other.nanoseconds < 0 ? .min : .max) : difference)
  }

  /// Whether `lhs` comes before `rhs`.
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
}

extension Duration {
  /// The duration in nanoseconds, rounded towards zero and clamped to what 64 bits hold (292 years).
  @inlinable
  public var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}
