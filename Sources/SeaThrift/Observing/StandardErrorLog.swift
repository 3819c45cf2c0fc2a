import SeaThriftSockets

/// Writes what an operator must know to standard error, a line each: handlers that failed, connections that could not be
/// accepted, and clients that were not recognised.
///
/// It never blocks: lines are written by a thread of their own, and what a reader that stands still has no room for is
/// dropped and counted. Of one method's failures five lines in 10 s are written, and the others counted; likewise of the
/// others.
///
/// In a simulation nothing is written: the lines are among the events that a failed run shows.
public struct StandardErrorLog: ServerObserver {
  /// Creates the log.
  public init() {}

  /// Writes the method, the client and the error.
  public func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {
    write("failures of \(method)", "\(method) failed for \(peer): \(error)")
  }

  /// Writes the error.
  public func acceptFailed(_ error: any Error) {
    write("connections that were not accepted", "cannot accept connections: \(error)")
  }

  /// Writes the client, and what it looks like.
  public func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient) {
    write("clients that were not recognised", "\(peer) was not recognised, it speaks \(client)")
  }

  private func write(_ kind: String, _ line: @autoclosure () -> String) {
    if Network.current.takesLogLine(line()) { return }
    LogWriter.standardError.write(kind, line())
  }
}
