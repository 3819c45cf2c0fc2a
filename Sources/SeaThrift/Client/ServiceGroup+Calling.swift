import Resilience
import SeaThriftSockets
import SeaThriftTime
import SeaThriftWire

extension ServiceGroup {
  /// A call from the cache inwards.
  func perform<Result: ThriftResult>(_ request: EncodedRequest, as type: Result.Type) async throws -> Result.Success {
    let plan = try plans.plan(for: request)
    guard plan.isGuarded else { return try await attempts(request, plan, as: type) }
    guard let cache = plan.cache else { return try await shared(request, plan, as: type) }
    let (format, limits) = (configuration.format, configuration.limits)
    let bytes = try await cache.reply(request.identity, store: configuration.cacheStore) {
      let success = try await shared(request, plan, as: type)
      return try Result(success: success).thriftBytes(format, limits: limits)
    }
    if let success = try Result(thriftBytes: bytes, format, limits: limits).get() { return success }
    throw RPCError.mismatch(.missingResult, "the cache holds no result")
  }

  private func shared<Result: ThriftResult>(
    _ request: EncodedRequest, _ plan: CallPlan, as type: Result.Type
  ) async throws -> Result.Success {
    guard let flight = plan.flight else { return try await limited(request, plan, as: type) }
    let success = try await flight.run(request.identity) { try await limited(request, plan, as: type) }
    guard let success = success as? Result.Success else {
      throw RPCError.mismatch(.missingResult, "the call that was shared has another result")
    }
    return success
  }

  private func limited<Result: ThriftResult>(
    _ request: EncodedRequest, _ plan: CallPlan, as type: Result.Type
  ) async throws -> Result.Success {
    do {
      return try await Deadline.$current.withValue(deadline(of: request, plan)) {
        try await plan.limits.run { [self] in
          try await attempts(request, plan, as: type)
        } verdict: { [self] in
          configuration.errors.verdict(on: $0)
        }
      }
    } catch let error as ResilienceError {
      throw RPCError(error, method: request.qualifiedName)
    } catch is CancellationError {
      throw RPCError(.cancelled, "the task was cancelled", method: request.qualifiedName, isUnsent: true)
    }
  }

  private func deadline(of request: EncodedRequest, _ plan: CallPlan) -> Instant {
    plan.deadline.map { min(request.deadline, loop.now.advanced(by: $0)) } ?? request.deadline
  }

  // MARK: Attempts

  private func attempts<Result: ThriftResult>(
    _ request: EncodedRequest, _ plan: CallPlan, as type: Result.Type
  ) async throws -> Result.Success {
    let start = loop.now
    // With limits, waiting for them has used up some of the time.
    let deadline = plan.limits.isEmpty ? deadline(of: request, plan) : Deadline.current ?? .distantFuture
    let call = CallProgress(start: start, deadline: deadline)
    do throws(RPCError) {
      try await prepareSource(for: call)
    } catch {
      throw unavailable(request, call, because: "\(error.code): \(error.message)")
    }
    while true {
      let failure: any Error
      do {
        let answer =
          if let hedge = plan.hedge {
            try await hedged(hedge, request, plan, call, as: type)
          } else {
            try await attempt(request, plan, call, as: type)
          }
        switch answer {
        case .success(let success):
          plan.budget.machine?.deposit(at: loop.now)
          return success
        case .declared(let error): failure = error
        case .refused(let exception): failure = RPCError(refused: exception, method: request.qualifiedName)
        }
      } catch let error as NoEndpoint {
        throw unavailable(request, call, because: error.reason)
      } catch {
        failure = error
      }
      let delay = try delay(after: failure, request, plan, call)
      guard delay > .zero else { continue }
      do throws(SocketError) {
        try await loop.sleep(until: loop.now.advanced(by: delay))
      } catch {
        throw decorated(RPCError(.cancelled, "the task was cancelled", method: request.qualifiedName), call)
      }
    }
  }

  /// How long to wait before the next attempt; throws when there is none.
  private func delay(
    after error: any Error, _ request: EncodedRequest, _ plan: CallPlan, _ call: CallProgress
  ) throws -> Duration {
    let isRetryable = !Task.isCancelled && configuration.errors.isRetryable(error)
    var failure = RetryStateMachine.Failure(error, isRetryable: isRetryable)
    if let error = error as? RPCError { failure.isUnsent = error.isUnsent }
    if let error = error as? any ClassifiedException, Swift.type(of: error).traits.isSafe { failure.isUnsent = true }
    var generator = LoopGenerator(loop: loop)
    switch call.next(after: failure, plan, request.idempotency, at: loop.now, using: &generator) {
    case .retry(let delay): return delay
    case .wait: return .zero
    case .stop(.outOfAttempts): throw unavailable(request, call)
    case .stop(.outOfTime): throw unavailable(request, call, because: "the deadline leaves no time for another attempt")
    case .stop(.outOfBudget): throw unavailable(request, call, because: "the retry budget is used up")
    case .stop: throw decorated(error, call)
    }
  }

