/// What a ``ClientInterceptor`` and a ``ServerInterceptor`` have in common: the methods that they stand around.
public protocol CallInterceptor: Sendable {
  /// Whether it stands around the calls of a method; the same answer each time. Default: it does.
  ///
  /// A server asks when it is made and when it takes a new policy, a client asks for each call and attempt.
  func applies(to method: MethodFacts) -> Bool
}

extension CallInterceptor {
  /// True.
  public func applies(to method: MethodFacts) -> Bool { true }

  /// The same around calls of these methods only.
  ///
  /// ```swift
  /// configuration.interceptors = [CallLog(), Authentication(isKnown: isKnown).on(Users.store)]
  /// ```
  public func on(_ methods: any ThriftMethod...) -> InterceptorOnMethods<Self> {
    InterceptorOnMethods(interceptor: self, methods: Set(methods.map(\.qualifiedName)))
  }
}

/// An interceptor that stands around some methods only, of a client or a server as the one that it is made of; see
/// ``CallInterceptor/on(_:)``.
public struct InterceptorOnMethods<Interceptor: CallInterceptor>: CallInterceptor {
  let interceptor: Interceptor
  let methods: Set<String>

  /// Whether it is one of the methods, and the interceptor applies to it.
  public func applies(to method: MethodFacts) -> Bool {
    methods.contains(method.qualifiedName) && interceptor.applies(to: method)
  }
}

extension InterceptorOnMethods: ClientInterceptor where Interceptor: ClientInterceptor {
  /// What the interceptor does.
  public nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    try await interceptor.intercept(step, next: next)
  }
}

extension InterceptorOnMethods: ServerInterceptor where Interceptor: ServerInterceptor {
  /// What the interceptor does.
  public nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    try await interceptor.intercept(call, next: next)
  }
}
