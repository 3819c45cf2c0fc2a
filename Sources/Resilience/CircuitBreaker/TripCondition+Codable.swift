extension TripCondition: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case failures, consecutive, errorRate, slowRate, any }
  private enum FailureKeys: String, CodingKey, CaseIterable { case over, within }
  private enum ErrorRateKeys: String, CodingKey, CaseIterable { case rate, of, within }
  private enum SlowRateKeys: String, CodingKey, CaseIterable { case rate, slowerThan, of, within }

  /// Reads an object with one field that names the condition, for example `{"failures": {"over": 3, "within": "60s"}}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let key = try container.onlyKey("a trip condition")
    let inner = try container.superDecoder(forKey: key)
    switch key {
    case .failures:
      let fields = try inner.policyContainer(FailureKeys.self)
      self = .failures(
        over: try fields.value(.over, default: 3), within: try fields.duration(.within, default: .seconds(60)))
    case .consecutive:
      self = .consecutive(try container.decode(Int.self, forKey: key))
    case .errorRate:
      let fields = try inner.policyContainer(ErrorRateKeys.self)
      self = .errorRate(
        try fields.value(.rate, default: 0.5), of: try fields.value(.of, default: 20),
        within: try fields.duration(.within, default: .seconds(10)))
    case .slowRate:
      let fields = try inner.policyContainer(SlowRateKeys.self)
      guard fields.contains(.slowerThan) else {
        throw DecodingError.keyNotFound(
          SlowRateKeys.slowerThan,
          DecodingError.Context(codingPath: fields.codingPath, debugDescription: "slowerThan has no default"))
      }
      self = .slowRate(
        try fields.value(.rate, default: 0.5), slowerThan: try fields.duration(.slowerThan, default: .zero),
        of: try fields.value(.of, default: 20), within: try fields.duration(.within, default: .seconds(10)))
    case .any:
      self = .any(try container.decode([TripCondition].self, forKey: key))
    }
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch kind {
    case .failures(let limit, let window):
      var fields = container.nestedContainer(keyedBy: FailureKeys.self, forKey: .failures)
      try fields.encode(limit, forKey: .over)
      try fields.encode(window, forKey: .within)
    case .consecutive(let count):
      try container.encode(count, forKey: .consecutive)
    case .errorRate(let rate, let minimum, let window):
      var fields = container.nestedContainer(keyedBy: ErrorRateKeys.self, forKey: .errorRate)
      try fields.encode(rate, forKey: .rate)
      try fields.encode(minimum, forKey: .of)
      try fields.encode(window, forKey: .within)
    case .slowRate(let rate, let slow, let minimum, let window):
      var fields = container.nestedContainer(keyedBy: SlowRateKeys.self, forKey: .slowRate)
      try fields.encode(rate, forKey: .rate)
      try fields.encode(slow, forKey: .slowerThan)
      try fields.encode(minimum, forKey: .of)
      try fields.encode(window, forKey: .within)
    case .any(let conditions):
      try container.encode(conditions, forKey: .any)
    }
  }
}
