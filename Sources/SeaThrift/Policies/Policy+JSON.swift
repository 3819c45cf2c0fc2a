import Resilience

extension Policy {
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
