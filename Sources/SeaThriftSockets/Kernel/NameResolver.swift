import CSeaThriftSystem
import Glibc
import SeaThriftTime

/// Looks host names up with `getaddrinfo(3)` on threads of its own, so that a slow name service holds up no loop.
///
/// Threads are started when look-ups wait, up to a limit, and end when there is nothing to do.
final class NameResolver: Sendable {
  private struct Waiter: Sendable {
    let port: UInt16
    let signal: Signal<Result<[SocketAddress], SocketError>>
  }

  /// A look-up that took longer makes its name one that has to stand back behind others.
  private static let slow = Duration.seconds(1)

  private let queue: Lock<LookupQueue<Waiter>>

  init() {
    // Each look-up may have two files open.
    queue = Lock(LookupQueue(maxThreads: min(max(Descriptors.limit / 16, 4), 64)))
  }

  /// The addresses of `host`, in the order the system prefers; never empty.
  func resolve(_ host: String, port: UInt16) async throws(SocketError) -> [SocketAddress] {
    guard !host.isEmpty, !host.utf8.contains(0), host.utf8.count <= 1024 else {
      throw SocketError(.unknownHost, "\"\(host.prefix(64))\" is not a host name")
    }
    let signal = Signal<Result<[SocketAddress], SocketError>>()
    let (ticket, joining) = queue.withLock { $0.join(host, Waiter(port: port, signal: signal)) }
    switch joining {
    case .wait: break
    case .refuse: throw SocketError(.outOfResources, "too many name look-ups wait already")
    case .startThread: startThread()
    }
    defer { queue.withLock { $0.leave(ticket) } }
    return try await signal.outcome()
  }

  private func startThread() {
    do throws(SocketError) {
      try SystemThread.start("name-lookup") { self.work() }
    } catch {
      for waiter in queue.withLock({ $0.threadFailed() }) { waiter.signal.give(.failure(error)) }
    }
  }

  private func work() {
    let clock = SuspendingClock()
    while let host = queue.withLock({ $0.next() }) {
      let start = clock.now
      let result = Self.lookUp(host)
      let isSuspect = start.duration(to: clock.now) > Self.slow || (try? result.get()) == nil
      for waiter in queue.withLock({ $0.finished(host, isSuspect: isSuspect) }) {
        waiter.signal.give(result.map { addresses in addresses.map { $0.with(port: waiter.port) } })
      }
    }
  }

  private static func lookUp(_ host: String) -> Result<[SocketAddress], SocketError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    errno = 0
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else { return .failure(failure(of: host, status, errno)) }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next {
      if let address = entry.pointee.ai_addr,
        let socketAddress = SocketAddress(address, length: entry.pointee.ai_addrlen), !found.contains(socketAddress)
      {
        found.append(socketAddress)
      }
      next = entry.pointee.ai_next
    }
    return found.isEmpty ? .failure(SocketError(.unknownHost, "\(host): no address")) : .success(found)
  }

  static func failure(of host: String, _ status: Int32, _ number: Int32) -> SocketError {
    // The system's library says "try again" also when it could open no file or socket to ask with.
    let isLocal =
      status == EAI_MEMORY || [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(number) || Descriptors.nextIsReserved
    return SocketError(
      isLocal ? .outOfResources : .unknownHost, "\(host): \(String(cString: gai_strerror(status)))",
      errno: isLocal ? number : 0)
  }
}
