/// Stands around calls, attempts or the making of connections, whichever it is placed at; see
/// ``ClientConfiguration/interceptors``.
///
/// Logging, for instance:
///
/// ```swift
/// struct Logging: ClientInterceptor {
///   nonisolated(nonsending) func intercept<Value>(
///     _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
///   ) async throws -> Value {
///     do {
///       return try await next()
///     } catch {
///       print("\(step.method ?? "connecting") at \(step.endpoint.map { "\($0)" } ?? "the group"): \(error)")
///       throw error
///     }
///   }
/// }
/// ```
public protocol ClientInterceptor: Sendable {
  /// Calls `next`, once, or throws an error in its place.
  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value
}

/// What an interceptor stands around.
public struct InterceptedStep: Sendable {
  /// The method as `Service.method`; `nil` for a connection.
  public let method: String?
  /// The endpoint; `nil` for a call of a group.
  public let endpoint: EndpointAddress?
}

/// Where interceptors are placed. Of several at a place, the first is the outermost.
public struct ClientInterceptors: Sendable {
  /// Around each call, outside of all policies and fallbacks: headers that are set here go with every attempt.
  public var call: [any ClientInterceptor] = []
  /// Around each attempt, inside of the retries and outside of the circuit breaker.
  public var attempt: [any ClientInterceptor] = []
  /// Around the making of each connection, inside of its timeout.
  public var connection: [any ClientInterceptor] = []

  /// Creates a list with nothing in it, which costs nothing.
  public init() {}
}

/// Runs `body` inside of the interceptors from `index` on.
nonisolated(nonsending) func intercepted<Value>(
  _ interceptors: [any ClientInterceptor], from index: Int = 0, _ step: InterceptedStep,
  _ body: () async throws -> Value
) async throws -> Value {
  if index == interceptors.count { return try await body() }
  return try await interceptors[index].intercept(step) {
    try await intercepted(interceptors, from: index + 1, step, body)
  }
}

extension RPCError {
  /// The error of what interceptors stood around: its own, or that of an interceptor.
  init(intercepted error: any Error) {
    self =
      error as? RPCError
      ?? RPCError(.invalidRequest, "an interceptor refused: \(error)", cause: error, isUnsent: true)
  }
}
