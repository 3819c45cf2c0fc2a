/// Where a group finds the endpoints for a call.
public struct EndpointSource: Sendable {
  enum Kind: Sendable {
    case list([EndpointAddress])
    case function(@Sendable () -> AnyIterator<EndpointAddress>)
    case name(host: String, port: Int, refresh: Duration)
  }

  let kind: Kind

  /// The same endpoints for every call, each tried once, in the order given unless the group balances otherwise.
  public static func list(_ addresses: [EndpointAddress]) -> Self { Self(kind: .list(addresses)) }

  /// An endpoint for each address of a host name.
  ///
  /// The name is looked up by the first call, and by the first one after every `refresh`; when that fails, the addresses
  /// stay as they were.
  ///
  /// - Parameters:
  ///   - port: 1 to 65,535.
  ///   - refresh: how long the answer is used; above 0. Default 30 s.
  public static func dns(_ host: String, port: Int, refresh: Duration = .seconds(30)) -> Self {
    Self(kind: .name(host: host, port: port, refresh: max(refresh, .milliseconds(1))))
  }

  /// Endpoints that a function yields, asked anew for every call. The sequence may be endless, such as one that cycles:
  /// only as many elements are taken as there are attempts (and endpoints whose circuit is open). With a ``Balance`` other
  /// than in order, it is read up to its end, or the first 1,000 elements, and the order means nothing.
  ///
  /// The function is called on the group's event loop and must not block it.
  public init(_ endpoints: @escaping @Sendable () -> any Sequence<EndpointAddress>) {
    kind = .function { Self.erased(endpoints()) }
  }

  private init(kind: Kind) { self.kind = kind }

  private static func erased(_ endpoints: some Sequence<EndpointAddress>) -> AnyIterator<EndpointAddress> {
    AnyIterator(endpoints.makeIterator())
  }
}

extension EndpointSource: ExpressibleByArrayLiteral {
  /// The same endpoints for every call.
  public init(arrayLiteral addresses: EndpointAddress...) { self = .list(addresses) }
}
