import SeaThriftSockets

/// When the kernel asks the other side of a silent TCP connection whether it is still there (RFC 1122, 4.2.3.6), so that one
/// which vanished without a word, as by a power failure or a firewall that forgot it, is found out. Unix sockets need none.
public struct Keepalive: Hashable, Sendable {
  /// After so long a silence; from 1 s to 32,767 s, in whole seconds. Default 60 s.
  public var idle: Duration
  /// Again after so long, when there was no answer; from 1 s to 32,767 s, in whole seconds. Default 10 s.
  public var interval: Duration
  /// So often, before the connection is given up; from 1 to 127. Default 6.
  public var probes: Int

  /// Creates times: by default a side that has vanished is found out within two minutes.
  public init(idle: Duration = .seconds(60), interval: Duration = .seconds(10), probes: Int = 6) {
    self.idle = idle
    self.interval = interval
    self.probes = probes
  }

  /// Throws when a value is out of its range.
  public func validate() throws(ConfigurationError) {
    for (name, value) in [("idle", idle), ("interval", interval)] {
      guard (Duration.seconds(1)...Duration.seconds(32_767)).contains(value) else {
        throw ConfigurationError("keepalive.\(name) is 1 s to 32767 s, not \(value)")
      }
    }
    guard (1...127).contains(probes) else { throw ConfigurationError("keepalive.probes is 1 to 127, not \(probes)") }
  }

  var times: KeepaliveTimes {
    KeepaliveTimes(
      idle: Int(idle.components.seconds), interval: Int(interval.components.seconds), probes: probes)
  }
}
