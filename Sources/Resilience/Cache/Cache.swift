/// Keeps results so that the same call need not be made again, in a bounded number of bytes.
///
/// A result is *fresh* until `ttl`. For `staleWhileRevalidate` after that it is still served, while one call fetches it
/// anew. For `staleIfError` after `ttl` it is served when the call that should replace it failed. The terms are those of
/// RFC 5861.
public struct Cache: IdempotentMethodPolicyValue, CallPolicyValue, ShadowPolicyValue {
  /// The most bytes of keys and results together; from 1 to 2^40.
  public var bytes: Int
  /// How long a result is fresh; up to 366 days.
  public var ttl: Duration
  /// How long after that it is served while it is being fetched anew; from 0 to 366 days.
  public var staleWhileRevalidate: Duration
  /// How long after `ttl` it replaces an error; from 0 to 366 days.
  public var staleIfError: Duration

  /// Creates a cache: 8 MiB, fresh for 60 s and never served after that, unless told otherwise.
  public init(
    bytes: Int = 8_388_608, ttl: Duration = .seconds(60), staleWhileRevalidate: Duration = .zero,
    staleIfError: Duration = .zero
  ) {
    self.bytes = bytes
    self.ttl = ttl
    self.staleWhileRevalidate = staleWhileRevalidate
    self.staleIfError = staleIfError
  }

  /// Throws when a field is out of its range.
  public func validate() throws(PolicyError) {
    let policy = PolicyCheck("Cache")
    try policy.check("bytes", bytes, in: 1...1 << 40)
    try policy.check("ttl", ttl)
    try policy.check("staleWhileRevalidate", staleWhileRevalidate, atLeast: .zero)
    try policy.check("staleIfError", staleIfError, atLeast: .zero)
  }
}

extension Cache: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case bytes, ttl, staleWhileRevalidate, staleIfError }

  /// Reads a cache policy; a field that is absent has its default, durations are text like `60s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      bytes: try container.value(.bytes, default: standard.bytes),
      ttl: try container.duration(.ttl, default: standard.ttl),
      staleWhileRevalidate: try container.duration(.staleWhileRevalidate, default: standard.staleWhileRevalidate),
      staleIfError: try container.duration(.staleIfError, default: standard.staleIfError))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(ttl, forKey: .ttl)
    try container.encode(staleWhileRevalidate, forKey: .staleWhileRevalidate)
    try container.encode(staleIfError, forKey: .staleIfError)
  }
}
