import CSeaThriftSystem
import Glibc

/// A listening kernel socket, TCP or unix.
final class SocketListener: Listener, @unchecked Sendable {
  // @unchecked, as its superclass: confined to its loop.

  private let descriptor: Int32
  private let epoll: EpollEventLoop
  private var slot: UInt32?

  init(listeningOn address: SocketAddress, backlog: Int, loop: EpollEventLoop) throws(SocketError) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { throw SocketError(errno: errno, during: "socket") }
    self.descriptor = descriptor
    epoll = loop
    let bound: SocketAddress
    do throws(SocketError) {
      bound = try Self.bind(descriptor, to: address, backlog: backlog)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    super.init(loop: loop, address: bound)
    slot = try loop.register(descriptor, for: self)
  }

  deinit {
    if !isClosed { epoll.abandon(descriptor, slot: slot) }
  }

  private static func bind(
    _ descriptor: Int32, to address: SocketAddress, backlog: Int
  ) throws(SocketError) -> SocketAddress {
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    if case .ipv6 = address.kind {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, socklen_t(MemoryLayout<Int32>.size))
    }
    if case .unix(let path) = address.kind { removeStaleSocket(at: path, address) }
    let status = try address.withSystemAddress { pointer, length in
      Glibc.bind(descriptor, pointer, length) == 0 ? 0 : errno
    }
    guard status == 0 else { throw SocketError(errno: status, during: "bind to \(address)") }
    guard Glibc.listen(descriptor, Int32(clamping: backlog)) == 0 else {
      throw SocketError(errno: errno, during: "listen at \(address)")
    }
    return boundAddress(of: descriptor) ?? address
  }

  /// Removes the socket file that a server which is gone left behind: one that nobody answers at. A live server's
  /// socket and other kinds of files stay, and `bind(2)` then reports them.
  private static func removeStaleSocket(at path: String, _ address: SocketAddress) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard probe >= 0 else { return }
    defer { Glibc.close(probe) }
    let answer = try? address.withSystemAddress { pointer, length in
      Glibc.connect(probe, pointer, length) == 0 ? 0 : errno
    }
    if answer == ECONNREFUSED { unlink(path) }
  }

  private static func boundAddress(of descriptor: Int32) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &length) == 0 ? SocketAddress(address, length: length) : nil
      }
    }
  }

  // MARK: Listener

  override func take(onto loop: EventLoop) throws(SocketError) -> ByteStream? {
    // The server hands out loops of the network that made this listener, so this is one of the kernel's.
    guard let target = loop as? EpollEventLoop else { throw SocketError(.other, "a kernel socket needs a kernel loop") }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    while true {
      let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          accept4(descriptor, address, &length, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
        }
      }
      if accepted >= 0 {
        let peer = withUnsafePointer(to: &storage) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { SocketAddress($0, length: length) }
        }
        return SocketStream(descriptor: accepted, peer: peer ?? address, loop: target)
      }
      switch errno {
      case EAGAIN: return nil
      // accept(2): errors of the connection that was waiting come up here, and the next one may be fine.
      case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
        ENETUNREACH:
        continue
      default: throw SocketError(errno: errno, during: "accept at \(address)")
      }
    }
  }

  override func release() {
    if let slot { epoll.forget(slot) }
    slot = nil
    Glibc.close(descriptor)
    if case .unix(let path) = address.kind { unlink(path) }
  }
}
