import Resilience
import SeaThriftTime
import SeaThriftWire

extension Endpoint: ThriftCaller {
  /// Calls a method of this endpoint, once.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError``.
  public nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    if !configuration.interceptors.call.isEmpty {
      let step = InterceptedStep(method, arguments, at: address)
      return try await intercepted(configuration.interceptors.call, step) { try await callInside(method, arguments) }
    }
    return try await callInside(method, arguments)
  }

  private nonisolated(nonsending) func callInside<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    try gate.admit("\(address)", method.qualifiedName, configuration.observers)
    defer { gate.leave() }
    let call = try TypedCall(method, arguments, form)
    try await loop.preferred { try await perform(call) }
    return try call.result()
  }

  /// One attempt with the endpoint's own policy.
  private func perform(_ call: ClientCall) async throws {
    var deadline = call.deadline
    let plan = plan.overridden(by: call.override)
    for own in [plan.deadline, call.method.declared?.deadline] {
      if let own { deadline = min(deadline, loop.now.advanced(by: own)) }
    }
    let observers = configuration.observers
    if !observers.isEmpty { call.watch = CallWatch(call, of: nil, observers, nil, on: loop) }
    let result = await result(of: call, plan, until: deadline)
    let error = Self.error(of: result)
    call.watch?.ended(error, error.map { configuration.errors.verdict(on: $0) } ?? .success)
    if let error { throw error }
  }
}

extension ServiceGroup: ThriftCaller {
  /// Calls a method of one of the group's endpoints, with the group's policies.
  ///
  /// - Throws: an exception that the method declares, as its own type, or an ``RPCError`` that carries the attempts.
  public nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    if hasInterceptors {
      let step = InterceptedStep(method, arguments)
      return try await intercepted(configuration.interceptors.call, step) {
        try await callInside(method, arguments)
      }
    }
    return try await callInside(method, arguments)
  }

  private nonisolated(nonsending) func callInside<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    if hasCode { return try await callWithCode(method, arguments) }
    let group = nearest
    try group.gate.admit(name, method.qualifiedName, configuration.observers)
    defer { group.gate.leave() }
    let call = try TypedCall(method, arguments, form)
    if group.loop.isCurrent {
      try await group.perform(call)
    } else {
      try await withTaskExecutorPreference(group.loop) { try await group.perform(call) }
    }
    return try call.result()
  }

  /// A call of a group that has fallbacks or keys.
  private nonisolated(nonsending) func callWithCode<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    let name = method.qualifiedName
    var key: String?
    if let own = code.hashKeys[name] as? HashKey<Arguments> {
      key = own.body?(arguments)
    } else if let header = code.headerKey {
      key = CallOptions.current?.headers[header]
    }
    let hash = key.map { StableHash.hash($0.utf8) } ?? 0
    do {
      let group = nearest
      try group.gate.admit(self.name, name, configuration.observers)
      defer { group.gate.leave() }
      let call = try TypedCall(method, arguments, form, hash: hash)
      try await group.loop.preferred { try await group.perform(call) }
      return try call.result()
    } catch {
      guard deservesFallback(error) else { throw error }
      if let own = code.fallbacks[name] as? Fallback<Result.Success> {
        switch own.kind {
        case .closure(let body): return try await body(error)
        case .caller(let caller): return try await caller.fallBack(to: method, arguments, after: error)
        }
      }
      guard let common = code.fallbacks[""] as? Fallback<Never>, case .caller(let caller) = common.kind else {
        throw error
      }
      return try await caller.fallBack(to: method, arguments, after: error)
    }
  }

  /// Whether a fallback replaces an error.
  nonisolated func deservesFallback(_ error: any Error) -> Bool {
    if Task.isCancelled { return false }
    guard let error = error as? RPCError else {
      return configuration.errors.isRetryable(error) || configuration.errors.verdict(on: error) == .failure
    }
    return error.code != .cancelled && error.code != .invalidRequest
  }
}

extension ThriftCaller {
  /// Makes a call that failed elsewhere, unless it may have been executed there and must not be executed twice.
  fileprivate nonisolated(nonsending) func fallBack<Arguments, Result>(
    to method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments, after error: any Error
  ) async throws -> Result.Success {
    if method.idempotency == .notIdempotent, !RPCError.isUnexecuted(error) { throw error }
    return try await call(method, arguments)
  }
}

extension AdmissionGate {
  /// Takes a place, for a call of this method of what has this name.
  @inline(__always)
  fileprivate func admit(
    _ name: @autoclosure () -> String, _ method: @autoclosure () -> String,
    _ observers: @autoclosure () -> [any ClientObserver]
  ) throws(RPCError) {
    let admission = enter()
    if admission == .admitted { return }
    // A reply that is kept needs no place.
    if admission != .closed, CallOptions.current?.override?.policy.cache != nil { return reenter() }
    let (method, refusal) = (method(), refusal(admission, name(), method()))
    for observer in observers() { observer.callRefused(method, error: refusal) }
    throw refusal
  }

  /// - Parameters:
  ///   - admission: Why nobody gets in.
  ///   - name: Of the group or the endpoint.
  ///   - method: The method that is called.
  private func refusal(_ admission: Admission, _ name: String, _ method: String) -> RPCError {
    if admission == .closed { return RPCError(.closed, "\(name) was shut down", method: method, isUnsent: true) }
    if admission == .limited {
      return RPCError(ResilienceError(.bulkheadFull, "too many calls run and wait"), method: method)
    }
    let full = RPCError(.poolFull, "too many calls wait for a connection", isUnsent: true)
    return RPCError(.unavailable, "\(name): all connections are taken", cause: full, method: method, isUnsent: true)
  }
}
