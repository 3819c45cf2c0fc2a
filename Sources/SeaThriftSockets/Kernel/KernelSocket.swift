import Glibc

/// A connection of the kernel's, TCP or unix.
final class KernelSocket: Socket, @unchecked Sendable {
  // @unchecked: confined to its loop's thread.

  let descriptor: Int32
  let peer: SocketAddress
  private let system: KernelSystem
  @exclusivity(unchecked) private var observer: (any SocketObserver)?
  @exclusivity(unchecked) private var registration: KernelSystem.Registration?
  @exclusivity(unchecked) private var isConnecting = false

  /// Takes over the descriptor of a connection that was accepted, which must be nonblocking.
  init(accepted descriptor: Int32, from peer: SocketAddress, _ options: SocketOptions, system: KernelSystem) {
    self.descriptor = descriptor
    self.peer = peer
    self.system = system
    set(options)
  }

  init(connectingTo address: SocketAddress, _ options: SocketOptions, system: KernelSystem) throws(SocketError) {
    descriptor = try Descriptors.makeSocket(address.family)
    peer = address
    self.system = system
    set(options)
    do throws(SocketError) {
      isConnecting = try Self.connect(descriptor, to: address)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// True when it is not known yet how that ends.
  private static func connect(_ descriptor: Int32, to address: SocketAddress) throws(SocketError) -> Bool {
    let status = try address.withSystemAddress { pointer, length in
      Glibc.connect(descriptor, pointer, length) == 0 ? 0 : errno
    }
    switch status {
    case 0: return false
    case EINPROGRESS, EINTR: return true
    default: throw failure(toConnect: address, status)
    }
  }

  /// The error of a `connect(2)` that set `errno` to `status`.
  static func failure(toConnect address: SocketAddress, _ status: Int32) -> SocketError {
    switch status {
    case EAGAIN where address.port == nil:
      SocketError(errno: ECONNREFUSED, during: "connect to \(address): its accept queue is full")
    // No local port is free. Not a word about the other side.
    case EAGAIN, EADDRNOTAVAIL:
      SocketError(.outOfResources, "connect to \(address): no local port is free", errno: status)
    default: SocketError(errno: status, during: "connect to \(address)")
    }
  }

  private func set(_ options: SocketOptions) {
    guard peer.port != nil else { return }
    // Requests are small and answered at once: waiting to fill a packet would only add its delay (RFC 896).
    setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    guard let keepalive = options.keepalive else { return }
    setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, Int32(clamping: keepalive.idle))
    setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, Int32(clamping: keepalive.interval))
    setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, Int32(clamping: keepalive.probes))
  }

  private func setOption(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  // MARK: Socket

  /// epoll(7), question 9.
  var shortReadEmpties: Bool { true }

  func start(_ observer: any SocketObserver) throws(SocketError) {
    self.observer = observer
    registration = try system.register(self)
  }

  func continueOpening() throws(SocketError) -> Bool {
    guard isConnecting else { return true }
    // Asked of the kernel, not concluded from events: there may have been one of another kind, or none heard of yet.
    var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&watched, 1, 0) > 0 else { return false }
    var number: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
    if number != 0 { throw SocketError(errno: number, during: "connect to \(peer)") }
    isConnecting = false
    return true
  }

  func read(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    while true {
      let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
      if count >= 0 { return count }
      switch errno {
      case EAGAIN: return nil
      case EINTR: continue
      default: throw SocketError(errno: errno, during: "read from \(peer)")
      }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
    while true {
      // MSG_NOSIGNAL: a peer that is gone must be an error of this call, never a signal to the process.
      let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return count }
      switch errno {
      case EAGAIN: return nil
      case EINTR: continue
      default: throw SocketError(errno: errno, during: "write to \(peer)")
      }
    }
  }

  func finishWriting() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  func close() {
    observer = nil
    if let registration { system.forget(registration, descriptor) }
    registration = nil
    Glibc.close(descriptor)
  }

  // MARK: Events

  func handle(_ events: PolledEvents) {
    guard let observer else { return }
    if events.contains(.peerClosed) { observer.socketPeerClosed() }
    if events.contains(.readable) { observer.socketIsReadable() }
    if events.contains(.writable) { observer.socketIsWritable() }
  }
}
