import CSeaThriftSystem
import Glibc

extension SocketAddress {
  /// The address family, for `socket(2)`.
  var family: Int32 {
    switch kind {
    case .ipv4: AF_INET
    case .ipv6: AF_INET6
    case .unix, .abstractUnix: AF_UNIX
    }
  }

  /// A literal IPv4 or IPv6 address, without asking any name service; `nil` when `host` is a name.
  package init?(literal host: String, port: UInt16) {
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, host, &v4) == 1 {
      self.init(.ipv4(UInt32(bigEndian: v4.s_addr), port: port))
    } else if inet_pton(AF_INET6, host, &v6) == 1 {
      self.init(Self.ip(v6, port: port, zone: 0))
    } else {
      return nil
    }
  }

  /// Reads what the kernel or the resolver wrote.
  init?(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
    let raw = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET where Int(length) >= MemoryLayout<sockaddr_in>.size:
      let v4 = raw.loadUnaligned(as: sockaddr_in.self)
      self.init(.ipv4(UInt32(bigEndian: v4.sin_addr.s_addr), port: UInt16(bigEndian: v4.sin_port)))
    case AF_INET6 where Int(length) >= MemoryLayout<sockaddr_in6>.size:
      let v6 = raw.loadUnaligned(as: sockaddr_in6.self)
      self.init(Self.ip(v6.sin6_addr, port: UInt16(bigEndian: v6.sin6_port), zone: v6.sin6_scope_id))
    case AF_UNIX:
      let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
      let bytes = UnsafeRawBufferPointer(start: raw + start, count: max(0, Int(length) - start))
      if bytes.first == 0 {
        self.init(.abstractUnix(name: String(decoding: bytes.dropFirst(), as: UTF8.self)))
      } else {
        self.init(.unix(path: String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)))
      }
    default:
      return nil
    }
  }

  /// An address of IPv6; or of IPv4, where that is what is mapped into it (RFC 4291, 2.5.5.2).
  private static func ip(_ address: in6_addr, port: UInt16, zone: UInt32) -> Kind {
    withUnsafeBytes(of: address) { bytes in
      let high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
      let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      if high == 0, low >> 32 == 0xFFFF { return .ipv4(UInt32(truncatingIfNeeded: low), port: port) }
      return .ipv6(high: high, low: low, port: port, zone: zone)
    }
  }

  /// Calls `body` with the address in the kernel's form.
  func withSystemAddress<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) throws(SocketError) -> Result {
    var storage = sockaddr_storage()
    var length = socklen_t(0)
    switch kind {
    case .ipv4(let address, let port):
      let v4 = sockaddr_in(
        sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian, sin_addr: in_addr(s_addr: address.bigEndian),
        sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v4, as: sockaddr_in.self) }
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
    case .ipv6(let high, let low, let port, let zone):
      var v6 = sockaddr_in6()
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = port.bigEndian
      v6.sin6_scope_id = zone
      withUnsafeMutableBytes(of: &v6.sin6_addr) { bytes in
        bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v6, as: sockaddr_in6.self) }
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    case .unix(let path):
      length = try Self.fill(&storage, name: Array(path.utf8) + [0])
    case .abstractUnix(let name):
      length = try Self.fill(&storage, name: [0] + Array(name.utf8))
    }
    return withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  private static func fill(_ storage: inout sockaddr_storage, name: [UInt8]) throws(SocketError) -> socklen_t {
    guard name.count <= longestUnixPath + 1 else {
      throw SocketError(
        .invalidAddress, "a unix socket's path has at most \(longestUnixPath) bytes, this one \(name.count - 1)")
    }
    guard name.count > 1, !name.dropFirst().dropLast().contains(0) else {
      throw SocketError(.invalidAddress, "a unix socket's path is not empty and contains no zero byte")
    }
    let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    storage.ss_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &storage) { bytes in
      UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).copyBytes(from: name)
    }
    return socklen_t(start + name.count)
  }
}
