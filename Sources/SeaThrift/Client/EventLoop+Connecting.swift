import SeaThriftSockets
import SeaThriftTime

extension EventLoop {
  /// Connects to the first of an endpoint's addresses that answers. Each gets an even share of the time, so that one which
  /// swallows packets does not use up that of the next.
  ///
  /// - Parameters:
  ///   - timeout: for connecting alone: a name is looked up for as long as that takes.
  ///   - wasResolved: is called when the addresses are known.
  func connect(
    to endpoint: EndpointAddress, within timeout: Duration?, _ options: SocketOptions, wasResolved: () -> Void
  ) async throws(SocketError) -> ByteStream {
    let addresses = try await endpoint.resolved(on: self)
    wasResolved()
    let deadline = timeout.map { now.advanced(by: $0) } ?? .distantFuture
    var failure = SocketError(.unknownHost, "\(endpoint) has no address")
    for (index, address) in addresses.enumerated() {
      let left = deadline == .distantFuture ? nil : now.duration(to: deadline) / (addresses.count - index)
      do throws(SocketError) {
        return try await connect(to: address, options, until: left.map { now.advanced(by: $0) } ?? .distantFuture)
      } catch {
        if error.code == .cancelled { throw error }
        failure = error
        if error.code == .timedOut, let timeout {
          failure = SocketError(.timedOut, "\(address) did not answer within \(timeout)", errno: error.errno)
        }
      }
    }
    throw failure
  }
}
