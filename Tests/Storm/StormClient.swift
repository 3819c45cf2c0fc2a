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
    configuration.observer = StormObserver(world.host(plan.name), ledger, configuration)
    let source = source()
    try await withServiceGroup("storm", at: source, configuration: configuration) { group in
      await withDiscardingTaskGroup { callers in
        for _ in 0..<plan.callers {
          let generator = world.randomNumbers()
          callers.addTask { await self.makeCalls(group, generator) }
        }
      }
      try await recover(group)
    }
    ledger.recoveredClients += 1
  }

  private func source() -> EndpointSource {
    let addresses = plan.addresses
    let state = SourceState(world.randomNumbers())
    switch plan.order {
    case .fixed: return .list(addresses)
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

  private func makeCalls(_ group: ServiceGroup, _ generator: SeededGenerator) async {
    var generator = generator
    while world.now < calmFrom, !Task.isCancelled {
      await makeCall(group, &generator)
      try? await world.sleep(for: generator.milliseconds(1...Int(plan.thinkTime / .milliseconds(1))))
    }
  }

  private func makeCall(_ group: ServiceGroup, _ generator: inout SeededGenerator) async {
    let id = ledger.newCall()
    let request = StormRequest(
      id: id, milliseconds: Int32(generator.int(0...plan.slowestHandler)),
      size: Int32(generator.int(0...plan.largestPayload)),
      payload: StormRequest.payload(for: id, count: generator.int(0...plan.largestPayload)))
    let isSpend = generator.chance(plan.spendShare)
    let patience: Duration? = generator.chance(plan.cancelShare) ? generator.milliseconds(1...2000) : nil
    let start = world.now
    let cancelled = CancelTime()
    await StormCall.$id.withValue(id) {
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await self.perform(request, isSpend: isSpend, group) }
        guard let patience else { return }
        tasks.addTask {
          try? await world.sleep(for: patience)
          if !Task.isCancelled { cancelled.time = world.now }
        }
        await tasks.next()
        tasks.cancelAll()
      }
    }
    if let time = cancelled.time, world.now > time {
      ledger.violated("call \(id) was cancelled at \(time) and ended at \(world.now)")
    }
    if world.now - start > longestCall {
      ledger.violated("call \(id) took \(world.now - start), no call takes more than \(longestCall)")
    }
  }

  /// How long a call can take: every attempt all of its timeouts, with a clock that is 5 % slow. (A large request is
  /// written in two parts.)
  private var longestCall: Duration {
    let timeouts = plan.configuration.policy.perEndpoint.timeouts
    let parts = [timeouts.connect, timeouts.pool, timeouts.write, timeouts.write, timeouts.read]
    let attempt = parts.reduce(Duration.zero) { $0 + ($1 ?? .zero) }
    return attempt * (1 + plan.configuration.policy.retry.retries) * 1.06
  }

  private func perform(_ request: StormRequest, isSpend: Bool, _ group: ServiceGroup) async {
    do {
      let answer = try await group.call(isSpend ? StormService.spend : StormService.work, request)
      if answer != request.answer { ledger.violated("call \(request.id) got the answer of another") }
      ledger.ended("success")
    } catch let refusal as Refusal {
      if refusal.id != request.id { ledger.violated("call \(request.id) got the refusal of \(refusal.id)") }
      ledger.ended("refusal")
    } catch let error as RPCError {
      ledger.ended("\(error.attempts.last.flatMap { $0.error as? RPCError }?.code ?? error.code)")
      if error.code == .protocolError { ledger.violated("call \(request.id) met a protocol error: \(error)") }
    } catch {
      ledger.violated("call \(request.id) ended with \(error)")
    }
  }

  /// Ten calls in a row must succeed, each after as many attempts as it takes, but in bounded time.
  private func recover(_ group: ServiceGroup) async throws {
    try await world.sleep(for: max(.zero, calmFrom - world.now))
    for _ in 0..<10 {
      let start = world.now
      while true {
        // Not one of those that the handler refuses.
        let request = StormRequest(id: ledger.newCall() * 1001 * 26 + 1)
        let answer = try? await StormCall.$id.withValue(request.id) { try await group.call(StormService.work, request) }
        if answer != nil { break }
        if world.now - start > .seconds(120) {
          ledger.violated("\(plan.name) had no success for 120 s after all faults were over")
          return
        }
        try await world.sleep(for: .milliseconds(100))
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
