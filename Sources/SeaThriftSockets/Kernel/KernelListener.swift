import CSeaThriftSystem
import Glibc

/// A listening socket of the kernel's, TCP or unix.
final class KernelListener: ListeningSocket, @unchecked Sendable {
  // @unchecked: confined to its loop's thread.

  let descriptor: Int32
  let address: SocketAddress
  private let system: KernelSystem
  private weak var listener: Listener?
  private var registration: KernelSystem.Registration?
  /// Whether the last connection took a descriptor of those that are kept for others.
  private var isShort = false

  init(listeningOn address: SocketAddress, backlog: Int, system: KernelSystem) throws(SocketError) {
    let descriptor = try Descriptors.makeSocket(address.family)
    self.descriptor = descriptor
    self.system = system
    do throws(SocketError) {
      self.address = try Self.bind(descriptor, to: address, backlog: backlog)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func bind(
    _ descriptor: Int32, to address: SocketAddress, backlog: Int
  ) throws(SocketError) -> SocketAddress {
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    if case .ipv6(let high, let low, _, _) = address.kind {
      // "::" is every address that there is, also those of IPv4; any other address is itself alone.
      set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, high == 0 && low == 0 ? 0 : 1)
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

  private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Removes the socket file that a server which is gone left behind: one that nobody answers at. A live server's
  /// socket and other kinds of files stay, and `bind(2)` then reports them.
  private static func removeStaleSocket(at path: String, _ address: SocketAddress) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK,
      let probe = try? Descriptors.makeSocket(AF_UNIX)
    else { return }
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

  // MARK: ListeningSocket

  func start(_ listener: Listener) throws(SocketError) {
    self.listener = listener
    registration = try system.register(self)
  }

  func accept(onto loop: EventLoop, _ options: SocketOptions) throws(SocketError) -> (any Socket)? {
    // The server hands out loops of the network that made this listener, so this is one of the kernel's.
    guard let target = loop.system(as: KernelSystem.self) else {
      throw SocketError(.other, "a kernel socket needs a kernel loop")
    }
    if isShort {
      isShort = Descriptors.nextIsReserved
      if isShort { throw SocketError(errno: EMFILE, during: "accept at \(address)") }
    }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    while true {
      let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          accept4(descriptor, address, &length, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
        }
      }
      if accepted >= 0 {
        // It is there: it is better served than reset. The next one waits until a descriptor is free.
        isShort = Descriptors.isReserved(accepted)
        let peer = withUnsafePointer(to: &storage) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { SocketAddress($0, length: length) }
        }
        return KernelSocket(accepted: accepted, from: peer ?? address, options, system: target)
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

  var hasWaiting: Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, 0) > 0
  }

  func close() {
    if let registration { system.forget(registration, descriptor) }
    registration = nil
    Glibc.close(descriptor)
    if case .unix(let path) = address.kind { unlink(path) }
  }

  func handle(_ events: PolledEvents) { listener?.socketIsAcceptable() }
}
