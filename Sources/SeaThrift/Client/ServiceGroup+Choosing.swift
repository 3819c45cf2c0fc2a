import Resilience
import SeaThriftSockets
import SeaThriftTime

extension ServiceGroup {
  /// Makes ready for choosing: asks the function, if there is one. False when a name has to be looked up first.
  func isReady(for call: ClientCall) -> Bool {
    switch source.kind {
    case .list: takeList()
    case .function(let makeIterator):
      if plans.policy.balance.algorithm == .inOrder {
        if !listed.isEmpty { setEndpoints([]) }
        call.progress.candidates = makeIterator()
      } else {
        let list = Array(makeIterator().prefix(1_000))
        if list != listed { setEndpoints(list) }
      }
    case .name: return loop.now < refreshDue
    }
    return true
  }

  /// Takes the endpoints of a source that never changes.
  func takeList() {
    if case .list(let list) = source.kind, listed.isEmpty, !list.isEmpty { setEndpoints(list) }
  }

  /// Has the name looked up, unless somebody does already, and waits for the answer if there are no endpoints so far.
  ///
  /// The look-up belongs to the group: it goes on when its first caller has no more time, and serves the next one.
  func prepareSource(for call: ClientCall, _ timeouts: Timeouts) async throws(RPCError) {
    guard case .name(let host, _, _) = source.kind else { return }
    beginLookUp()
    // Calls use what is there meanwhile.
    guard listed.isEmpty else { return }
    // As for an endpoint with a name, looking it up is a part of connecting.
    let limit = timeouts.connect.map { loop.now.advanced(by: $0) } ?? .distantFuture
    let signal = Signal<Result<Void, SocketError>>()
    lastLookUpWaiter += 1
    let number = lastLookUpWaiter
    lookUpWaiters[number] = signal
    // A name that nobody answers must not keep those who left long ago.
    defer { lookUpWaiters[number] = nil }
    let outcome: Result<Void, SocketError>
    do throws(CancellationError) {
      let found = try await signal.value(until: min(limit, call.progress.deadline), on: loop)
      outcome = found ?? .failure(SocketError(.timedOut, "\(host) was not resolved in time"))
    } catch {
      outcome = .failure(SocketError(.cancelled, "the task was cancelled"))
    }
    if case .failure(let error) = outcome { throw RPCError(error, timeout: .connectTimeout, isUnsent: true) }
  }

  /// Has the name looked up, unless somebody does already.
  func beginLookUp() {
    guard case .name(let host, let port, let refresh) = source.kind, !isLookingUp else { return }
    isLookingUp = true
    background.start(on: loop) { await self.lookUp(host, port, refresh) }
  }

  private func lookUp(_ host: String, _ port: Int, _ refresh: Duration) async {
    var outcome: Result<Void, SocketError> = .success(())
    do throws(SocketError) {
      let found = try await EndpointAddress.tcp(host, port).resolved(on: loop).map {
        EndpointEntry(EndpointAddress($0).lookedUp(from: host))
      }
      if found != listed { setEndpoints(found) }
    } catch {
      outcome = .failure(error)
    }
    isLookingUp = false
    // Without any endpoint, the next call tries again at once, and a group that runs soon.
    if !listed.isEmpty { refreshDue = loop.now.advanced(by: refresh) }
    life?.lookUpDue = loop.now.advanced(by: listed.isEmpty ? min(refresh, .seconds(1)) : refresh)
    life?.wakeUp()
    let waiters = lookUpWaiters.sorted { $0.key < $1.key }
    lookUpWaiters = [:]
    for (_, waiter) in waiters { waiter.give(outcome) }
  }

  private func setEndpoints(_ list: [EndpointEntry]) {
    listed = list
    let slots = balancer.update(list.map(\.forBalancer), at: loop.now)
    listedSlots = Set(slots).sorted()
    for (slot, address) in zip(slots, list.lazy.map(\.address)) {
      while addresses.count <= slot { addresses.append(address) }
      addresses[slot] = address
    }
    attachMembers(to: slots)
    setPlaces()
    life?.wakeUp()
  }

  /// Where an attempt goes to.
  struct Chosen {
    let member: GroupMember
    /// Whether to go on although the circuit is open.
    var isForced = false
    /// Whether the attempt finds out if the endpoint works again.
    var isProbe = false
  }

  /// Where the next attempt goes to; nil when there is nowhere left. Open circuits that are known are passed over, and a
  /// retry goes to an endpoint that is known to work, if there is one.
  func choose(for call: ClientCall, _ plan: CallPlan, at now: Instant) -> Chosen? {
    if call.progress.candidates != nil {
      call.watch?.willChoose(among: &call.progress.candidates)
      return chooseNext(for: call, at: now)
    }
    var generator = LoopGenerator(loop: loop)
    let probing = call.progress.probing
    var choice = balancer.choose(
      excluding: call.progress.tried, key: call.hash, probing: probing, at: now, using: &generator)
    // With a pause between the attempts, those tried before may have recovered.
    if choice == nil, plan.retry.backoff != .none || call.progress.hasPaused, call.progress.beginAnew() {
      choice = balancer.choose(
        excluding: call.progress.tried, key: call.hash, probing: probing, at: now, using: &generator)
    }
    guard let choice else { return nil }
    // The attempts of a hedged call run together; otherwise only one that failed has to be remembered.
    if plan.hedge != nil { call.progress.tried.append(choice.slot) }
    return Chosen(member: member(slot: choice.slot), isForced: choice.isPanic, isProbe: choice.isProbe)
  }

  /// The next of a sequence of endpoints, which is read no further than it must be.
  private func chooseNext(for call: ClientCall, at now: Instant) -> Chosen? {
    let probing = call.progress.probing
    while let address = call.progress.candidates?.next()?.address {
      if !call.progress.isKnownOpen(address) {
        let member = member(for: address)
        let isDoubtful = member.endpoint.assumeIsolated { $0.needsProbe(at: now) }
        if !isDoubtful || probing == .allowed { return Chosen(member: member, isProbe: isDoubtful) }
        if probing == .ifNothingElse, !call.progress.doubtful.contains(address) {
          call.progress.doubtful.append(address)
        }
      }
      guard call.progress.mayPassOver(address) else { break }
    }
    guard probing == .ifNothingElse, !call.progress.doubtful.isEmpty else { return nil }
    return Chosen(member: member(for: call.progress.doubtful.removeFirst()), isProbe: true)
  }
}
