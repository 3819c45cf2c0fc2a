package import SeaThriftTime

/// Percentiles of the latencies of the recent past, in a fixed amount of memory.
///
/// Latencies are counted in buckets whose width is a sixteenth of their power of two, so that a percentile is at most
/// 6.25 % above the latency that was measured, and never below it. Four slices of the window take turns: the oldest is
/// dropped as a whole, so it covers between three quarters of the window and all of it. Latencies from 0 to 4.8 hours;
/// longer ones count as that. Memory: five times 656 counters of four bytes, allocated with the first latency.
package struct LatencyHistogram: Sendable {
  private static let sliceCount = 4
  /// Below 16 ns a bucket holds one value; from there on 16 buckets share a power of two, up to the one of 2^43 ns.
  private static let subBits = 4
  private static let highestBit = 43
  private static let bucketCount = ((highestBit - subBits + 1) << subBits) + (1 << subBits)

  private let width: Duration
  private var slices: [[UInt32]] = []
  private var sum: [UInt32] = []
  private var current = 0
  private var currentEnd = Instant.origin

  /// How many latencies are counted.
  package private(set) var count = 0

  /// Creates an empty histogram that looks back so far.
  package init(over window: Duration = .seconds(60)) {
    width = max(PolicyCheck.clamp(window) / Self.sliceCount, .nanoseconds(1))
  }

  /// Counts one latency.
  package mutating func record(_ latency: Duration, at now: Instant) {
    advance(to: now)
    let bucket = Self.bucket(of: latency.wholeNanoseconds)
    slices[current][bucket] &+= 1
    sum[bucket] &+= 1
    count += 1
  }

  /// The latency that the share `quantile` of those counted did not exceed, or up to 6.25 % more; nil when nothing is
  /// counted.
  ///
  /// - Parameter quantile: From 0 to 1, for example 0.95.
  package mutating func percentile(_ quantile: Double, at now: Instant) -> Duration? {
    advance(to: now)
    guard count > 0 else { return nil }
    let rank = max(Int((PolicyCheck.clamp(quantile, to: 0...1) * Double(count)).rounded(.up)), 1)
    var seen = 0
    for (bucket, counted) in sum.enumerated() {
      seen += Int(counted)
      if seen >= rank { return .nanoseconds(Self.upperBound(of: bucket)) }
    }
    return nil
  }

  private mutating func advance(to now: Instant) {
    if slices.isEmpty {
      sum = Array(repeating: 0, count: Self.bucketCount)
      slices = Array(repeating: sum, count: Self.sliceCount)
      currentEnd = now.advanced(by: width)
      return
    }
    guard now >= currentEnd else { return }
    // After a long silence every slice is out of date; turning all of them once is enough.
    for _ in 0..<Self.sliceCount where now >= currentEnd {
      current = (current + 1) % Self.sliceCount
      for bucket in sum.indices where slices[current][bucket] > 0 {
        sum[bucket] &-= slices[current][bucket]
        count -= Int(slices[current][bucket])
        slices[current][bucket] = 0
      }
      currentEnd = currentEnd.advanced(by: width)
    }
    if now >= currentEnd { currentEnd = now.advanced(by: width) }
  }

  private static func bucket(of nanoseconds: Int64) -> Int {
    let value = Int(min(max(nanoseconds, 0), (1 << (highestBit + 1)) - 1))
    if value < 1 << subBits { return value }
    let shift = Int.bitWidth - 1 - value.leadingZeroBitCount - subBits
    return ((shift + 1) << subBits) + (value >> shift) - (1 << subBits)
  }

  private static func upperBound(of bucket: Int) -> Int64 {
    if bucket < 1 << subBits { return Int64(bucket) }
    let shift = (bucket >> subBits) - 1
    let lower = ((bucket & ((1 << subBits) - 1)) + (1 << subBits)) << shift
    return Int64(lower + (1 << shift) - 1)
  }
}
