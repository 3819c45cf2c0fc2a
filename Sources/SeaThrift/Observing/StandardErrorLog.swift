import Glibc
import SeaThriftTime
public import SeaThriftWire

/// Writes what an operator must know to standard error, a line each: handlers that failed, connections that could not be
/// accepted, and, at most once in ten seconds, clients that were not recognised.
public struct StandardErrorLog: ServerObserver {
  private let unrecognised = Shared(LineLimiter(interval: .seconds(10)))

  private final class Shared: Sendable {
    let limiter: Lock<LineLimiter>
    init(_ limiter: LineLimiter) { self.limiter = Lock(limiter) }
  }

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

  /// Writes the client, what it looks like, and how many others were left out since the last one was written.
  public func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient) {
    let now = TimeSource.current.now
    guard let others = unrecognised.limiter.withLock({ $0.offer(at: now) }) else { return }
    write("\(peer) was not recognised, it speaks \(client)\(others > 0 ? " (and \(others) others before)" : "")")
  }

  private func write(_ line: String) {
    // Text from errors must not be able to forge lines of the log.
    let safe = String(line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    let bytes = Array("SeaThrift: \(safe)\n".utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
