/// Where a socket is: an IP address with a port, or a unix socket.
package struct SocketAddress: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// An IPv4 address, its first byte on top, and a port.
    case ipv4(UInt32, port: UInt16)
    /// An IPv6 address, its first byte on top of `high`, a port, and the zone of a link-local address.
    case ipv6(high: UInt64, low: UInt64, port: UInt16, zone: UInt32)
    /// A unix socket at a path of the file system.
    case unix(path: String)
    /// A unix socket with a name of its own, outside the file system (Linux).
    case abstractUnix(name: String)
  }

  package var kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  /// The TCP port; `nil` for a unix socket.
  package var port: UInt16? {
    switch kind {
    case .ipv4(_, let port), .ipv6(_, _, let port, _): port
    case .unix, .abstractUnix: nil
    }
  }

  /// The same host at another port; a unix socket is what it is.
  func with(port: UInt16) -> Self {
    switch kind {
    case .ipv4(let address, _): Self(.ipv4(address, port: port))
    case .ipv6(let high, let low, _, let zone): Self(.ipv6(high: high, low: low, port: port, zone: zone))
    case .unix, .abstractUnix: self
    }
  }

  /// The longest path or name a unix socket may have, in bytes: `sun_path` less its terminating zero.
  package static let longestUnixPath = 107
}

extension SocketAddress: CustomStringConvertible {
  /// `127.0.0.1:9090`, `[::1]:9090`, `unix:/path`, `unix:@name`.
  package var description: String {
    switch kind {
    case .ipv4(let address, let port):
      "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255):\(port)"
    case .ipv6(let high, let low, let port, let zone):
      "[\(Self.text(high: high, low: low))\(zone == 0 ? "" : "%\(zone)")]:\(port)"
    case .unix(let path): "unix:\(path)"
    case .abstractUnix(let name): "unix:@\(name)"
    }
  }

  /// The canonical text of an IPv6 address: RFC 5952, section 4.
  private static func text(high: UInt64, low: UInt64) -> String {
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { (shift: Int) in UInt16(truncatingIfNeeded: half >> shift) }
    }
    var longest = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(longest.count, 1) { longest = index..<end }
      index = max(end, index + 1)
    }
    let hex = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    if longest.isEmpty { return hex(groups[...]) }
    return hex(groups[..<longest.lowerBound]) + "::" + hex(groups[longest.upperBound...])
  }
}
