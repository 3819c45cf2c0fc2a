/// Why an operation on a socket failed.
package struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as far as a caller can act on it.
  package enum Code: Hashable, Sendable {
    /// Nobody listens at the address.
    case refused
    /// The connection was reset, or the network under it went away.
    case reset
    /// No route, no such host address, or the interface is down.
    case unreachable
    /// The name does not resolve.
    case unknownHost
    /// The address is unusable: a path too long, a bad port, one that is taken.
    case invalidAddress
    /// The address is already in use.
    case addressInUse
    /// This process or machine is out of descriptors or buffers.
    case outOfResources
    /// The time for the operation ran out.
    case timedOut
    /// The task that waited was cancelled.
    case cancelled
    /// This side closed the socket.
    case closed
    /// Anything else; the message names it.
    case other
  }

  package let code: Code
  package let message: String
  /// The `errno` behind it, 0 when there is none.
  package let errno: Int32

  package init(_ code: Code, _ message: String, errno: Int32 = 0) {
    self.code = code
    self.message = message
    self.errno = errno
  }

  package var description: String { message }
}
