import SeaThriftWire

/// Hosts services without a network: a request in memory becomes the reply to it, for datagrams, queues and files.
///
/// ```swift
/// let processor = try ThriftProcessor { UserStorage.service(handler) }
/// if let reply = try await processor.reply(to: datagram) { send(reply) }
/// ```
///
/// A request is one message in any protocol, which is recognised, without a framing; the reply is in the same. Everything
/// else is as in a ``ThriftServer``: names with a service before them, exceptions, unknown methods, interceptors, limits,
/// log and observer. Handlers run where ``reply(to:from:)`` is called, or on the executor of their service, and are
/// cancelled with its task. Requests may be answered at the same time.
public final class ThriftProcessor: @unchecked Sendable {
  // @unchecked: the table of methods is not changed.

  private let services: ServiceTable
  private let configuration: ServerConfiguration

  /// Creates a processor.
  ///
  /// - Parameters:
  ///   - configuration: what is allowed, who is told, what stands around handlers. What is about connections means nothing.
  ///   - services: the services to host, as in a ``ThriftServer``.
  /// - Throws: as the initializer of a ``ThriftServer``.
  public init(
    configuration: ServerConfiguration = ServerConfiguration(), @ServiceBuilder services: () throws -> [ThriftService]
  ) throws {
    try configuration.validate()
    let hosted = try services()
    try ThriftServer.check(configuration.policy, hosted.hostedMethods)
    self.services = try ServiceTable(hosted, try GuardFactory(configuration, configuration.policy))
    self.configuration = configuration
  }

  /// Runs the handler of a request.
  ///
  /// - Parameters:
  ///   - request: One message; bytes behind it mean nothing.
  ///   - peer: Who sent it, for handlers, interceptors and the log.
  /// - Returns: The reply, which may be an exception; `nil` for a oneway call, after its handler has ended.
  /// - Throws: ``CodecError`` when the request is no message, of a protocol that is not accepted, or larger than allowed.
  ///   Whatever else fails is an exception in the reply.
  public nonisolated(nonsending) func reply(
    to request: [UInt8], from peer: EndpointAddress = .abstractUnix("memory")
  ) async throws -> [UInt8]? {
    let buffers = ConnectionBuffers()
    buffers.input.append(request)
    let exchange = ServerExchange(
      stream: nil, services: services, configuration: configuration, peer: peer, buffers: buffers)
    try exchange.findOnly()
    if exchange.state.next() == .handle, let method = exchange.method {
      await CallContext.$current.withValue(exchange.context) { await method.invoke(exchange, method.executor) }
    }
    return buffers.output.isEmpty ? nil : buffers.output.joinedBytes
  }
}

extension ThriftService {
  /// Runs the handler of one request in memory, as ``ThriftProcessor/reply(to:from:)`` does. For many requests make a
  /// ``ThriftProcessor``, which looks through the methods once.
  ///
  /// - Throws: as that function, and when the configuration is out of range.
  public nonisolated(nonsending) func reply(
    to request: [UInt8], configuration: ServerConfiguration = ServerConfiguration(),
    from peer: EndpointAddress = .abstractUnix("memory")
  ) async throws -> [UInt8]? {
    try await ThriftProcessor(configuration: configuration) { self }.reply(to: request, from: peer)
  }
}
