import Resilience
import SeaThriftSockets
import SeaThriftTime

extension ServiceGroup {
  /// Makes ready for choosing: asks the function, if there is one. False when a name has to be looked up first.
  func isReady(for call: ClientCall) -> Bool {
    switch source.kind {
    case .list(let list):
      if listed.isEmpty, !list.isEmpty { setEndpoints(list) }
    case .function(let makeIterator):
      if plans.declaration.policy.balance.algorithm == .inOrder {
        call.progress.candidates = makeIterator()
      } else {
        let list = Array(makeIterator().prefix(1_000))
        if list != listed { setEndpoints(list) }
      }
    case .name: return loop.now < refreshDue
    }
    return true
  }

  /// Looks up the name.
  func prepareSource(for call: ClientCall, _ timeouts: Timeouts) async throws(RPCError) {
    guard case .name(let host, let port, let refresh) = source.kind else { return }
    // As for an endpoint with a name, looking it up is a part of connecting.
    let limit = timeouts.connect.map { loop.now.advanced(by: $0) } ?? .distantFuture
    // Other calls use what is there meanwhile.
    if !listed.isEmpty { refreshDue = loop.now.advanced(by: refresh) }
    do throws(SocketError) {
      let answer = try await raceCancelling(until: min(limit, call.progress.deadline), on: loop) {
        [loop] () async throws(SocketError) in
        try await EndpointAddress.tcp(host, port).resolved(on: loop)
      }
      guard let answer else { throw SocketError(.timedOut, "\(host) was not resolved in time") }
      let found = answer.map { EndpointEntry(EndpointAddress($0)) }
      refreshDue = loop.now.advanced(by: refresh)
      if found != listed { setEndpoints(found) }
    } catch {
      if listed.isEmpty { throw RPCError(error, timeout: .connectTimeout, isUnsent: true) }
    }
  }

  private func setEndpoints(_ list: [EndpointEntry]) {
    listed = list
    let slots = balancer.update(list.map(\.forBalancer), at: loop.now)
    distinctCount = Set(slots).count
    for (slot, address) in zip(slots, list.lazy.map(\.address)) {
      while addresses.count <= slot { addresses.append(address) }
      if addresses[slot] != address { dropMember(slot: slot) }
      addresses[slot] = address
    }
  }

  /// Where the next attempt goes to; nil when there is nowhere left. Open circuits that are known are passed over.
  func choose(
    for call: ClientCall, _ plan: CallPlan, at now: Instant
  ) -> (member: Member, isForced: Bool)? {
    if call.progress.candidates != nil, let shadow = plan.shadow, shadow.watchesBalance { lookAhead(of: call, shadow) }
    if let candidates = call.progress.candidates {
      while let address = candidates.next()?.address {
        if !call.progress.isKnownOpen(address) { return (member(for: address), false) }
        guard call.progress.mayPassOver(address) else { return nil }
      }
      return nil
    }
    var generator = LoopGenerator(loop: loop)
    var choice = balancer.choose(excluding: call.progress.tried, key: call.hash, at: now, using: &generator)
    // With a pause between the attempts, those tried before may have recovered.
    if choice == nil, plan.retry.backoff != .none || call.progress.hasPaused, call.progress.beginAnew() {
      choice = balancer.choose(excluding: call.progress.tried, key: call.hash, at: now, using: &generator)
    }
    guard let choice else { return nil }
    // The attempts of a hedged call run together; otherwise only one that failed has to be remembered.
    if plan.hedge != nil { call.progress.tried.append(choice.slot) }
    return (member(slot: choice.slot), choice.isPanic)
  }
}
