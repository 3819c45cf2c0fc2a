/// Where a group finds the endpoints for a call.
public struct EndpointSource: Sendable {
  enum Kind: Sendable {
    case list([EndpointEntry])
    case function(@Sendable () -> AnyIterator<EndpointEntry>)
    case name(host: String, port: Int, refresh: Duration)
  }

  let kind: Kind

  /// The same endpoints for every call, each tried once, in the order given unless the group balances otherwise.
  public static func list(_ addresses: [EndpointAddress]) -> Self {
    Self(kind: .list(addresses.map { EndpointEntry($0) }))
  }

  /// The same endpoints for every call, with the weights and zones that the group's ``Balance`` goes by. A weight out of
  /// its range is an error of the group's initializer.
  public static func list(entries: [EndpointEntry]) -> Self { Self(kind: .list(entries)) }

  /// An endpoint for each address of a host name.
  ///
  /// The name is looked up by the first call, and by the first one after every `refresh`; when that fails, the addresses
  /// stay as they were.
  ///
  /// - Parameters:
  ///   - host: a name that the system's resolver knows, or an IP address.
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

  /// Endpoints with weights and zones that a function yields, asked anew for every call, as by ``init(_:)``. Of a weight
  /// out of its range the nearest one in it is taken.
  public init(entries: @escaping @Sendable () -> any Sequence<EndpointEntry>) {
    kind = .function { Self.erased(entries: entries()) }
  }

  private init(kind: Kind) { self.kind = kind }

  private static func erased(_ endpoints: some Sequence<EndpointAddress>) -> AnyIterator<EndpointEntry> {
    var iterator = endpoints.makeIterator()
    return AnyIterator { iterator.next().map { EndpointEntry($0) } }
  }

  private static func erased(entries: some Sequence<EndpointEntry>) -> AnyIterator<EndpointEntry> {
    AnyIterator(entries.makeIterator())
  }

  /// Throws when a weight is out of its range.
  func validate() throws(PolicyError) {
    guard case .list(let entries) = kind else { return }
    for entry in entries { try entry.validate() }
  }
}

extension EndpointSource: ExpressibleByArrayLiteral {
  /// The same endpoints for every call.
  public init(arrayLiteral addresses: EndpointAddress...) { self = .list(addresses) }
}
