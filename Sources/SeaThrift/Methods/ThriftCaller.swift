/// Anything that can make calls: a ``ServiceGroup``, a single ``Endpoint``, or a wrapper of the user's own.
///
/// Users implement it; requirements that a later version adds have defaults.
public protocol ThriftCaller: Sendable {
  /// Calls a method and waits for its result; for a oneway method, until the request is written.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError``.
  nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success
}

extension ThriftCaller {
  /// Calls an idempotent method and waits for its result.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError``.
  public nonisolated(nonsending) func call<Arguments, Result>(
    _ method: IdempotentMethod<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    try await call(method.descriptor, arguments)
  }
}

/// A generated client: typed methods over a ``ThriftCaller``.
public protocol ThriftClient: Sendable {
  /// Creates a client that calls through `caller`.
  init(_ caller: any ThriftCaller)
}
