import SeaThriftTesting

/// One client of a storm: makes calls until the faults are over, then shows that it has recovered.
struct StormClient: Sendable {
  let world: World
  let ledger: StormLedger
  let plan: StormPlan.Client
  /// When the faults are over.
  let calmFrom: Duration

  func run() async throws {
    var configuration = plan.configuration
    let observer = StormObserver(world.host(plan.name), ledger, configuration, plan)
    configuration.observers = [observer]
    if plan.policy.hasStore { configuration.cacheStore = ledger.cacheStore }
    var hints: BreakerHints?
    if plan.policy.hasHints {
      hints = try BreakerHints(
        StormClientStore(store: ledger.breakerStore, observer: observer), refresh: .milliseconds(500),
        trust: StormObserver.trust)
      configuration.breakerHints = hints
    }
    try await withThrowingTaskGroup(of: Void.self) { [configuration] tasks in
      if let hints { tasks.addTask { await hints.run() } }
      if plan.policy.hasSpare {
        try await StormSpare.with(source(), configuration, ledger) { try await run(configuration, observer, $0) }
      } else {
        try await run(configuration, observer, nil)
      }
      tasks.cancelAll()
    }
    ledger.recoveredClients += 1
  }

  private func run(
    _ configuration: ClientConfiguration, _ observer: StormObserver, _ spare: StormSpare?
  ) async throws {
    var elements = plan.policy.elements
    if let spare { elements += PolicyBuilder.buildExpression(Fallback(to: spare)) }
    try await withServiceGroup("storm", at: source(), configuration: configuration) { [elements] in
      return elements
    } body: { (group) async throws -> Void in
      await withDiscardingTaskGroup { callers in
        for _ in 0..<plan.callers {
          let generator = world.randomNumbers()
          callers.addTask { await self.makeCalls(group, observer, generator) }
        }
      }
      spare?.isOver = true
      try await recover(group)
      for held in try await heldAfterRefreshes(of: group) { ledger.violated("\(plan.name) has no calls, but \(held)") }
    }
  }

  private func source() -> EndpointSource {
    let addresses = plan.addresses
    let state = SourceState(world.randomNumbers())
    switch plan.order {
    case .fixed where plan.policy.hasZones:
      return .list(
        entries: addresses.enumerated().map { index, address in
          EndpointEntry(address, weight: Double(1 + index % 3), zone: index % 2 == 0 ? "a" : "b")
        })
    case .fixed: return .list(addresses)
    case .name: return .dns(StormPlan.clusterName, port: 9090, refresh: .seconds(5))
    case .rotating: return EndpointSource { state.rotated(addresses) }
    case .random: return EndpointSource { addresses.shuffled(using: &state.generator) }
    case .endless:
      return EndpointSource {
        sequence(state: 0) { index in
          defer { index += 1 }
          return addresses[index % addresses.count]
        }
      }
    }
  }

  private func makeCalls(_ group: ServiceGroup, _ observer: StormObserver, _ generator: SeededGenerator) async {
    var generator = generator
    while world.now < calmFrom, !Task.isCancelled {
      await makeCall(group, observer, &generator)
      try? await world.sleep(for: generator.milliseconds(1...Int(plan.thinkTime / .milliseconds(1))))
    }
  }

  private func makeCall(
    _ group: ServiceGroup, _ observer: StormObserver, _ generator: inout SeededGenerator
  ) async {
    let id = ledger.newCall()
    let call = StormClientCall(id, plan, using: &generator)
    let start = world.now
    let cancelled = CancelTime()
    await StormCall.$id.withValue(id) {
      await StormCall.$own.withValue(call.own) {
        await withTaskGroup(of: Void.self) { tasks in
          tasks.addTask {
            let hasAnswer = await self.perform(call, group)
            if call.kind == .look, !hasAnswer || ledger.askedSpare.contains(id) { observer.lookFailed() }
          }
          guard let patience = call.patience else { return }
          tasks.addTask {
            try? await world.sleep(for: patience)
            if !Task.isCancelled { cancelled.time = world.now }
          }
          await tasks.next()
          tasks.cancelAll()
        }
      }
    }
    if let time = cancelled.time, world.now > time {
      ledger.violated("call \(id) was cancelled at \(time) and ended at \(world.now)")
    }
    let longest = min(plan.longestCall(with: call.own), (call.deadline ?? .seconds(1_000_000)) * 1.06)
    if world.now - start > longest {
      ledger.violated("call \(id) of \(call.kind) took \(world.now - start), it may take \(longest)")
    }
  }

