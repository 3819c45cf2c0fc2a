import Resilience
import SeaThriftTime
import SeaThriftWire

/// A request whose arguments are encoded once, however often it is sent.
final class EncodedRequest: Sendable {
  /// The method's name on the wire.
  let name: String
  /// The service and method.
  let methodName: MethodName
  /// The service and method, for people; put together only for those who look.
  var qualifiedName: String { "\(methodName.service).\(methodName.method)" }
  let isOneway: Bool
  let idempotency: MethodIdempotency
  /// What the IDL says about calling the method.
  let declared: DeclaredPolicy?
  /// The encoded arguments. Immutable, and only read while this object is alive.
  let body: WireBuffer
  /// The key-value headers that go with it.
  let headers: [String: String]
  /// The deadline that the caller inherits.
  let deadline: Instant
  /// What consistent hashing goes by.
  let hash: UInt64

  init<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments, _ form: RequestForm,
    hash: UInt64 = 0
  ) throws(RPCError) {
    name = form.multiplexedService.map { "\($0):\(method.name)" } ?? method.name
    methodName = MethodName(service: method.service, method: method.name)
    isOneway = method.isOneway
    idempotency = method.idempotency
    declared = method.declared
    headers = RequestHeaders.current ?? [:]
    deadline = Deadline.current ?? .distantFuture
    self.hash = hash
    do throws(CodecError) {
      for (name, value) in headers { try form.framing.checkHeader(name, value) }
      body = try form.format.encode(arguments, limits: form.limits)
    } catch {
      throw RPCError(.invalidRequest, error.message, cause: error, method: method.qualifiedName, isUnsent: true)
    }
  }

  /// What tells identical calls from others: the method, the headers and the arguments.
  var identity: [UInt8] {
    var bytes = Array(qualifiedName.utf8) + [0]
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      bytes += Array(name.utf8) + [0] + Array(value.utf8) + [0]
    }
    bytes.append(0)
    bytes += body.readableBytes
    return bytes
  }
}

/// What of a configuration makes the form of requests. Much smaller than all of it, which would be copied for each call.
struct RequestForm: Sendable {
  let framing: Framing
  let format: ThriftFormat
  let limits: WireLimits
  let multiplexedService: String?

  init(_ configuration: ClientConfiguration) {
    framing = configuration.framing
    format = configuration.format
    limits = configuration.limits
    multiplexedService = configuration.multiplexedService
  }
}
