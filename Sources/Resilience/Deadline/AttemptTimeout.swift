/// How long one attempt of a call may take.
public struct AttemptTimeout: ShadowPolicyValue, PipelinePolicyValue {
  /// The time from the beginning of the attempt; above 0, up to 366 days.
  public var after: Duration

  /// Creates a timeout.
  public init(_ after: Duration) { self.after = after }

  /// Throws when the time is out of its range.
  public func validate() throws(PolicyError) { try PolicyCheck("AttemptTimeout").check("after", after) }
}

extension AttemptTimeout: Codable {
  /// Reads text like `250ms`.
  public init(from decoder: any Decoder) throws { self.init(try Duration(policyText: decoder)) }

  /// Writes text like `250ms`.
  public func encode(to encoder: any Encoder) throws { try after.encodePolicyText(to: encoder) }
}

extension Duration {
  /// Reads a duration as people write them, where it is the whole value.
  init(policyText decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let duration = DurationText.parse(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "'\(text)' is no duration: a number and one of d, h, m, s, ms, us, ns, for example 250ms")
    }
    self = duration
  }

  func encodePolicyText(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(DurationText.format(self))
  }
}
