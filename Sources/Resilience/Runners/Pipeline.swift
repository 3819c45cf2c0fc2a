public import SeaThriftTime

/// Policies put together around any async call.
///
/// ```swift
/// let pipeline = try Pipeline {
///   Deadline(.milliseconds(800))
///   Retry(2, backoff: .exponential(from: .milliseconds(20)))
///   CircuitBreaker(.consecutive(5))
///   AttemptTimeout(.milliseconds(250))
/// }
/// let page = try await pipeline.run { try await fetch() }
/// ```
///
/// The way of a call is always the same, whatever the order in which the policies are written: deadline, bulkhead, rate
/// limit, adaptive limit, retry, hedge, circuit breaker, timeout, the call; a ``Shadow`` watches all of it. What the policies
/// know is shared by all calls of one pipeline.
public final class Pipeline: Sendable {
  let slots: Slots
  let time: TimeSource

  struct Slots: Sendable {
    let limits: CallLimits
    let deadline: Deadline?
    let retry: Retry.Runner?
    let hedge: Hedge.Runner?
    let circuitBreaker: CircuitBreaker.Runner?
    let timeout: AttemptTimeout?
    let shadow: ShadowPolicy.Runner?
  }

  /// Creates a pipeline.
  ///
  /// - Parameters:
  ///   - time: the clock and the random numbers; by default ``TimeSource/current``.
  ///   - hints: what other instances say about the circuit of the ``CircuitBreaker``; `nil` to find out alone.
  ///   - shadowed: is told what the policies of a ``Shadow`` would have done.
  ///   - policies: at most one of a kind; their order means nothing.
  /// - Throws: ``PolicyError``, when a policy is given twice or has a field out of its range; it names either.
  public init(
    time: TimeSource = .current, hints: BreakerHints.Circuit? = nil,
    shadowed: @escaping @Sendable (ShadowEvent) -> Void = { _ in },
    @PipelineBuilder _ policies: () throws(PolicyError) -> [PipelinePolicy]
  ) throws(PolicyError) {
    var written = PipelinePolicies()
    try policies().install(in: &written, of: "Pipeline")
    slots = Slots(
      limits: try CallLimits(written, time: time), deadline: written.value(),
      retry: try written.value(of: Retry.self)?.runner(time: time),
      hedge: try written.value(of: Hedge.self)?.runner(time: time),
      circuitBreaker: try written.value(of: CircuitBreaker.self)?.runner(time: time, hints: hints),
      timeout: written.value(), shadow: try written.shadowRunner(time, shadowed))
    self.time = time
  }

  /// Runs `body` with the policies around it.
  ///
  /// - Parameters:
  ///   - judging: What the end of an attempt means; by default an error is a failure, save cancellation.
  ///   - body: The call; it may run several times, and after its time is over it is cancelled.
  /// - Throws: what `body` throws, or the ``ResilienceError`` of the policy that ended the call.
  public func run<Value: Sendable>(
    judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let shadow = slots.shadow else { return try await runInTime(judging, body) }
    return try await shadow.watch(judging: judging) { call in
      try await WatchedCall.$current.withValue(call) { try await runInTime(judging, body) }
    }
  }

  private func runInTime<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    if let deadline = slots.deadline {
      return try await deadline.limit(time) { [self] in try await runLimited(judging, body) }
    }
    guard let outer = Deadline.current else { return try await runLimited(judging, body) }
    return try await withinDeadline(outer, time) { [self] in try await runLimited(judging, body) }
  }

  private func runLimited<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    if slots.limits.isEmpty { return try await runRetried(judging, body) }
    return try await slots.limits.run({ try await runRetried(judging, body) }, judging: judging)
  }

  /// Runs `body` with the policies around it, and `fallback` in place of its error, unless the task was cancelled.
  public func run<Value: Sendable>(
    judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) @escaping @Sendable () async throws -> Value,
    fallback: nonisolated(nonsending) (any Error) async throws -> Value
  ) async throws -> Value {
    do {
      return try await run(judging: judging, body)
    } catch {
      if Task.isCancelled { throw error }
      return try await fallback(error)
    }
  }

  private func runRetried<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let retry = slots.retry else { return try await runHedged(judging, body) }
    return try await retry.run(judging: judging) { try await runHedged(judging, body) }
  }

  private func runHedged<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let hedge = slots.hedge else { return try await attempt(judging, body) }
    return try await hedge.run(sharing: slots.retry) { [self] in try await attempt(judging, body) }
  }

  private func attempt<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let breaker = slots.circuitBreaker else { return try await watched(judging, body) }
    return try await breaker.run(judging: judging) { try await watched(judging, body) }
  }

  private func watched<Value: Sendable>(
    _ judging: Judge<Value>?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let shadow = slots.shadow, let call = WatchedCall.current else { return try await timed(body) }
    return try await shadow.attempt(of: call, judging: judging) { try await timed(body) }
  }

  private func timed<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    guard let timeout = slots.timeout else { return try await body() }
    return try await timeout.limit(time, body)
  }
}
