public import SeaThriftWire

/// Stands around the handlers of a server; see ``ServerConfiguration/interceptors``. Of the same shape as a
/// ``ClientInterceptor``.
///
/// ```swift
/// struct Authentication: ServerInterceptor {
///   let isKnown: @Sendable (String) async throws -> Bool
///
///   nonisolated(nonsending) func intercept<Value>(
///     _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
///   ) async throws -> Value {
///     guard let token = call.requestHeaders["authorization"], try await isKnown(token) else {
///       throw CallRefusal("no token that is known", as: .unauthenticated)
///     }
///     return try await next()
///   }
/// }
/// ```
///
/// Around some methods only: ``CallInterceptor/on(_:)``. A method that nothing stands around is as fast as without interceptors.
///
/// Users implement it; requirements that a later version adds have defaults.
public protocol ServerInterceptor: CallInterceptor {
  /// Calls `next`, once, or throws an error in its place, which the client gets as if the handler had thrown it: a
  /// ``CallRefusal``, an `ApplicationException`, or an exception that the method declares.
  ///
  /// Runs on the connection's event loop and must not block it. What it sets as a task local, the handler sees. `Value` is
  /// what the method returns; see also ``ServedCall/result(_:)``.
  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value
}

/// The call that an interceptor of a server stands around.
public struct ServedCall: Sendable {
  /// The method, as its IDL declares it: its names, its annotations.
  public let method: MethodFacts
  /// The service that is hosted; one that inherits the method is another than the method's own.
  public let service: String
  /// What handlers see as ``CallContext/current``.
  public let context: CallContext
  let values: any CallValues

  /// Whether the client gets no reply: then it does not learn of a refusal either.
  public var isOneway: Bool { method.isOneway }
  /// The client.
  public var peer: EndpointAddress { context.peer }
  /// The key-value headers that came with the request; over HTTP with lower-case names.
  public var requestHeaders: [String: String] { context.requestHeaders }

  /// Sends a key-value header with the reply, whether it is a result or an error.
  ///
  /// - Throws: ``CodecError``: `unsupported` when the framing carries no headers, `invalidData` when HTTP cannot express
  ///   this one.
  public func setReplyHeader(_ name: String, _ value: String) throws { try context.setReplyHeader(name, value) }

  /// The arguments, a struct with a field for each. They are decoded by whoever asks first, an interceptor or the handler;
  /// when nobody has asked, a call that is refused costs no decoding.
  ///
  /// - Throws: an error to be passed on when they cannot be read; ``CodecError`` when the call is over and they were not
  ///   read.
  public var arguments: any ThriftStruct { get throws { try values.arguments } }

  /// The arguments of a call of `method`; nil when it is a call of another one.
  ///
  /// - Throws: as ``arguments``.
  public func arguments<Called: ThriftMethod>(of method: Called) throws -> Called.Arguments? {
    guard method.qualifiedName == self.method.qualifiedName else { return nil }
    return try values.arguments as? Called.Arguments
  }

  /// What `next` returned as the struct that travels, whose only field is the result; no field for a method that returns
  /// nothing. Nil for any other value.
  public func result<Value>(_ value: Value) -> (any ThriftStruct)? { values.resultStruct(of: value) }

  /// What `next` returned for a call of `method`; nil when it is a call of another one.
  public func result<Value, Called: ThriftMethod>(_ value: Value, of method: Called) -> Called.Result.Success? {
    method.qualifiedName == self.method.qualifiedName ? value as? Called.Result.Success : nil
  }
}

/// Runs `body` inside of the interceptors from `index` on.
nonisolated(nonsending) func intercepted<Value>(
  _ interceptors: [any ServerInterceptor], from index: Int = 0, _ call: ServedCall,
  _ body: () async throws -> Value
) async throws -> Value {
  if index == interceptors.count { return try await body() }
  return try await interceptors[index].intercept(call) {
    try await intercepted(interceptors, from: index + 1, call, body)
  }
}
