import Glibc

extension SocketError {
  /// The error of a system call that set `errno`.
  package init(errno number: Int32, during operation: String) {
    let code: Code =
      switch number {
      case ECONNREFUSED, ENOENT: .refused
      case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN, ETIMEDOUT: .reset
      case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: .unreachable
      case EADDRINUSE: .addressInUse
      case EINVAL, EAFNOSUPPORT, EADDRNOTAVAIL, EACCES, EPERM, ENOTDIR, ENAMETOOLONG, EISDIR: .invalidAddress
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: .outOfResources
      default: .other
      }
    self.init(code, "\(operation): \(Self.text(of: number))", errno: number)
  }

  /// The system's words for an error number; `strerror_r`, because `strerror` shares one buffer among threads.
  private static func text(of number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else { return "error \(number)" }
      return String(cString: base)
    }
  }
}
