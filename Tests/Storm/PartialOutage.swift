import SeaThriftSockets
package import SeaThriftTesting

/// Servers that are well beside others that never are, and clients that have to find out; everything follows from the
/// world's seed.
///
/// Where ``Storm`` asks whether anything forbidden happens, whatever goes wrong, this asks whether policies do what they are
/// for: it throws when, after some calls to learn from, a call fails although a server is well, when a sick endpoint gets
/// more than its small share of the calls, and when the circuit of an endpoint opens that was well all the time, however
/// often it was restarted, closed idle connections, was full of others' connections, or met clients that stood still.
package enum PartialOutage {
  @discardableResult
  package static func run(in world: World) async throws -> Storm.Summary {
    var generator = world.randomNumbers()
    let plan = OutagePlan(using: &generator)
    let ledger = StormLedger(world)
    world.note(plan.summary)
    world.setDefaultLink(plan.link)
    for server in plan.servers { server.start(in: world, server.ailment == nil ? plan.nameDelay : .zero) }
    try await world.sleep(for: .milliseconds(10))
    let greedy = world.host("greedy")
    if plan.greedyConnections > 0 {
      let addresses = plan.healthy.compactMap { SocketAddress(literal: world.host($0.name).address, port: 9090) }
      let greed = OutageGreed(addresses: addresses, connections: plan.greedyConnections)
      greedy.start { try await greed.run(in: world) }
    }
    let client = OutageClient(world: world, ledger: ledger, plan: plan)
    try await world.host("client").run { try await client.run() }
    if let violation = ledger.violation { try world.check(false, violation) }
    greedy.kill()
    return Storm.Summary(calls: ledger.calls, endings: ledger.endings, sights: ledger.sights)
  }
}

/// The client: bursts of calls with pauses between them.
struct OutageClient: Sendable {
  let world: World
  let ledger: StormLedger
  let plan: OutagePlan

  func run() async throws {
    let observer = OutageObserver(ledger, plan)
    var configuration = plan.configuration
    configuration.observers = [observer]
    let listed = OutageList()
    let source =
      plan.isChanging
      ? EndpointSource { listed.addresses } : .list(plan.servers.map { .tcp($0.name, 9090) })
    var generator = world.randomNumbers()
    try await withServiceGroup("outage", at: source, configuration: configuration) {
      Method(StormService.look) {
        if let hedge = plan.hedge { hedge }
        HashKey { "\($0.id)" }
      }
    } body: { (group) async throws -> Void in
      for (index, burst) in plan.bursts.enumerated() {
        if index == plan.warmUp { observer.hasLearnt() }
        let servers = plan.listed(using: &generator)
        listed.addresses = servers.map { .tcp($0.name, 9090) }
        let start = world.now
        await makeCalls(burst, group, observer)
        observer.burstEnded(after: world.now - start, servers)
        if plan.greedyVanishes, index == plan.bursts.count / 2 { world.host("greedy").crash() }
        try await world.sleep(for: burst.pause / 2)
        if burst.restarts { restart() }
        try await world.sleep(for: burst.pause / 2)
      }
      observer.check()
    }
  }

  private func restart() {
    ledger.saw("restart")
    for server in plan.healthy {
      world.host(server.name).crash()
      world.host(server.name).restart()
    }
  }

  private func makeCalls(_ burst: OutagePlan.Burst, _ group: ServiceGroup, _ observer: OutageObserver) async {
    if let stall = burst.stall {
      ledger.saw("stalled client")
      let client = world.host("client")
      world.schedule(after: stall.after) { client.freeze() }
      world.schedule(after: stall.after + stall.length) { client.thaw() }
    }
    await withDiscardingTaskGroup { callers in
      for _ in 0..<plan.callers {
        var generator = world.randomNumbers()
        callers.addTask {
          for _ in 0..<burst.calls {
            await makeCall(group, observer, isStalled: burst.stall != nil, &generator)
            try? await world.sleep(for: generator.milliseconds(1...20))
          }
        }
      }
    }
    // So that it does not stand still in the pause.
    if let stall = burst.stall { try? await world.sleep(for: stall.after + stall.length) }
  }

  private func makeCall(
    _ group: ServiceGroup, _ observer: OutageObserver, isStalled: Bool, _ generator: inout SeededGenerator
  ) async {
    let request = StormRequest(id: ledger.newCall(), size: Int32(generator.int(0...100)))
    let isLook = generator.chance(0.5)
    do {
      let answer = try await withDeadline(plan.deadline ?? .seconds(1000)) {
        if isLook { return try await group.call(StormService.look, request) }
        return try await group.call(StormService.work, request)
      }
      if answer != request.answer { ledger.violated("call \(request.id) got the answer of another") }
      observer.ended(nil, isStalled: isStalled)
    } catch {
      observer.ended(error, isStalled: isStalled)
    }
  }
}

private final class OutageList: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var addresses: [EndpointAddress] = []
}
