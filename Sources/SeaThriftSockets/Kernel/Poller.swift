import SeaThriftTime

/// Waits for events of descriptors on behalf of one loop: what differs between the kernels.
protocol Poller: AnyObject {
  /// Watches a descriptor for both directions, edge-triggered: each event is told when it begins to be so.
  ///
  /// - Parameter token: What events of this descriptor are reported with.
  func watch(_ descriptor: Int32, token: UInt64) throws(SocketError)

  /// Ends a watch; the descriptor is closed next.
  func forget(_ descriptor: Int32)

  /// Waits until something happens, ``wakeUp()`` is called, or `timeout` is over (nil: without end), and reports what
  /// has happened.
  func wait(_ timeout: Duration?, _ report: (_ token: UInt64, _ events: PolledEvents) -> Void)

  /// Ends a wait, or the next one. Called from any thread.
  func wakeUp()
}

/// What has happened to a descriptor.
struct PolledEvents: OptionSet {
  let rawValue: UInt8
  /// A read may find something, or would fail.
  static let readable = Self(rawValue: 1)
  /// A write may succeed, or would fail.
  static let writable = Self(rawValue: 2)
  /// The other side has ended its sending, or the connection broke.
  static let peerClosed = Self(rawValue: 4)
}