  /// Makes a call, and says whether it brought an answer.
  private func perform(_ call: StormClientCall, _ group: ServiceGroup) async -> Bool {
    let request = call.request
    do {
      let answer =
        if let deadline = call.deadline {
          try await withDeadline(deadline) { try await call.make(group) }
        } else {
          try await call.make(group)
        }
      if answer == StormRequest.fallback, call.kind == .look, plan.policy.hasFallback {
        ledger.ended("fallback")
        return false
      }
      if answer != request.answer { ledger.violated("call \(call.id) got the answer of another") }
      ledger.ended("success")
      return true
    } catch let refusal as Refusal {
      if refusal.id != request.id { ledger.violated("call \(call.id) got the refusal of \(refusal.id)") }
      ledger.ended("refusal")
    } catch let error as RPCError {
      ledger.ended("\(error.attempts.last.flatMap { $0.error as? RPCError }?.code ?? error.code)")
      if error.code == .protocolError { ledger.violated("call \(call.id) met a protocol error: \(error)") }
    } catch {
      ledger.violated("call \(call.id) ended with \(error)")
    }
    return false
  }

  /// Ten calls in a row must succeed, each after as many attempts as it takes, but in bounded time; and then, as many at
  /// once as the bulkhead has places, all of which must be free.
  private func recover(_ group: ServiceGroup) async throws {
    try await world.sleep(for: max(.zero, calmFrom - world.now))
    for index in 0..<10 {
      let start = world.now
      while true {
        // Not one of those that the handler refuses.
        let call = StormClientCall(ledger.newCall(), recovering: index % 2 == 0 ? .work : .look)
        let answer = try? await StormCall.$id.withValue(call.id) { try await call.make(group) }
        if let answer, answer != StormRequest.fallback { break }
        if world.now - start > .seconds(120) {
          ledger.violated("\(plan.name) had no success for 120 s after all faults were over")
          return
        }
        try await world.sleep(for: .milliseconds(100))
      }
    }
    _ = try await heldAfterRefreshes(of: group)
    let places = plan.configuration.policy.adaptiveLimit == nil ? plan.configuration.policy.bulkhead?.concurrent : nil
    await withDiscardingTaskGroup { tasks in
      for _ in 0..<(places ?? 0) { tasks.addTask { await self.takePlace(group) } }
    }
  }

  /// What the group holds when what refreshes replies that were served stale has ended, which may take as long as any call.
  private func heldAfterRefreshes(of group: ServiceGroup) async throws -> [String] {
    guard plan.policy.cache != nil else { return await group.heldByCalls }
    let end = world.now + plan.longestCall(with: nil)
    var held: [String] = []
    repeat {
      // A refresh begins a moment after the call that is served.
      try await world.sleep(for: .milliseconds(100))
      held = await group.heldByCalls
    } while !held.isEmpty && world.now < end
    return held
  }

  private func takePlace(_ group: ServiceGroup) async {
    let call = StormClientCall(ledger.newCall(), recovering: .work)
    do {
      _ = try await StormCall.$id.withValue(call.id) { try await call.make(group) }
    } catch {
      if (error as? RPCError)?.code == .bulkheadFull {
        ledger.violated("a place in the bulkhead of \(plan.name) is lost: \(error)")
      }
    }
  }
}

private final class CancelTime: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var time: Duration?
}

private final class SourceState: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var generator: SeededGenerator
  private var turn = 0

  init(_ generator: SeededGenerator) { self.generator = generator }

  func rotated(_ addresses: [EndpointAddress]) -> [EndpointAddress] {
    turn += 1
    let start = turn % addresses.count
    return Array(addresses[start...] + addresses[..<start])
  }
}
