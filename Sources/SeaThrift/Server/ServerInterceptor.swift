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
public protocol ServerInterceptor: Sendable {
  /// Calls `next`, once, or throws an error in its place, which the client gets as if the handler had thrown it: a
  /// ``CallRefusal``, an `ApplicationException`, or an exception that the method declares.
  ///
  /// Runs on the connection's event loop and must not block it. What it sets as a task local, the handler sees.
  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value
}

/// The call that an interceptor of a server stands around.
public struct ServedCall: Sendable {
  /// The method as `Service.method`.
  public let method: String
  /// Whether the client gets no reply: then it does not learn of a refusal either.
  public let isOneway: Bool
  /// What handlers see as ``CallContext/current``.
  public let context: CallContext

  /// The client.
  public var peer: EndpointAddress { context.peer }
  /// The key-value headers that came with the request; over HTTP with lower-case names.
  public var requestHeaders: [String: String] { context.requestHeaders }

  /// Sends a key-value header with the reply, whether it is a result or an error.
  ///
  /// - Throws: ``CodecError``: `unsupported` when the framing carries no headers, `invalidData` when HTTP cannot express
  ///   this one.
  public func setReplyHeader(_ name: String, _ value: String) throws { try context.setReplyHeader(name, value) }
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
