import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The attempts of a call.
extension ServiceGroup {
  /// What is around the attempts has used up some of the time.
  func attemptsInTime(_ call: ClientCall, _ plan: CallPlan) async throws {
    call.progress.deadline = Deadline.current ?? .distantFuture
    try await attempts(call, plan)
  }

  /// The attempts of a call, one after the other, until one succeeds or there is to be no further one.
  ///
  /// All that a call without hedging goes through in the group is this one function: each that is awaited costs about as
  /// much as one of its policies.
  @inline(__always)
  func attempts(_ call: ClientCall, _ plan: CallPlan) async throws {
    call.progress.start = loop.now
    if !isReady(for: call) { try await makeReady(for: call, plan) }
    while true {
      let failure: any Error
      do {
        let answer: Answer
        if let hedge = plan.hedge {
          answer = try await hedged(hedge, call, plan)
        } else {
          let attempt = try begin(call, plan)
          let result = await attempt.chosen.member.endpoint.result(
            of: call, plan, until: call.progress.deadline, share: attempt.share, isForced: attempt.chosen.isForced)
          guard let ended = try end(attempt, result, call, plan) else { continue }
          answer = ended
        }
        switch answer {
        case .success:
          plan.budget.deposit(at: loop.now)
          return
        case .declared(let error): failure = error
        case .refused(let exception): failure = RPCError(refused: exception, method: call.method.qualifiedName)
        }
      } catch let error as NoEndpoint {
        throw unavailable(call, because: error.reason)
      } catch {
        failure = error
      }
      let delay: Duration
      do {
        delay = try self.delay(after: failure, call, plan)
      } catch {
        if call.progress.deadline != .distantFuture { failedInTime(call) }
        throw error
      }
      if delay > .zero { try await pause(delay, call) }
    }
  }

  private func makeReady(for call: ClientCall, _ plan: CallPlan) async throws {
    do throws(RPCError) {
      try await prepareSource(for: call, plan.timeouts)
    } catch {
      throw unavailable(call, because: "\(error.code): \(error.message)")
    }
  }

  private func pause(_ delay: Duration, _ call: ClientCall) async throws {
    call.progress.hasPaused = true
    call.watch?.paused(delay)
    // Whoever pauses takes up no place.
    pausedCalls += 1
    gate.leave()
    defer {
      gate.reenter()
      pausedCalls -= 1
    }
    do throws(SocketError) {
      try await loop.sleep(until: loop.now.advanced(by: delay))
    } catch {
      throw decorated(RPCError(.cancelled, "the task was cancelled", method: call.method.qualifiedName), call)
    }
  }

  /// How long to wait before the next attempt; throws when there is none.
  private func delay(after error: any Error, _ call: ClientCall, _ plan: CallPlan) throws -> Duration {
    var failure = failure(of: error)
    failure.pushBack = pushBack(after: error, call)
    var generator = LoopGenerator(loop: loop)
    switch call.progress.next(after: failure, plan, call.method.idempotency, at: loop.now, using: &generator) {
    case .retry(let delay): return delay
    case .wait: return .zero
    case .stop(.outOfAttempts): throw unavailable(call)
    case .stop(.outOfTime): throw unavailable(call, because: "the deadline leaves no time for another attempt")
    case .stop(.outOfBudget): throw unavailable(call, because: "the retry budget is used up")
    case .stop(.retriedAbove):
      throw unavailable(call, because: "a call that it is part of is being tried again")
    case .stop: throw decorated(error, call)
    }
  }

  /// What the endpoint said about trying again: the error itself, or else the headers of the reply.
  private func pushBack(after error: any Error, _ call: ClientCall) -> RetryStateMachine.PushBack? {
    let advice = (error as? any RetryAdvising)?.retryAdvice ?? call.progress.advice
    call.progress.advice = nil
    switch advice {
    case .never?: return .never
    case .after(let duration)?:
      // One endpoint's load says nothing about that of the next.
      guard (error as? RPCError)?.isOfEndpointAlone == true else { return .after(duration) }
      return call.progress.mayGoElsewhere(among: distinctCount) ? nil : .after(duration)
    case nil: return nil
    }
  }

