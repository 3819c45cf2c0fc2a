import Resilience
import SeaThriftTime

/// The policies that only watch.
extension ServiceGroup {
  /// A call with the policies that are in force, watched by those that are not.
  func watched(_ call: ClientCall, _ plan: CallPlan, _ shadow: SharedShadow) async throws {
    let idempotency = call.method.idempotency.forRetry
    let key = shadow.needsKeys && idempotency == .idempotent ? call.identity : nil
    call.shadow = ShadowedCall(
      shadow.machine.began(idempotency, key: key, at: loop.now), shadow, call.method.qualifiedName,
      configuration.observer, loop)
    call.shadow?.tell(nil)
    do {
      try await enforced(call, plan)
    } catch {
      ended(call, shadow, configuration.errors.verdict(on: error), isReplaceable: deservesFallback(error))
      throw error
    }
    let bytes = shadow.needsKeys ? (try? call.resultBytes(form).count) ?? 0 : 0
    ended(call, shadow, .success, bytes: bytes)
  }

  func watchAttempt(of call: ClientCall, _ shadow: SharedShadow, _ member: Member) -> ShadowStateMachine.Attempt {
    if shadow.watchesBalance { watchChoice(of: call, shadow, member) }
    let attempt = shadow.machine.attemptBegan(at: "\(member.endpoint.address)", at: loop.now)
    call.shadow?.tell(member.endpoint.address)
    return attempt
  }

  func attemptEnded(
    _ attempt: ShadowStateMachine.Attempt, of call: ClientCall, _ plan: CallPlan, _ member: Member,
    _ error: (any Error)?
  ) {
    guard let shadow = plan.shadow, let watched = call.shadow else { return }
    let verdict = error.map { configuration.errors.verdict(on: $0) } ?? .success
    // An open circuit is no attempt.
    let isAttempt = (error as? RPCError)?.code != .circuitOpen
    var generator = LoopGenerator(loop: loop)
    shadow.machine.attemptEnded(
      attempt, of: &watched.state, verdict, isAttempt ? error.map { failure(of: $0) } : nil, at: loop.now,
      using: &generator)
    watched.tell(member.endpoint.address)
  }

  private func ended(
    _ call: ClientCall, _ shadow: SharedShadow, _ verdict: Verdict, bytes: Int = 0, isReplaceable: Bool = false
  ) {
    guard let watched = call.shadow else { return }
    shadow.machine.ended(watched.state, verdict, bytes: bytes, isReplaceable: isReplaceable, at: loop.now)
    watched.tell(nil)
  }

  // MARK: Balance

  /// How far a sequence of endpoints that may be endless is looked at.
  private static let farthest = 1_000

  private func watchChoice(of call: ClientCall, _ shadow: SharedShadow, _ member: Member) {
    guard let watched = call.shadow else { return }
    if call.progress.candidates == nil { watchList(listed, shadow) }
    var generator = LoopGenerator(loop: loop)
    shadow.machine.chose(
      "\(member.endpoint.address)", of: &watched.state, unhealthy: openCircuits, key: call.hash, at: loop.now,
      using: &generator)
  }

  /// Tells a balance that only watches of the endpoints that a call may go to: reads on in its sequence, and puts back
  /// what it has read.
  func lookAhead(of call: ClientCall, _ shadow: SharedShadow) {
    guard let candidates = call.progress.candidates, call.shadow?.state.isUntried == true else { return }
    let ahead = Array(candidates.prefix(Self.farthest))
    var unread = ahead.makeIterator()
    call.progress.candidates = AnyIterator { unread.next() ?? candidates.next() }
    watchList(ahead, shadow)
  }

  private func watchList(_ list: [EndpointEntry], _ shadow: SharedShadow) {
    if list == shadow.listed { return }
    shadow.listed = list
    shadow.machine.update(list.map(\.forBalancer), at: loop.now)
  }
}
