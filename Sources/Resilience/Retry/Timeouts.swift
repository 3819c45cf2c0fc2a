/// How long each step of an attempt may take. Nil means as long as it likes.
public struct Timeouts: EndpointPolicyValue, MethodPolicyValue, CallPolicyValue, ShadowPolicyValue {
  /// Establishing a connection.
  public var connect: Duration?
  /// Waiting for a connection of a full pool.
  public var pool: Duration?
  /// Sending the request.
  public var write: Duration?
  /// Waiting for the whole reply, from when the request was sent.
  public var read: Duration?
  /// The whole attempt, all steps together.
  public var attempt: Duration?
  /// The part of its time after which an attempt that was ended by somebody else, a deadline or a caller who gave up, has
  /// failed all the same; from 0 to 1. Its time is that of `attempt`, or else of `read`. It must have had more than what the
  /// endpoint usually takes, too.
  public var fairShare: Double

  /// Creates timeouts: 100 ms each to connect and to wait for the pool, 250 ms each to write and to read, and half of its
  /// time for an attempt to be judged by, unless told otherwise. Each is at most 366 days.
  public init(
    connect: Duration? = .milliseconds(100), pool: Duration? = .milliseconds(100),
    write: Duration? = .milliseconds(250), read: Duration? = .milliseconds(250), attempt: Duration? = nil,
    fairShare: Double = 0.5
  ) {
    self.connect = connect
    self.pool = pool
    self.write = write
    self.read = read
    self.attempt = attempt
    self.fairShare = fairShare
  }

  /// Throws when a timeout is not above zero, or too long.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Timeouts")
    try policy.check("connect", connect)
    try policy.check("pool", pool)
    try policy.check("write", write)
    try policy.check("read", read)
    try policy.check("attempt", attempt)
    try policy.check("fairShare", fairShare, in: 0...1)
  }
}

extension Timeouts: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case connect, pool, write, read, attempt, fairShare }

  /// Reads timeouts; a field that is absent has its default, `null` switches it off, durations are text like `250ms`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      connect: try container.optionalDuration(.connect, default: standard.connect),
      pool: try container.optionalDuration(.pool, default: standard.pool),
      write: try container.optionalDuration(.write, default: standard.write),
      read: try container.optionalDuration(.read, default: standard.read),
      attempt: try container.optionalDuration(.attempt, default: standard.attempt),
      fairShare: try container.value(.fairShare, default: standard.fairShare))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(connect, forKey: .connect)
    try container.encode(pool, forKey: .pool)
    try container.encode(write, forKey: .write)
    try container.encode(read, forKey: .read)
    try container.encode(attempt, forKey: .attempt)
    try container.encode(fairShare, forKey: .fairShare)
  }
}
