import Glibc
import SeaThriftSockets
import Testing

@Suite("A listener")
struct ListenerTests {
  private static func path(_ name: String) -> String { "/tmp/seathrift-\(getpid())-\(name).sock" }

  @Test("knows the port that port 0 has become")
  func freePort() async throws {
    let port = try await withLoop { loop in
      let listener = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 1)
      defer { listener.close() }
      return listener.address.port
    }
    #expect((port ?? 0) > 0)
  }

  @Test("reports an address that is taken")
  func taken() async throws {
    let error = await #expect(throws: SocketError.self) {
      try await withLoop { loop in
        let first = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 1)
        defer { first.close() }
        _ = try loop.listen(on: first.address, backlog: 1)
      }
    }
    #expect(error?.code == .addressInUse)
  }

  @Test("replaces the socket file of a server that is gone, but not that of one that lives, nor another file")
  func staleSocketFile() async throws {
    let path = Self.path("stale")
    // A bound socket that is closed without being unlinked is what a killed server leaves behind.
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    close(descriptor)
    let error = try await withLoop { loop in
      let first = try loop.listen(on: SocketAddress(.unix(path: path)), backlog: 1)
      defer { first.close() }
      do throws(SocketError) {
        try loop.listen(on: SocketAddress(.unix(path: path)), backlog: 1).close()
        return SocketError?.none
      } catch { return error }
    }
    #expect(error?.code == .addressInUse)
    #expect(access(path, F_OK) != 0, "the socket file is removed with its listener")
    let plain = Self.path("plain")
    #expect(creat(plain, 0o600) >= 0)
    defer { unlink(plain) }
    await #expect(throws: SocketError.self) {
      try await withLoop { try $0.listen(on: SocketAddress(.unix(path: plain)), backlog: 1).close() }
    }
    #expect(access(plain, F_OK) == 0)
  }

  // The log of the tests could not show a zero byte, which ~ stands for.
  @Test(
    "refuses paths that are too long, empty, or contain a zero byte",
    arguments: [
      String(repeating: "x", count: 108), "", "/tmp/a~b",
    ])
  func badPaths(path: String) async throws {
    let error = await #expect(throws: SocketError.self) {
      let path = path.replacing("~", with: "\0")
      try await withLoop { try $0.listen(on: SocketAddress(.unix(path: path)), backlog: 1).close() }
    }
    #expect(error?.code == .invalidAddress)
  }

  @Test("takes a path of exactly the longest length")
  func longestPath() async throws {
    let start = "/tmp/seathrift-\(getpid())-"
    let path = start + String(repeating: "x", count: SocketAddress.longestUnixPath - start.utf8.count)
    let accepted = try await withLoop { loop in
      let listener = try loop.listen(on: SocketAddress(.unix(path: path)), backlog: 1)
      defer { listener.close() }
      let near = try await loop.connect(to: listener.address)
      defer { near.close() }
      let far = try await listener.accept(onto: loop)
      try await far.open()
      far.close()
      return true
    }
    #expect(accepted)
  }

  @Test("at the wildcard of IPv6 takes clients of IPv4 too")
  func dualStack() async throws {
    let accepted = try await withLoop { loop in
      let listener = try loop.listen(on: SocketAddress(.ipv6(high: 0, low: 0, port: 0, zone: 0)), backlog: 4)
      defer { listener.close() }
      let port = listener.address.port ?? 0
      var count = 0
      for address in [
        SocketAddress(.ipv4(0x7F00_0001, port: port)), SocketAddress(.ipv6(high: 0, low: 1, port: port, zone: 0)),
      ] {
        let near = try await loop.connect(to: address)
        let far = try await listener.accept(onto: loop)
        try await far.open()
        near.close()
        far.close()
        count += 1
      }
      return count
    }
    #expect(accepted == 2)
  }

  @Test(
    "gives connections keepalive probes with the times that are asked for, on both sides",
    arguments: [KeepaliveTimes(idle: 33, interval: 7, probes: 4), nil])
  func keepalive(times: KeepaliveTimes?) async throws {
    let found = try await withLoop { loop in
      let listener = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 4)
      defer { listener.close() }
      let options = SocketOptions(keepalive: times)
      let near = try await loop.connect(to: listener.address, options)
      let far = try await listener.accept(onto: loop, options)
      try await far.open()
      defer {
        near.close()
        far.close()
      }
      return Self.keepaliveOptions(ofConnectionsAt: listener.address.port ?? 0)
    }
    #expect(found == Array(repeating: times == nil ? [0] : [1, 33, 7, 4], count: 2))
  }

  /// Whether keepalive is on and its times, for each socket of this process that is one end of a connection at a port.
  private static func keepaliveOptions(ofConnectionsAt listening: UInt16) -> [[Int32]] {
    (0..<Int32(1_024)).compactMap { descriptor in
      var name = sockaddr_in()
      func port(_ get: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32) -> UInt16? {
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &name) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { get(descriptor, $0, &size) }
        }
        return status == 0 && name.sin_family == sa_family_t(AF_INET) ? UInt16(bigEndian: name.sin_port) : nil
      }
      guard let peer = port(getpeername), let own = port(getsockname), peer == listening || own == listening else {
        return nil
      }
      func option(_ level: Int32, _ name: Int32) -> Int32 {
        var value: Int32 = -1
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, level, name, &value, &size)
        return value
      }
      if option(SOL_SOCKET, SO_KEEPALIVE) == 0 { return [0] }
      let tcp = Int32(IPPROTO_TCP)
      return [1, option(tcp, TCP_KEEPIDLE), option(tcp, TCP_KEEPINTVL), option(tcp, TCP_KEEPCNT)]
    }
  }

  @Test("ends a wait for a connection when it is aborted")
  func abort() async throws {
    let error = await #expect(throws: SocketError.self) {
      try await withLoop { loop in
        let listener = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 1)
        defer { listener.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { _ = try await listener.accept(onto: loop) }
          listener.abort(SocketError(.closed, "stop"))
          try await group.next()
        }
      }
    }
    #expect(error == SocketError(.closed, "stop"))
  }
}

