import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The way of a call to its attempts.
extension ServiceGroup {
  /// A call with the policies that are in force, from the outside to the inside: deadline, cache, single flight, the limits
  /// of the method and of the group, and then its attempts.
  func perform(_ call: ClientCall) async throws {
    let plan = try plans.plan(for: call)
    if plan.shadow != nil || !configuration.observers.isEmpty { return try await watched(call, plan) }
    if plan.isGuarded { return try await guarded(call, plan) }
    call.progress.deadline = deadline(of: call, plan)
    try await attempts(call, plan)
  }

  /// Tells those that watch of the call.
  private func watched(_ call: ClientCall, _ plan: CallPlan) async throws {
    let watch = CallWatch(call, of: name, configuration.observers, plan.shadow, on: loop)
    call.watch = watch
    do {
      if plan.isGuarded {
        try await guarded(call, plan)
      } else {
        call.progress.deadline = deadline(of: call, plan)
        try await attempts(call, plan)
      }
    } catch {
      watch.ended(error, configuration.errors.verdict(on: error), isReplaceable: deservesFallback(error))
      throw error
    }
    watch.ended(nil, .success, bytes: watch.wantsSize ? (try? call.resultBytes(form).count) ?? 0 : 0)
  }

  private func guarded(_ call: ClientCall, _ plan: CallPlan) async throws {
    do {
      try await Deadline.$current.withValue(deadline(of: call, plan)) { try await cached(call, plan) }
    } catch let error as ResilienceError {
      throw RPCError(error, method: call.method.qualifiedName)
    } catch is CancellationError {
      throw RPCError(.cancelled, "the task was cancelled", method: call.method.qualifiedName, isUnsent: true)
    }
  }

  private func cached(_ call: ClientCall, _ plan: CallPlan) async throws {
    guard let cache = plan.cache else { return try await shared(call, plan) }
    let key = call.identity
    var source = CallReport.Source.cache
    let bytes = try await cache.reply(key, cacheRequest(call)) {
      source = .staleCache
      // A call of its own, which takes the time that it takes, whoever is served the old reply meanwhile.
      guard let again = try? call.again(form) else { return }
      background.start(on: loop) { await self.refresh(again, plan, key, cache) }
    } making: {
      // If that fails, an old reply may still take its place.
      source = .staleCache
      try await shared(call, plan)
      source = call.watch?.source ?? .endpoint
      return try call.resultBytes(form)
    }
    call.watch?.source = source
    try call.takeResult(bytes, form)
  }

  private func cacheRequest(_ call: ClientCall) -> ReplyCache.Request {
    ReplyCache.Request(
      store: configuration.cacheStore, patience: configuration.cacheStoreTimeout,
      isReply: { [form] in call.isResult($0, form) }, replaces: { self.deservesFallback($0) })
  }

  private func refresh(_ call: ClientCall, _ plan: CallPlan, _ key: [UInt8], _ cache: ReplyCache) async {
    let deadline = plan.deadline.map { loop.now.advanced(by: $0) }
    await Deadline.$current.withValue(deadline) {
      try? await cache.fetch(key, cacheRequest(call)) {
        try await shared(call, plan)
        return try call.resultBytes(form)
      }
    }
  }

  private func shared(_ call: ClientCall, _ plan: CallPlan) async throws {
    guard let flight = plan.flight else { return try await limited(call, plan) }
    var isOwn = false
    let shared = try await flight.run(call.identity) {
      isOwn = true
      try await limited(call, plan)
      return try call.shared()
    }
    if !isOwn { call.watch?.source = .sharedFlight }
    try call.takeShared(shared)
  }

  private func limited(_ call: ClientCall, _ plan: CallPlan) async throws {
    let judge: Judge<Void> = { [errors = configuration.errors] result in
      if case .failure(let error) = result { errors.verdict(on: error) } else { .success }
    }
    // The narrower limit first, so that what it refuses takes nothing of the other methods' share.
    guard let own = plan.methodLimits else {
      return try await plan.limits.run({ try await attemptsInTime(call, plan) }, judging: judge)
    }
    try await own.run(
      { try await plan.limits.run({ try await attemptsInTime(call, plan) }, judging: judge) }, judging: judge)
  }

  private func deadline(of call: ClientCall, _ plan: CallPlan) -> Instant {
    plan.deadline.map { min(call.deadline, loop.now.advanced(by: $0)) } ?? call.deadline
  }
}