  /// What an error is to retries.
  func failure(of error: any Error) -> RetryStateMachine.Failure {
    let isRetryable = !Task.isCancelled && configuration.errors.isRetryable(error)
    var failure = RetryStateMachine.Failure(error, isRetryable: isRetryable)
    failure.isUnsent = RPCError.isUnexecuted(error)
    failure.isLocal = (error as? RPCError).map { ErrorMeaning(of: $0).isLocal } ?? false
    return failure
  }

  private struct AttemptInProgress {
    let chosen: Chosen
    /// That of the balancer that it is booked on.
    let slot: Int?
    let start: Instant
    /// When it has to be over so that another one has time.
    let share: Instant
    let watched: ShadowStateMachine.Attempt?
  }

  /// Begins an attempt at the next endpoint.
  private func begin(_ call: ClientCall, _ plan: CallPlan) throws -> AttemptInProgress {
    if isClosed { throw RPCError(.closed, "the group \"\(name)\" was closed", method: call.method.qualifiedName) }
    let start = loop.now
    if start >= call.progress.deadline {
      throw RPCError(
        .deadlineExceeded, "the deadline is over", method: call.method.qualifiedName, isUnsent: call.progress.isUnsent)
    }
    guard let chosen = choose(for: call, plan, at: start) else { throw NoEndpoint() }
    let member = chosen.member
    member.attempts += 1
    if let slot = member.slot { balancer.began(slot, isProbe: chosen.isProbe) }
    if chosen.isProbe { call.progress.hasProbed = true }
    call.progress.began(at: member.endpoint.address)
    let share =
      call.progress.deadline == .distantFuture ? .distantFuture : share(of: call, plan, at: member.slot, start)
    let watched = call.watch?.chose(
      member.endpoint.address, among: call.progress.candidates == nil ? listed : nil, unhealthy: openCircuits,
      key: call.hash)
    return AttemptInProgress(chosen: chosen, slot: member.slot, start: start, share: share, watched: watched)
  }

  /// Ends an attempt. Nil when there was none, as the circuit was open or the pool full.
  private func end(
    _ attempt: AttemptInProgress, _ result: Result<Answer, RPCError>, _ call: ClientCall, _ plan: CallPlan
  ) throws -> Answer? {
    let error: (any Error)? =
      switch result {
      case .success(.declared(let error)): error
      case .success: nil
      case .failure(let error): error
      }
    let now = loop.now
    let (member, latency) = (attempt.chosen.member, attempt.start.duration(to: now))
    let wasPassedOver = wasPassedOver(error)
    if !wasPassedOver { call.progress.hasEnded = true }
    member.attempts -= 1
    member.lastUsed = now
    if let slot = attempt.slot {
      let verdict = error.map { configuration.errors.balancerVerdict(on: $0) } ?? .success
      // How long something took while this process stood still says nothing about the endpoint.
      if wasPassedOver || verdict != .failure && loop.hasStalled(since: attempt.start) {
        balancer.abandoned(slot, isProbe: attempt.chosen.isProbe)
      } else {
        balancer.ended(slot, verdict, latency: latency, isProbe: attempt.chosen.isProbe, at: now)
      }
    }
    if let error {
      call.progress.attemptFailed(
        error, wasPassedOver: wasPassedOver, at: member.endpoint.address, slot: attempt.slot, from: attempt.start,
        to: now)
      if attempt.share <= now, attempt.share < call.progress.deadline { call.progress.wasShared = true }
    } else if call.progress.deadline != .distantFuture, now <= call.progress.deadline,
      !loop.hasStalled(since: attempt.start)
    {
      // One that succeeded later than it could says how long this process stood still.
      sharing(of: call) { $0.succeeded(after: latency) }
    }
    if let watched = attempt.watched {
      let isAttempt = (error as? RPCError)?.code != .circuitOpen
      call.watch?.choiceEnded(
        watched, at: member.endpoint.address, error.map { configuration.errors.verdict(on: $0) } ?? .success,
        isAttempt ? error.map { failure(of: $0) } : nil)
    }
    switch result {
    case .success(.declared(let error)) where configuration.errors.isRetryable(error):
      // An answer is an answer, unless another endpoint may give a better one.
      throw error
    case .success(let answer): return answer
    case .failure(let error):
      if wasPassedOver { return nil }
      throw error
    }
  }

