/// A socket that accepts connections, confined to one event loop.
package class Listener: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save `abort(_:)`, which hops there.

  package let loop: EventLoop
  /// Where it listens; with the real port when 0 was asked for.
  package let address: SocketAddress

  private var mayAccept = true
  private var acceptor: UnsafeContinuation<Void, Never>?
  private var failure: SocketError?
  package private(set) var isClosed = false

  init(loop: EventLoop, address: SocketAddress) {
    self.loop = loop
    self.address = address
  }

  /// Takes one connection that waits, for use on `loop`; `nil` when none does.
  func take(onto loop: EventLoop) throws(SocketError) -> ByteStream? {
    fatalError("Listener is abstract: only its subclasses are made")
  }
  /// Lets go of the underlying socket.
  func release() {}

  /// Waits for a connection. It must be opened, by ``ByteStream/open()``, on `loop`.
  ///
  /// An error of code `outOfResources` leaves the listener usable: try again when something has been freed.
  package func accept(onto loop: EventLoop) async throws(SocketError) -> ByteStream {
    while true {
      if let failure { throw failure }
      if mayAccept {
        if let stream = try take(onto: loop) { return stream }
        mayAccept = false
      }
      await withUnsafeContinuation { continuation in
        // Looked at again: the task may have been suspended on its way here, while the event came.
        if mayAccept || failure != nil { continuation.resume() } else { acceptor = continuation }
      }
    }
  }

  /// Ends a wait in ``accept(onto:)``, now and later, with `error`. May be called from any thread.
  package func abort(_ error: SocketError) {
    loop.execute {
      if self.failure == nil { self.failure = error }
      self.markAcceptable()
    }
  }

  /// Stops listening. Harmless when repeated.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    release()
    abort(SocketError(.closed, "the listener was closed"))
  }

  func markAcceptable() {
    mayAccept = true
    if let waiter = acceptor {
      acceptor = nil
      waiter.resume()
    }
  }
}
