/// Where a group finds the endpoints for a call, in the order in which they are to be tried.
public struct EndpointSource: Sendable {
  let makeIterator: @Sendable () -> AnyIterator<EndpointAddress>

  /// The same endpoints for every call, each tried once, in the order given.
  public static func list(_ addresses: [EndpointAddress]) -> Self {
    Self { addresses }
  }

  /// Endpoints that a function yields, asked anew for every call. The sequence may be endless, such as one that cycles:
  /// only as many elements are taken as there are attempts (and endpoints whose circuit is open).
  ///
  /// The function is called on the group's event loop and must not block it.
  public init(_ endpoints: @escaping @Sendable () -> any Sequence<EndpointAddress>) {
    makeIterator = { Self.erased(endpoints()) }
  }

  private static func erased(_ endpoints: some Sequence<EndpointAddress>) -> AnyIterator<EndpointAddress> {
    AnyIterator(endpoints.makeIterator())
  }
}

extension EndpointSource: ExpressibleByArrayLiteral {
  /// The same endpoints for every call.
  public init(arrayLiteral addresses: EndpointAddress...) { self = .list(addresses) }
}
