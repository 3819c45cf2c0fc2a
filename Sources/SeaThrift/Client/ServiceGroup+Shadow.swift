import Resilience
import SeaThriftTime

/// The policies that only watch.
extension ServiceGroup {
  /// A call with the policies that are in force, watched by those that are not.
  func watched(_ call: ClientCall, _ plan: CallPlan, _ shadow: SharedShadow) async throws {
    let idempotency = call.method.idempotency.forRetry
    let key = shadow.needsKeys && idempotency == .idempotent ? call.identity : nil
    call.shadow = ShadowedCall(shadow.machine.began(idempotency, key: key, at: loop.now))
    tell(shadow, call, nil)
    do {
      try await enforced(call, plan)
    } catch {
      ended(call, shadow, configuration.errors.verdict(on: error), bytes: 0)
      throw error
    }
    let bytes = shadow.needsKeys ? (try? call.resultBytes(form).count) ?? 0 : 0
    ended(call, shadow, .success, bytes: bytes)
  }

  func watchAttempt(
    of call: ClientCall, _ shadow: SharedShadow, _ endpoint: EndpointAddress
  ) -> ShadowStateMachine.Attempt {
    let attempt = shadow.machine.attemptBegan(at: "\(endpoint)", at: loop.now)
    tell(shadow, call, endpoint)
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
    tell(shadow, call, member.endpoint.address)
  }

  private func ended(_ call: ClientCall, _ shadow: SharedShadow, _ verdict: Verdict, bytes: Int) {
    guard let watched = call.shadow else { return }
    shadow.machine.ended(watched.state, verdict, bytes: bytes, at: loop.now)
    tell(shadow, call, nil)
  }

  private func tell(_ shadow: SharedShadow, _ call: ClientCall, _ endpoint: EndpointAddress?) {
    for event in shadow.machine.takeEvents() {
      configuration.observer?.shadowed(event, method: call.method.qualifiedName, endpoint: endpoint)
    }
  }
}

/// What the policies that only watch know of a call; apart from it, so that calls that nobody watches carry one word.
final class ShadowedCall {
  var state: ShadowStateMachine.Call

  init(_ state: ShadowStateMachine.Call) { self.state = state }
}
