import SeaThriftTime

/// The way from one simulated host to another, in one direction; all connections between them share it.
package final class SimulatedLink {
  package var profile: LinkProfile
  /// Whether a partition lies between the two hosts.
  var isPartitioned = false

  private let source: SimulatedHost
  private let target: SimulatedHost
  private var generator: SeededGenerator
  /// When the last byte that was sent has left.
  private var busyUntil = Instant.origin

  init(_ profile: LinkProfile, from source: SimulatedHost, to target: SimulatedHost, generator: SeededGenerator) {
    self.profile = profile
    self.source = source
    self.target = target
    self.generator = generator
  }

  /// Whether packets are swallowed.
  var isBlocked: Bool { isPartitioned || source !== target && (source.isIsolated || target.isIsolated) }

  /// When a packet that is sent at `now` arrives.
  func arrival(of bytes: Int, sentAt now: Instant) -> Instant {
    let latency = profile.latency.sample(using: &generator)
    guard let rate = profile.bytesPerSecond, rate > 0 else { return now.after(latency) }
    let duration = Int64(min(Double(bytes) / Double(rate) * 1e9, 3.6e12))
    busyUntil = max(now, busyUntil).after(duration)
    return busyUntil.after(latency)
  }

  /// Whether the packet that arrives now is lost.
  func losesPacket() -> Bool {
    profile.loss > 0 && Double(generator.next() >> 11) * 0x1p-53 < profile.loss
  }

  /// How many of `available` bytes the next packet takes.
  func packetSize(of available: Int) -> Int {
    let most = min(available, max(1, profile.packetBytes))
    return profile.cutsAtRandom && most > 1 ? Int.random(in: 1...most, using: &generator) : most
  }
}

extension Instant {
  /// The instant some nanoseconds later.
  func after(_ nanoseconds: Int64) -> Self {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : Self(nanoseconds: sum)
  }
}
