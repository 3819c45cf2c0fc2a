import Glibc

/// Writes what an operator must know to standard error, a line each: handlers that failed, and connections that could
/// not be accepted.
public struct StandardErrorLog: ServerObserver {
  /// Creates the log.
  public init() {}

  /// Writes the method, the client and the error.
  public func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {
    write("\(method) failed for \(peer): \(error)")
  }

  /// Writes the error.
  public func acceptFailed(_ error: any Error) {
    write("cannot accept connections: \(error)")
  }

  private func write(_ line: String) {
    // Text from errors must not be able to forge lines of the log.
    let safe = String(line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    let bytes = Array("SeaThrift: \(safe)\n".utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
