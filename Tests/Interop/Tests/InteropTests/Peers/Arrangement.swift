import Foundation
import SeaThrift
import Testing

/// A way for two programs to talk to each other.
struct Arrangement: Sendable, CustomTestStringConvertible {
  var peer: Peer
  var framing: Framing
  var place = Place.v4
  var dialect = Dialect.binary
  var isMultiplexed = false
  /// Whether the register's methods are called as well, which are all about uuids.
  var hasUUIDs = false
  /// The C++ server that serves all connections with one thread.
  var isNonblocking = false

  /// What is spoken.
  enum Dialect: String, Sendable {
    case binary
    /// Messages without a version, as very old programs write them.
    case old
    /// Python's codec in C.
    case accelerated
    case compact
    case json
  }

  var testDescription: String {
    var words = ["\(peer)", "\(framing)", "\(place.rawValue)"]
    if dialect != .binary { words.append(dialect.rawValue) }
    if isMultiplexed { words.append("multiplexed") }
    if hasUUIDs { words.append("with uuids") }
    if isNonblocking { words.append("nonblocking") }
    return words.joined(separator: " ")
  }

  /// The flags that both programs of the peer understand.
  var flags: [String] {
    let transport =
      switch framing {
      case .framed, .framedHeader: "framed"
      case .http, .httpHeader: "http"
      default: "buffered"
      }
    let hasHeader = [.header, .framedHeader, .httpHeader].contains(framing)
    var flags = ["--transport", transport, "--protocol", hasHeader ? "header" : dialect.rawValue]
    if isMultiplexed { flags.append("--multiplexed") }
    if hasUUIDs { flags.append("--uuid") }
    return flags
  }

  /// Both framings at every place, and what else every peer can do, once with each framing.
  static func all(_ peer: Peer) -> [Self] {
    bothFramings(peer).flatMap { plain in
      Place.available.map { plain.with(\.place, $0) } + [
        plain.with(\.dialect, .old), plain.with(\.isMultiplexed, true),
      ]
    }
  }

  /// Every protocol in every framing, of one service and of several.
  static func allForms(_ peer: Peer) -> [Self] {
    [Framing.framed, .unframed, .http].flatMap { framing in
      [Dialect.binary, .compact, .json].map { Self(peer: peer, framing: framing, dialect: $0) }
    }.flatMap { [$0, $0.with(\.isMultiplexed, true)] }
      + [Framing.header, .framedHeader, .httpHeader].flatMap { framing in
        [Dialect.binary, .compact].map { Self(peer: peer, framing: framing, dialect: $0) }
      }.flatMap { [$0, $0.with(\.isMultiplexed, true)] }
  }

  /// What our client speaks.
  var format: ThriftFormat {
    switch dialect {
    case .binary, .accelerated: .binary
    case .old: .oldBinary
    case .compact: .compact
    case .json: .json
    }
  }

  /// Both framings.
  static func bothFramings(_ peer: Peer) -> [Self] {
    [Framing.framed, .unframed].map { Self(peer: peer, framing: $0) }
  }

  /// The arrangement with something else.
  func with<Value>(_ property: WritableKeyPath<Self, Value>, _ value: Value) -> Self {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}

/// Where a server listens.
enum Place: String, CaseIterable, Sendable {
  case v4 = "127.0.0.1"
  case v6 = "::1"
  case localhost
  case unix

  /// All of them, save IPv6 on a machine that has none.
  static let available = allCases.filter { $0 != .v6 || hasIPv6 }

  private static let hasIPv6: Bool = {
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
      }
    }
  }()

  /// Passes to `body` the address for our own server to listen at.
  func withAddress<Value>(_ body: (EndpointAddress) async throws -> Value) async throws -> Value {
    guard self == .unix else { return try await body(.tcp(rawValue, 0)) }
    let directory = FileManager.default.temporaryDirectory.appending(path: "seathrift-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(.unix(directory.appending(path: "socket").path))
  }

  /// The address at which clients reach a server here; `port` is that of the server, if it has one.
  func address(_ listening: EndpointAddress, port: Int?) -> EndpointAddress {
    port.map { .tcp(rawValue, $0) } ?? listening
  }
}
