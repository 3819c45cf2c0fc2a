import Glibc
package import SeaThriftTime

/// How long a simulated network takes for a packet: a distribution of durations, none of them negative.
public struct Latency: Hashable, Sendable {
  private enum Kind: Hashable {
    case constant(Int64)
    case uniform(Int64, Int64)
    case exponential(floor: Int64, mean: Int64)
    case logNormal(median: Int64, sigma: Double)
  }

  private let kind: Kind

  /// The same for every packet.
  public static func constant(_ duration: Duration) -> Self { Self(kind: .constant(atLeastZero(duration))) }

  /// Any duration of the range, each as likely as the other.
  public static func uniform(_ range: ClosedRange<Duration>) -> Self {
    Self(kind: .uniform(atLeastZero(range.lowerBound), atLeastZero(range.upperBound)))
  }

  /// `floor`, and on top of it an exponentially distributed time with the mean `mean`: a queue on the way.
  public static func exponential(mean: Duration, floor: Duration = .zero) -> Self {
    Self(kind: .exponential(floor: atLeastZero(floor), mean: atLeastZero(mean)))
  }

  /// A log-normal distribution, the shape of measured round trips: half of the packets take less than `median`; `sigma`
  /// is the standard deviation of the logarithm, 0.3 for a calm network, 1 for one with a long tail.
  public static func logNormal(median: Duration, sigma: Double) -> Self {
    Self(kind: .logNormal(median: atLeastZero(median), sigma: sigma.isFinite ? abs(sigma) : 0))
  }

  private static func atLeastZero(_ duration: Duration) -> Int64 { max(0, duration.wholeNanoseconds) }

  /// The longest time one packet takes, whatever the distribution says: a simulated hour.
  private static let ceiling = 3.6e12

  /// One draw, in nanoseconds.
  package func sample(using generator: inout SeededGenerator) -> Int64 {
    switch kind {
    case .constant(let value): return value
    case .uniform(let low, let high): return low == high ? low : Int64.random(in: low...high, using: &generator)
    case .exponential(let floor, let mean):
      return floor + Int64(min(-log(Self.unit(&generator)) * Double(mean), Self.ceiling))
    case .logNormal(let median, let sigma):
      // Box and Muller's way from two uniform numbers to a normal one.
      let normal = sqrt(-2 * log(Self.unit(&generator))) * cos(2 * .pi * Self.unit(&generator))
      return Int64(min(Double(median) * exp(sigma * normal), Self.ceiling))
    }
  }

  /// A number above 0, up to 1.
  private static func unit(_ generator: inout SeededGenerator) -> Double {
    Double((generator.next() >> 11) + 1) * 0x1p-53
  }
}
