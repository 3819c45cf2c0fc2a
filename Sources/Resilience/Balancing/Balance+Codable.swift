extension Balance: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case algorithm, panicBelow, maxEjected, slowStart, zone, zoneShare
  }

  /// Reads a balancer; a field that is absent has its default, durations are text like `30s`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.policyContainer(CodingKeys.self)
    let standard = Self()
    self.init(
      try container.value(.algorithm, default: standard.algorithm),
      panicBelow: try container.value(.panicBelow, default: standard.panicBelow),
      maxEjected: try container.value(.maxEjected, default: standard.maxEjected),
      slowStart: try container.optionalDuration(.slowStart, default: standard.slowStart),
      zone: try container.optional(.zone, default: standard.zone),
      zoneShare: try container.value(.zoneShare, default: standard.zoneShare))
  }

  /// Writes every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(algorithm, forKey: .algorithm)
    try container.encode(panicBelow, forKey: .panicBelow)
    try container.encode(maxEjected, forKey: .maxEjected)
    try container.encode(slowStart, forKey: .slowStart)
    try container.encode(zone, forKey: .zone)
    try container.encode(zoneShare, forKey: .zoneShare)
  }
}

extension Balance.Algorithm: Codable {
  private static let simple: [(name: String, algorithm: Self)] = [
    ("inOrder", .inOrder), ("shuffled", .shuffled), ("roundRobin", .roundRobin), ("weighted", .weighted),
    ("leastLoaded", .leastLoaded), ("powerOfTwoChoices", .powerOfTwoChoices), ("peakEWMA", .peakEWMA()),
    ("consistentHash", .consistentHash()),
  ]

  private enum CodingKeys: String, CodingKey, CaseIterable { case peakEWMA, consistentHash }
  private enum EWMAKeys: String, CodingKey, CaseIterable { case decay, penalty }
  private enum HashKeys: String, CodingKey, CaseIterable { case points, bound }

  /// Reads a name, for example `"roundRobin"`, or an object with one field for an algorithm that has parameters, for
  /// example `{"peakEWMA": {"decay": "10s"}}`.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let found = Self.simple.first(where: { $0.name == name }) else {
        let names = Self.simple.map(\.name).joined(separator: ", ")
        throw DecodingError.dataCorrupted(
          DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "'\(name)' is none of: \(names)"))
      }
      self = found.algorithm
      return
    }
    let container = try decoder.policyContainer(CodingKeys.self)
    let key = try container.onlyKey("an algorithm")
    let inner = try container.superDecoder(forKey: key)
    switch key {
    case .peakEWMA:
      let fields = try inner.policyContainer(EWMAKeys.self)
      self = .peakEWMA(
        decay: try fields.duration(.decay, default: .seconds(10)),
        penalty: try fields.duration(.penalty, default: .seconds(1)))
    case .consistentHash:
      let fields = try inner.policyContainer(HashKeys.self)
      self = .consistentHash(
        points: try fields.value(.points, default: 100), bound: try fields.value(.bound, default: 1.25))
    }
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    switch kind {
    case .peakEWMA(let decay, let penalty):
      var container = encoder.container(keyedBy: CodingKeys.self)
      var fields = container.nestedContainer(keyedBy: EWMAKeys.self, forKey: .peakEWMA)
      try fields.encode(decay, forKey: .decay)
      try fields.encode(penalty, forKey: .penalty)
    case .consistentHash(let points, let bound):
      var container = encoder.container(keyedBy: CodingKeys.self)
      var fields = container.nestedContainer(keyedBy: HashKeys.self, forKey: .consistentHash)
      try fields.encode(points, forKey: .points)
      try fields.encode(bound, forKey: .bound)
    default:
      var container = encoder.singleValueContainer()
      try container.encode(Self.simple.first { $0.algorithm == self }?.name ?? "inOrder")
    }
  }
}
