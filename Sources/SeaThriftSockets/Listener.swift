/// A socket that accepts connections, confined to one event loop.
package final class Listener: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save `abort(_:)`, which hops there.

  package let loop: EventLoop
  /// Where it listens; with the real port when 0 was asked for.
  package let address: SocketAddress

  private let socket: any ListeningSocket
  private var mayAccept = true
  private var acceptor: UnsafeContinuation<Void, Never>?
  private var failure: SocketError?
  /// Called on the loop when there may be something to accept, and when the listener has failed.
  package var onAcceptable: (() -> Void)?
  package private(set) var isClosed = false

  init(_ socket: any ListeningSocket, on loop: EventLoop) throws(SocketError) {
    self.socket = socket
    self.loop = loop
    address = socket.address
    try socket.start(self)
  }

  deinit {
    // Of a server that was bound and never run.
    if !isClosed { loop.execute { [socket] in socket.close() } }
  }

  /// Waits for a connection. It must be opened, by ``ByteStream/open(isolation:)``, on `loop`.
  ///
  /// An error of code `outOfResources` leaves the listener usable: try again when something has been freed.
  package func accept(
    onto loop: EventLoop, _ options: SocketOptions = SocketOptions()
  ) async throws(SocketError) -> ByteStream {
    while true {
      if let stream = try acceptNow(onto: loop, options) { return stream }
      await waitUntilAcceptable()
    }
  }

  /// Takes a connection that waits already; `nil` when none does.
  package func acceptNow(onto loop: EventLoop, _ options: SocketOptions) throws(SocketError) -> ByteStream? {
    if let failure { throw failure }
    guard mayAccept else { return nil }
    if let accepted = try socket.accept(onto: loop, options) { return ByteStream(accepted, on: loop) }
    mayAccept = false
    return nil
  }

  /// Whether a connection waits to be taken.
  package var hasWaiting: Bool { !isClosed && socket.hasWaiting }

  private func waitUntilAcceptable() async {
    await withUnsafeContinuation { continuation in
      // Looked at again: the task may have been suspended on its way here, while the event came.
      if mayAccept || failure != nil { continuation.resume() } else { acceptor = continuation }
    }
  }

  /// Ends a wait in ``accept(onto:_:)``, now and later, with `error`. May be called from any thread.
  package func abort(_ error: SocketError) {
    loop.execute {
      if self.failure == nil { self.failure = error }
      self.socketIsAcceptable()
    }
  }

  /// Stops listening. Harmless when repeated.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    onAcceptable = nil
    socket.close()
    abort(SocketError(.closed, "the listener was closed"))
  }

  /// The socket tells that there may be something to accept.
  func socketIsAcceptable() {
    mayAccept = true
    onAcceptable?()
    if let waiter = acceptor {
      acceptor = nil
      waiter.resume()
    }
  }
}
