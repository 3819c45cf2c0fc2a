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
        let stream = try await raceCancelling(until: left.map { now.advanced(by: $0) } ?? .distantFuture, on: self) {
          () async throws(SocketError) in
          try await self.connect(to: address, options)
        }
        if let stream { return stream }
        failure = SocketError(.timedOut, "\(address) did not answer within \(timeout ?? .zero)")
      } catch {
        if error.code == .cancelled { throw error }
        failure = error
      }
    }
    throw failure
  }
}