@Suite("Addresses and names")
struct AddressTests {
  @Test(
    "are written as they are usually read",
    arguments: [
      ("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("::", "[::]:80"), ("1::", "[1::]:80"),
      ("2001:db8::1:0:0:1", "[2001:db8::1:0:0:1]:80"), ("2001:0db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]:80"),
      ("fe80::ffff:1", "[fe80::ffff:1]:80"),
    ])
  func text(literal: String, expected: String) throws {
    #expect(try #require(SocketAddress(literal: literal, port: 80)).description == expected)
  }

  @Test("need no name service when they are literal, and are not literal when they are names")
  func literals() {
    #expect(SocketAddress(literal: "localhost", port: 1) == nil)
    #expect(SocketAddress(literal: "1.2.3", port: 1) == nil)
    #expect(SocketAddress(literal: "10.1.2.3", port: 1)?.kind == .ipv4(0x0A01_0203, port: 1))
  }

  @Test("localhost resolves to a loopback address")
  func localhost() async throws {
    let found = try await withLoop { try await $0.resolve("localhost", port: 90) }
    #expect(
      found.contains(SocketAddress(.ipv4(0x7F00_0001, port: 90)))
        || found.contains(SocketAddress(.ipv6(high: 0, low: 1, port: 90, zone: 0))))
  }

  // The log of the tests could not show a zero byte, which ~ stands for.
  @Test("a name that cannot be one is refused at once", arguments: ["", "a~b", String(repeating: "x", count: 2_000)])
  func impossibleNames(name: String) async throws {
    let error = await #expect(throws: SocketError.self) {
      try await withLoop { try await $0.resolve(name.replacing("~", with: "\0"), port: 1) }
    }
    #expect(error?.code == .unknownHost)
  }
}
