public import Resilience

/// One endpoint of an ``EndpointSource``: where it is, and what a ``Balance`` goes by.
public struct EndpointEntry: Hashable, Sendable {
  /// Its address.
  public var address: EndpointAddress
  /// How many calls it gets in proportion to the others; from 0.001 to 1,000. Default 1.
  public var weight: Double
  /// The zone that it is in; `nil` when that is not known, which is the default.
  public var zone: String?

  /// Describes an endpoint.
  public init(_ address: EndpointAddress, weight: Double = 1, zone: String? = nil) {
    self.address = address
    self.weight = weight
    self.zone = zone
  }

  /// Throws when the weight is out of its range.
  public func validate() throws(PolicyError) {
    try PolicyCheck("EndpointEntry(\(address))").check("weight", weight, in: 0.001...1_000)
  }

  var forBalancer: BalancedEndpoint { BalancedEndpoint("\(address)", weight: weight, zone: zone) }
}
