/// What the way from one simulated host to another is like, in one direction.
public struct LinkProfile: Hashable, Sendable {
  /// How long a packet travels. Default 100 µs for every one.
  public var latency = Latency.constant(.microseconds(100))
  /// How many bytes a second fit through, all connections together. Default `nil`: any number.
  public var bytesPerSecond: Int?
  /// How likely a packet is lost, 0 to 1. TCP sends it again, after 200 ms at first, and what follows waits for it.
  /// Default 0.
  public var loss = 0.0
  /// The most bytes that arrive at once. Default 65,536.
  public var packetBytes = 65_536
  /// Whether packets are cut at random places, so that readers meet messages in pieces. Default `false`.
  public var cutsAtRandom = false

  /// Creates the default profile: a calm network of one data centre.
  public init() {}

  /// The default profile with another latency.
  public init(latency: Latency) { self.latency = latency }

  /// The way from a host to itself.
  static var loopback: Self { Self(latency: .constant(.microseconds(10))) }
}
