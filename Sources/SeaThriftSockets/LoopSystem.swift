package import SeaThriftTime

/// What an event loop has from the system it runs on: time, chance, sockets, names. The kernel is one, a simulated host
/// the other; nothing above can tell them apart.
///
/// Everything is called on the loop's thread, except ``wakeUp()``.
package protocol LoopSystem: AnyObject, Sendable {
  /// The time now; never goes back.
  var now: Instant { get }

  /// The next 64 random bits; for jitter and balancing, not for secrets.
  func random() -> UInt64

  /// Whether ``wakeUp()`` is called for all work that comes from elsewhere, also while the loop is awake.
  var wantsEveryWakeUp: Bool { get }

  /// Has the loop take its next turn soon, although nothing has happened that it waits for. Called from any thread.
  func wakeUp()

  /// Begins to connect to an address. The socket is opened by ``Socket/continueOpening()``.
  func connect(to address: SocketAddress, _ options: SocketOptions) throws(SocketError) -> any Socket

  /// Listens at an address, for as many connections at once as `backlog` says that nobody has accepted yet.
  func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> any ListeningSocket

  /// Finds the addresses of a host name without holding up the loop; never none.
  func resolve(_ host: String, port: UInt16, on loop: EventLoop) async throws(SocketError) -> [SocketAddress]
}
