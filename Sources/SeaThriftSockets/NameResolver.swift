import Glibc
import SeaThriftTime

/// Looks host names up with `getaddrinfo(3)` on threads of its own, so that a slow name service holds up no loop.
///
/// Threads are started when look-ups wait, up to a limit, and end when there is nothing to do.
package final class NameResolver: Sendable {
  private struct Request: Sendable {
    let host: String
    let port: UInt16
    let promise: LoopPromise<[SocketAddress]>
  }

  private struct State {
    var waiting: [Request] = []
    var threads = 0
  }

  /// How many look-ups run at once: a name service that hangs must not hold up the names of another.
  private static let maxThreads = 8
  /// How many look-ups may wait for a thread.
  private static let maxWaiting = 10_000

  private let state = Lock(State())

  package init() {}

  /// The addresses of `host`, in the order the system prefers; never empty.
  func resolve(_ host: String, port: UInt16, on loop: EventLoop) async throws(SocketError) -> [SocketAddress] {
    if let literal = SocketAddress(literal: host, port: port) { return [literal] }
    guard !host.isEmpty, !host.utf8.contains(0), host.utf8.count <= 1024 else {
      throw SocketError(.unknownHost, "\"\(host.prefix(64))\" is not a host name")
    }
    let promise = LoopPromise<[SocketAddress]>(on: loop)
    try submit(Request(host: host, port: port, promise: promise))
    return try await promise.value()
  }

  private func submit(_ request: Request) throws(SocketError) {
    enum Decision { case full, startThread, wait }
    let decision: Decision = state.withLock { state in
      guard state.waiting.count < Self.maxWaiting else { return .full }
      state.waiting.append(request)
      guard state.threads < Self.maxThreads else { return .wait }
      state.threads += 1
      return .startThread
    }
    switch decision {
    case .wait: return
    case .full: throw SocketError(.outOfResources, "\(Self.maxWaiting) name look-ups wait already")
    case .startThread: startThread()
    }
  }

  private func startThread() {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<NameResolver>.fromOpaque(argument).takeRetainedValue().work()
        return nil
      }, retained.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      retained.release()
      failEverything(SocketError(errno: status, during: "pthread_create"))
    }
  }

  private func failEverything(_ error: SocketError) {
    let stranded = state.withLock { state in
      state.threads -= 1
      // Other threads will come to what waits; without any, it must not wait for ever.
      guard state.threads == 0 else { return [Request]() }
      defer { state.waiting = [] }
      return state.waiting
    }
    for request in stranded { request.promise.settle(.failure(error)) }
  }

  private func work() {
    while let request = next() {
      request.promise.settle(Self.lookUp(request.host, port: request.port))
    }
  }

  private func next() -> Request? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.threads -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }

  private static func lookUp(_ host: String, port: UInt16) -> Result<[SocketAddress], SocketError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      return .failure(SocketError(.unknownHost, "\(host): \(String(cString: gai_strerror(status)))"))
    }
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
}
