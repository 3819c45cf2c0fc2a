import Resilience

extension Policy: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case deadline, bulkhead, rateLimit, adaptiveLimit, retry, balance, perEndpoint, shadow, methods
  }

  /// Reads a policy; a field that is absent has its default, and one that is unknown is an error.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.policyContainer(CodingKeys.self)
    deadline = try fields.optional(.deadline, default: deadline)
    bulkhead = try fields.optional(.bulkhead, default: bulkhead)
    rateLimit = try fields.optional(.rateLimit, default: rateLimit)
    adaptiveLimit = try fields.optional(.adaptiveLimit, default: adaptiveLimit)
    retry = try fields.value(.retry, default: retry)
    balance = try fields.value(.balance, default: balance)
    perEndpoint = try fields.value(.perEndpoint, default: perEndpoint)
    shadow = try fields.optional(.shadow, default: shadow)
    methods = try fields.value(.methods, default: methods)
  }

  /// Writes every field that is not `nil`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(deadline, forKey: .deadline)
    try fields.encodeIfPresent(bulkhead, forKey: .bulkhead)
    try fields.encodeIfPresent(rateLimit, forKey: .rateLimit)
    try fields.encodeIfPresent(adaptiveLimit, forKey: .adaptiveLimit)
    try fields.encode(retry, forKey: .retry)
    try fields.encode(balance, forKey: .balance)
    try fields.encode(perEndpoint, forKey: .perEndpoint)
    try fields.encodeIfPresent(shadow, forKey: .shadow)
    if !methods.isEmpty { try fields.encode(methods, forKey: .methods) }
  }

  /// Reads a policy from JSON. The schema is in the documentation, page Policies.
  ///
  /// - Throws: ``JSONError`` when the text is no JSON, `DecodingError` when it is no policy, ``PolicyError`` when a value
  ///   is out of its range; each says where.
  public init(json: String) throws {
    self = try JSONDocument.decode(Policy.self, from: json)
    try validate()
  }

  /// The policy as JSON that ``init(json:)`` reads, every value written out.
  public var json: String { JSONDocument.encode(self) }
}

extension EndpointPolicy: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case circuitBreaker, timeouts, pool }

  /// Reads an endpoint's policy; a field that is absent has its default; `null` for no circuit breaker.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.policyContainer(CodingKeys.self)
    circuitBreaker = try fields.optional(.circuitBreaker, default: circuitBreaker)
    timeouts = try fields.value(.timeouts, default: timeouts)
    pool = try fields.value(.pool, default: pool)
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(circuitBreaker, forKey: .circuitBreaker)
    try fields.encode(timeouts, forKey: .timeouts)
    try fields.encode(pool, forKey: .pool)
  }
}

extension MethodPolicy: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case deadline, bulkhead, rateLimit, retry, timeouts, circuitBreaker, hedge, cache, singleFlight, shadow
  }

  /// Reads a method's policy; what is absent is as for the group.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.policyContainer(CodingKeys.self)
    deadline = try fields.optional(.deadline, default: nil)
    bulkhead = try fields.optional(.bulkhead, default: nil)
    rateLimit = try fields.optional(.rateLimit, default: nil)
    retry = try fields.optional(.retry, default: nil)
    timeouts = try fields.optional(.timeouts, default: nil)
    circuitBreaker = try fields.optional(.circuitBreaker, default: nil)
    hedge = try fields.optional(.hedge, default: nil)
    cache = try fields.optional(.cache, default: nil)
    singleFlight = try fields.optional(.singleFlight, default: nil)
    shadow = try fields.optional(.shadow, default: nil)
  }

  /// Writes every field that is not `nil`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(deadline, forKey: .deadline)
    try fields.encodeIfPresent(bulkhead, forKey: .bulkhead)
    try fields.encodeIfPresent(rateLimit, forKey: .rateLimit)
    try fields.encodeIfPresent(retry, forKey: .retry)
    try fields.encodeIfPresent(timeouts, forKey: .timeouts)
    try fields.encodeIfPresent(circuitBreaker, forKey: .circuitBreaker)
    try fields.encodeIfPresent(hedge, forKey: .hedge)
    try fields.encodeIfPresent(cache, forKey: .cache)
    try fields.encodeIfPresent(singleFlight, forKey: .singleFlight)
    try fields.encodeIfPresent(shadow, forKey: .shadow)
  }
}