  /// One attempt, at the next endpoint whose circuit is not open.
  private func attempt<Result: ThriftResult>(
    _ request: EncodedRequest, _ plan: CallPlan, _ call: CallProgress, as type: Result.Type
  ) async throws -> Answer<Result.Success> {
    while true {
      if isClosed { throw RPCError(.closed, "the group \"\(name)\" was closed", method: request.qualifiedName) }
      let start = loop.now
      if start >= call.deadline {
        throw RPCError(
          .deadlineExceeded, "the deadline is over", method: request.qualifiedName, isUnsent: call.isUnsent)
      }
      guard let (member, isForced) = choose(for: request, call, plan) else { throw NoEndpoint() }
      member.attempts += 1
      if let slot = member.slot { balancer.began(slot) }
      let failure: any Error
      do throws(RPCError) {
        let answer = try await member.endpoint.attempt(
          request, plan, until: call.deadline, isForced: isForced, as: type)
        switch answer {
        case .success:
          ended(member, .success, from: start)
          return answer
        case .declared(let error):
          ended(member, configuration.errors.verdict(on: error), from: start)
          call.attemptFailed(error, at: member.endpoint.address, slot: member.slot, from: start, to: loop.now)
          // An answer is an answer, unless another endpoint may give a better one.
          guard configuration.errors.isRetryable(error) else { return answer }
          failure = error
        case .refused:
          ended(member, .success, from: start)
          return answer
        }
      } catch {
        ended(member, configuration.errors.verdict(on: error), from: start)
        call.attemptFailed(error, at: member.endpoint.address, slot: member.slot, from: start, to: loop.now)
        // Nothing was attempted.
        if error.code == .circuitOpen { continue }
        failure = error
      }
      throw failure
    }
  }

  private func ended(_ member: Member, _ verdict: Verdict, from start: Instant) {
    let now = loop.now
    member.attempts -= 1
    member.lastUsed = now
    if let slot = member.slot { balancer.ended(slot, verdict, latency: start.duration(to: now), at: now) }
  }

  private func hedged<Result: ThriftResult>(
    _ hedge: Hedge.Runner, _ request: EncodedRequest, _ plan: CallPlan, _ call: CallProgress, as type: Result.Type
  ) async throws -> Answer<Result.Success> {
    try await hedge.run(
      allowing: { [loop] in plan.budget.machine?.withdraw(at: loop.now) ?? true },
      { [self] in try await attempt(request, plan, call, as: type) })
  }

  // MARK: Errors

  /// An error that ends the call, with the attempts before it.
  private func decorated(_ failure: any Error, _ call: CallProgress) -> any Error {
    guard var error = failure as? RPCError else { return failure }
    error.attempts = call.attempts
    return error
  }

  private func unavailable(_ request: EncodedRequest, _ call: CallProgress, because reason: String = "") -> RPCError {
    let summary =
      switch call.attempts.count {
      case 0: listed.isEmpty ? "there is no endpoint" : "the circuits of all \(listed.count) endpoints are open"
      case 1: "the only attempt failed"
      case let count: "all \(count) attempts failed"
      }
    return RPCError(
      .unavailable, "\(name): \(reason.isEmpty ? summary : "\(summary), \(reason)")", cause: call.attempts.last?.error,
      method: request.qualifiedName, attempts: call.attempts, isUnsent: call.isUnsent)
  }
}

/// There is nowhere left to go.
private struct NoEndpoint: Error {
  var reason: String { "" }
}

extension CallLimits {
  /// Runs `body` when there is room for it, from the outside to the inside.
  func run<Value>(
    _ body: () async throws -> Value, verdict: @escaping @Sendable (any Error) -> Verdict
  ) async throws -> Value {
    guard let bulkhead else { return try await runInTurn(body, verdict) }
    return try await bulkhead.run { try await runInTurn(body, verdict) }
  }

  private func runInTurn<Value>(
    _ body: () async throws -> Value, _ verdict: @escaping @Sendable (any Error) -> Verdict
  ) async throws -> Value {
    guard let rateLimit else { return try await runAdapted(body, verdict) }
    return try await rateLimit.run { try await runAdapted(body, verdict) }
  }

  private func runAdapted<Value>(
    _ body: () async throws -> Value, _ verdict: @escaping @Sendable (any Error) -> Verdict
  ) async throws -> Value {
    guard let adaptiveLimit else { return try await body() }
    let judge: Judge<Value> = { result in
      if case .failure(let error) = result { verdict(error) } else { .success }
    }
    return try await adaptiveLimit.run(judging: judge, body)
  }
}

extension RPCError {
  /// The error of a policy around the attempts.
  init(_ error: ResilienceError, method: String) {
    let code: Code =
      switch error.code {
      case .bulkheadFull: .bulkheadFull
      case .rateLimited: .rateLimited
      default: .deadlineExceeded
      }
    self.init(code, error.message, cause: error, method: method, isUnsent: true)
  }
}
