/// One end of a connection below a ``ByteStream``: the kernel's, a simulated one, or one that wraps another.
///
/// Confined to its loop's thread. Operations try at once and never wait: what would have to is tried again when the
/// observer is told that it may succeed.
package protocol Socket: AnyObject, Sendable {
  /// The other side, for messages and logs.
  var peer: SocketAddress { get }

  /// Whether a read that brings less than it has room for has taken all there was.
  var shortReadEmpties: Bool { get }

  /// Begins to tell `observer` of events. It is kept alive until ``close()``.
  func start(_ observer: any SocketObserver) throws(SocketError)

  /// Goes on with opening: called once after ``start(_:)``, and after each event until it returns true. False: it waits
  /// for another event.
  func continueOpening() throws(SocketError) -> Bool

  /// Reads what is there, up to `bytes.count` bytes. 0 is the end of the stream; `nil` means that nothing is there yet.
  func read(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int?

  /// Writes what fits; `nil` when nothing does.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int?

  /// Ends this side's sending; the other side reads the end of the stream after what was written.
  func finishWriting()

  /// Lets go of the connection. Called once; nothing is called after it.
  func close()
}

/// Is told by a ``Socket`` what may be tried again. Events are edges: each is told when it begins to be so, and again
/// whenever more has come.
package protocol SocketObserver: AnyObject {
  /// A read may find something, or would throw.
  func socketIsReadable()
  /// A write may succeed, or would throw.
  func socketIsWritable()
  /// The other side has ended its sending, or the connection broke. Bytes sent before may still be unread.
  func socketPeerClosed()
}

/// A listening socket below a ``Listener``. Confined to its loop's thread.
package protocol ListeningSocket: AnyObject, Sendable {
  /// Where it listens; with the real port when 0 was asked for.
  var address: SocketAddress { get }

  /// Begins to tell `listener`, which is not kept alive, that there is something to accept.
  func start(_ listener: Listener) throws(SocketError)

  /// Takes a connection that waits, for use on `loop`; `nil` when none does.
  func accept(onto loop: EventLoop, _ options: SocketOptions) throws(SocketError) -> (any Socket)?

  /// Whether a connection waits.
  var hasWaiting: Bool { get }

  /// Stops listening. Called once.
  func close()
}

/// How a connection is set up.
package struct SocketOptions: Hashable, Sendable {
  /// Nil for no probes.
  package var keepalive: KeepaliveTimes?

  package init(keepalive: KeepaliveTimes? = nil) { self.keepalive = keepalive }
}

/// When the kernel asks a silent peer whether it is still there (RFC 1122, 4.2.3.6). In whole seconds, at least one.
package struct KeepaliveTimes: Hashable, Sendable {
  /// After so long a silence.
  package var idle: Int
  /// Again after so long, when there was no answer.
  package var interval: Int
  /// So often, before the connection is given up.
  package var probes: Int

  package init(idle: Int, interval: Int, probes: Int) {
    self.idle = idle
    self.interval = interval
    self.probes = probes
  }
}
