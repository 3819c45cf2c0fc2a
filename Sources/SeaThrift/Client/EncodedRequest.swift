import SeaThriftWire

/// A request whose arguments are encoded once, however often it is sent.
final class EncodedRequest: Sendable {
  /// The method's name on the wire.
  let name: String
  /// The service and method, for people; put together only for those who look.
  var qualifiedName: String { "\(service).\(method)" }
  private let service: String
  private let method: String
  let isOneway: Bool
  let idempotency: MethodIdempotency
  /// The encoded arguments. Immutable, and only read while this object is alive.
  let body: WireBuffer
  /// The key-value headers that go with it.
  let headers: [String: String]

  init<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments, _ configuration: ClientConfiguration
  ) throws(RPCError) {
    name = configuration.multiplexedService.map { "\($0):\(method.name)" } ?? method.name
    service = method.service
    self.method = method.name
    isOneway = method.isOneway
    idempotency = method.idempotency
    headers = RequestHeaders.current ?? [:]
    do throws(CodecError) {
      for (name, value) in headers { try configuration.framing.checkHeader(name, value) }
      body = try configuration.format.encode(arguments, limits: configuration.limits)
    } catch {
      let name = "\(method.service).\(method.name)"
      throw RPCError(.invalidRequest, error.message, cause: error, method: name, isUnsent: true)
    }
  }
}