  /// Whether an error says that nothing was attempted: then the next endpoint is asked at once, and none of the retries is
  /// used up.
  private func wasPassedOver(_ error: (any Error)?) -> Bool {
    guard let error = error as? RPCError else { return false }
    return error.code == .circuitOpen || error.code == .poolFull && !configuration.errors.fullPoolIsFailure
  }

  /// One attempt of a hedged call, at the next endpoint that is not passed over.
  private func attempt(_ call: ClientCall, _ plan: CallPlan) async throws -> Answer {
    // Between the decision and the beginning the first may have ended, or the caller given up.
    if call.progress.hasEnded { throw LateHedge() }
    if Task.isCancelled {
      throw RPCError(.cancelled, "the task was cancelled", method: call.method.qualifiedName, isUnsent: true)
    }
    while true {
      let attempt = try begin(call, plan)
      let result = await attempt.chosen.member.endpoint.result(
        of: call, plan, until: call.progress.deadline, share: attempt.share, isForced: attempt.chosen.isForced)
      if let answer = try end(attempt, result, call, plan) { return answer }
    }
  }

  /// When an attempt has to be over so that those that may follow it have their share of the time.
  private func share(of call: ClientCall, _ plan: CallPlan, at slot: Int?, _ now: Instant) -> Instant {
    guard plan.timeouts.attempt == nil, call.method.idempotency != .notIdempotent,
      let sharing = timeSharing[ObjectIdentifier(call.method)]
    else { return .distantFuture }
    var further = call.progress.retriesLeft(plan.retry)
    // Without a back-off no endpoint is tried twice.
    if call.progress.candidates == nil, plan.retry.backoff == .none {
      var gone = call.progress.tried
      // Not itself a candidate, when the attempt finds out whether it works again.
      if let slot, !gone.contains(slot) { gone.append(slot) }
      further = min(further, max(0, balancer.candidateCount(besides: gone)))
    }
    let left = now.duration(to: call.progress.deadline)
    return sharing.share(of: left, attempts: 1 + further).map { now.advanced(by: $0) } ?? .distantFuture
  }

  /// A call that had a deadline failed: was it for the way in which its time was shared?
  private func failedInTime(_ call: ClientCall) {
    guard call.progress.wasShared || loop.now >= call.progress.deadline else { return }
    sharing(of: call) { $0.ranOutOfTime(wasShared: call.progress.wasShared) }
  }

  private func sharing(of call: ClientCall, _ change: (inout TimeSharing) -> Void) {
    // Descriptions of methods live as long as the program, unless somebody makes them for each call.
    if timeSharing.count >= 1_000 { timeSharing = [:] }
    change(&timeSharing[ObjectIdentifier(call.method), default: TimeSharing()])
  }

  private func hedged(_ hedge: Hedge.Runner, _ call: ClientCall, _ plan: CallPlan) async throws -> Answer {
    call.progress.hasEnded = false
    return try await hedge.run(
      allowing: { [self] in assumeIsolated { $0.mayHedge(call, plan) } },
      { [self] in try await attempt(call, plan) })
  }

  /// Whether there is somewhere for a second attempt, and the budget for it, and the first still runs: its end is known here
  /// before the hedge hears of it.
  private func mayHedge(_ call: ClientCall, _ plan: CallPlan) -> Bool {
    guard !call.progress.hasEnded, call.progress.mayGoElsewhere(among: distinctCount) else { return false }
    guard plan.budget.withdrawHedge(at: loop.now) else { return false }
    call.watch?.hedgeBegins()
    return true
  }
}

/// There is nowhere left to go.
private struct NoEndpoint: Error {
  var reason: String { "" }
}
