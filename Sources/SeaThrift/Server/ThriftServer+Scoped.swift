/// Runs a server while `body` runs: it listens when `body` begins, and has ended when this returns.
///
///     try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
///       UserStorage.service(handler)
///     } body: { address in
///       …
///     }
///
/// - Parameters:
///   - address: where to listen; TCP port 0 picks a free one.
///   - configuration: limits, timeouts and the rest.
///   - network: the event loops; by default the process's own.
///   - services: the services to host.
///   - body: gets the address at which the server listens. When it returns or throws, the server is stopped as by
///     cancelling ``ThriftServer/run()``.
/// - Throws: what `body` throws, or what ``ThriftServer`` does.
public nonisolated(nonsending) func withThriftServer<Value>(
  on address: EndpointAddress, configuration: ServerConfiguration = ServerConfiguration(),
  network: Network = .current, @ServiceBuilder services: () throws -> [ThriftService],
  body: nonisolated(nonsending) (EndpointAddress) async throws -> Value
) async throws -> Value {
  let server = try ThriftServer(on: address, configuration: configuration, network: network, services: services)
  let bound = try await server.bind()
  let running = Task { try await server.run() }  // Awaited below, whichever way `body` ends.
  let result: Result<Value, any Error>
  do {
    result = .success(try await body(bound))
  } catch {
    result = .failure(error)
  }
  running.cancel()
  try await running.value
  return try result.get()
}
