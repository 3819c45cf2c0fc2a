import CSeaThriftSystem
import Glibc

/// The descriptors of this process: how many it may have, and how many the sockets leave alone.
///
/// Others need one now and then, and some end the process when they get none: the thread pool below Swift's default
/// executor cannot live without opening a file. So a socket never takes the last ones. The kernel gives the lowest number
/// that is free, so the number of a new descriptor says how many are taken.
package enum Descriptors {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  /// How many descriptors the process may have: the soft limit, `RLIMIT_NOFILE`.
  package static var limit: Int {
    var limits = rlimit()
    return getrlimit(resource, &limits) == 0 ? Int(clamping: limits.rlim_cur) : 1024
  }

  /// How many descriptors sockets take at most: all but an eighth, which is from 8 to 64.
  package static var forSockets: Int {
    let limit = limit
    return max(limit - min(max(limit / 8, 8), 64), 1)
  }

  /// Raises the soft limit to the hard one, which a process may do by itself.
  package static func raiseLimit() {
    var limits = rlimit()
    guard getrlimit(resource, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
    limits.rlim_cur = limits.rlim_max
    setrlimit(resource, &limits)
  }

  /// Whether a descriptor is one of those that sockets leave alone.
  static func isReserved(_ descriptor: Int32) -> Bool { Int(descriptor) >= forSockets }

  /// Whether the next descriptor would be one of those, or there is none at all.
  static var nextIsReserved: Bool {
    let next = fcntl(0, F_DUPFD_CLOEXEC, 0)
    // Standard input may be closed; then the next descriptor is 0.
    guard next >= 0 else { return errno != EBADF }
    Glibc.close(next)
    return isReserved(next)
  }

  /// Makes a socket.
  ///
  /// - Throws: the code `outOfResources` when its descriptor would be one of those that sockets leave alone.
  static func makeSocket(_ family: Int32) throws(SocketError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw SocketError(errno: errno, during: "socket") }
    guard !isReserved(descriptor) else {
      Glibc.close(descriptor)
      throw SocketError(
        .outOfResources, "socket: of \(limit) descriptors all are taken but those that are kept for others",
        errno: EMFILE)
    }
    return descriptor
  }
}
