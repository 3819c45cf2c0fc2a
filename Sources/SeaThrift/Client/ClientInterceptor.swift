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
///       print("\(step.method?.qualifiedName ?? "connecting") at \(step.endpoint.map { "\($0)" } ?? "the group"): \(error)")
///       throw error
///     }
///   }
/// }
/// ```
///
/// Calls and attempts of some methods only: ``CallInterceptor/on(_:)``; connections are of no method.
///
/// Users implement it; requirements that a later version adds have defaults.
public protocol ClientInterceptor: CallInterceptor {
  /// Calls `next`, once, or throws an error in its place.
  ///
  /// Exceptions that the method declares come out of `next` as errors, of calls and of attempts. Around calls `Value` is what
  /// the method returns, elsewhere a type of the library; ``InterceptedStep/result(_:)`` looks into both.
  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value
}

/// Where interceptors are placed; ``CallInterceptor/on(_:)`` puts one around some methods only. Of several at a place, the
/// first is the outermost.
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
  var index = index
  if let method = step.method {
    while index < interceptors.count, !interceptors[index].applies(to: method) { index += 1 }
  }
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
