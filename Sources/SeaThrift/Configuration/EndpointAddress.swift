import SeaThriftSockets

/// Where a service listens: a host and port, or a unix socket.
public struct EndpointAddress: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case tcp(host: String, port: Int)
    case unix(path: String)
    case abstractUnix(name: String)
  }

  package let kind: Kind
  /// The name that the address was looked up from, if it was.
  private var origin: String?

  private init(kind: Kind) { self.kind = kind }

  /// A TCP endpoint.
  ///
  /// - Parameters:
  ///   - host: a host name, an IPv4 address or an IPv6 address (with or without brackets).
  ///   - port: 0 to 65,535; 0 only to listen, for a free port.
  public static func tcp(_ host: String, _ port: Int) -> Self {
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    return Self(kind: .tcp(host: isBracketed ? String(host.dropFirst().dropLast()) : host, port: port))
  }

  /// The name of the host, where one is known: what the address was made with, or what it was looked up from. `nil` for
  /// literal addresses and unix sockets.
  ///
  /// It is what a server is asked for by name with: HTTP's `Host`, for instance.
  public var hostName: String? {
    if let origin { return origin }
    guard case .tcp(let host, let port) = kind else { return nil }
    return SocketAddress(literal: host, port: UInt16(clamping: port)) == nil ? host : nil
  }

  /// The same address, as one that was looked up from a name. It is equal to the one without.
  ///
  /// - Parameter name: what ``hostName`` is from now on.
  public func lookedUp(from name: String) -> Self {
    var copy = self
    copy.origin = name
    return copy
  }

  /// A unix socket at a path of at most 107 bytes.
  public static func unix(_ path: String) -> Self { Self(kind: .unix(path: path)) }

  /// A unix socket with a name outside the file system, of at most 107 bytes; Linux only.
  public static func abstractUnix(_ name: String) -> Self { Self(kind: .abstractUnix(name: name)) }

  /// The TCP port; `nil` for a unix socket.
  public var port: Int? {
    if case .tcp(_, let port) = kind { port } else { nil }
  }
}

extension EndpointAddress {
  /// Whether both are the same place, whatever they were looked up from.
  public static func == (one: Self, other: Self) -> Bool { one.kind == other.kind }

  /// Hashes the place.
  public func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension EndpointAddress: LosslessStringConvertible {
  /// `host:port`, `[v6]:port`, `unix:/path` or `unix:@name`.
  public var description: String {
    switch kind {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    case .abstractUnix(let name): "unix:@\(name)"
    }
  }

  /// Reads what ``description`` writes; `nil` for anything else.
  public init?(_ description: String) {
    if description.hasPrefix("unix:@") {
      self = .abstractUnix(String(description.dropFirst(6)))
    } else if description.hasPrefix("unix:") {
      self = .unix(String(description.dropFirst(5)))
    } else {
      guard let colon = description.lastIndex(of: ":"),
        let port = UInt16(description[description.index(after: colon)...])
      else { return nil }
      let host = description[..<colon]
      let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
      guard !host.isEmpty, isBracketed == host.contains(":") else { return nil }
      self = .tcp(String(host), Int(port))
    }
  }
}

extension EndpointAddress: Codable {
  /// Reads the form of ``description``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let address = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no address: host:port, [v6]:port, unix:/path or unix:@name")
    }
    self = address
  }

  /// Writes the form of ``description``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension EndpointAddress {
  /// The addresses to try, in order; asks the name service when the host is a name.
  func resolved(on loop: EventLoop) async throws(SocketError) -> [SocketAddress] {
    switch kind {
    case .unix(let path): return [SocketAddress(.unix(path: path))]
    case .abstractUnix(let name): return [SocketAddress(.abstractUnix(name: name))]
    case .tcp(let host, let port):
      guard let port = UInt16(exactly: port) else {
        throw SocketError(.invalidAddress, "a port is 0 to 65535, not \(port)")
      }
      return try await loop.resolve(host, port: port)
    }
  }

  /// What a request of HTTP gives as the host: by name if it has one.
  var httpHost: String {
    guard let port else { return "localhost" }
    return hostName.map { "\($0):\(port)" } ?? description
  }

  /// The address of a socket that is bound.
  init(_ address: SocketAddress) {
    switch address.kind {
    case .unix(let path): self = .unix(path)
    case .abstractUnix(let name): self = .abstractUnix(name)
    case .ipv4, .ipv6:
      let text = address.description
      self = .tcp(String(text[..<(text.lastIndex(of: ":") ?? text.endIndex)]), Int(address.port ?? 0))
    }
  }
}
