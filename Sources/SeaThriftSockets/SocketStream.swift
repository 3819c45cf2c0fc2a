import CSeaThriftSystem
import Glibc

/// A stream over a kernel socket, TCP or unix.
final class SocketStream: ByteStream, @unchecked Sendable {
  // @unchecked, as its superclass: confined to its loop.

  private let descriptor: Int32
  private let epoll: EpollEventLoop
  @exclusivity(unchecked) private var slot: UInt32?

  /// Takes over `descriptor`, which must be nonblocking.
  init(descriptor: Int32, peer: SocketAddress, loop: EpollEventLoop) {
    self.descriptor = descriptor
    epoll = loop
    super.init(loop: loop, peer: peer)
    if peer.port != nil { Self.setNoDelay(descriptor) }
  }

  deinit {
    // Only a stream that was never opened: the loop keeps the others alive until they are closed.
    if !isClosed { epoll.abandon(descriptor, slot: slot) }
  }

  /// Requests are small and answered at once: waiting to fill a packet would only add its delay (RFC 896).
  private static func setNoDelay(_ descriptor: Int32) {
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  static func connect(to address: SocketAddress, on loop: EpollEventLoop) async throws(SocketError) -> ByteStream {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { throw SocketError(errno: errno, during: "socket") }
    let stream = SocketStream(descriptor: descriptor, peer: address, loop: loop)
    var inProgress = false
    let status = try address.withSystemAddress { pointer, length in
      Glibc.connect(descriptor, pointer, length) == 0 ? 0 : errno
    }
    switch status {
    case 0: break
    case EINPROGRESS, EINTR: inProgress = true
    case EAGAIN: throw SocketError(errno: ECONNREFUSED, during: "connect to \(address): its accept queue is full")
    default: throw SocketError(errno: status, during: "connect to \(address)")
    }
    if inProgress { stream.expectWritabilityEvent() }
    try stream.open()
    guard inProgress else { return stream }
    do throws(SocketError) {
      try await stream.abortingOnCancel { () throws(SocketError) in
        try await stream.waitUntilWritable()
      }
      try stream.checkConnected()
      return stream
    } catch {
      stream.close()
      throw error
    }
  }

  private func checkConnected() throws(SocketError) {
    var number: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
    if number != 0 { throw SocketError(errno: number, during: "connect to \(peer)") }
  }

  // MARK: ByteStream

  override func register() throws(SocketError) {
    slot = try epoll.register(descriptor, for: self)
  }

  override func receive(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
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

  override func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
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

  override func release() {
    if let slot { epoll.forget(slot) }
    slot = nil
    Glibc.close(descriptor)
  }

  override func shutdownSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Takes the event bits of `epoll_wait(2)`.
  func handle(events: UInt32) {
    if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
      if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { markPeerClosed() }
      markReadable()
    }
    if events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { markWritable() }
  }
}
