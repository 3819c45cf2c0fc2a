extension Endpoint: ThriftCaller {
  /// Calls a method of this endpoint, once.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError``.
  public nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    let request = try EncodedRequest(method, arguments, configuration)
    switch try await attempt(request, as: Result.self) {
    case .success(let success): return success
    case .declared(let error): throw error
    case .refused(let exception): throw RPCError(refused: exception, endpoint: address)
    }
  }
}

extension ServiceGroup: ThriftCaller {
  /// Calls a method of one of the group's endpoints, with the group's retries.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError`` that carries the attempts.
  public nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    try await perform(try EncodedRequest(method, arguments, configuration), as: Result.self)
  }
}
