package import SeaThriftTesting

/// A random cluster under random load while random things go wrong; everything follows from the world's seed.
///
/// It throws when an invariant of SeaThrift does not hold: every call ends in time, with its own answer; no pool has more
/// connections than it may; breakers let through what they should; what is not idempotent is executed at most once; all is
/// well again soon after the faults are over. That nothing is left behind is for the simulation itself to see.
package enum Storm {
  /// What a storm was like.
  package struct Summary: Sendable {
    package var calls: Int
    /// How the calls ended, by name.
    package var endings: [String: Int]
    /// How often what storms are for happened, by name.
    package var sights: [String: Int]
  }

  @discardableResult
  package static func run(in world: World) async throws -> Summary {
    var generator = world.randomNumbers()
    let plan = StormPlan(using: &generator)
    let ledger = StormLedger(world)
    world.setDefaultLink(plan.link)
    for server in plan.servers {
      let server = StormServer(world: world, ledger: ledger, plan: server, calmFrom: plan.duration)
      world.host(server.plan.name, loops: server.plan.loops).start { try await server.run() }
    }
    world.setName(StormPlan.clusterName, to: plan.servers.map { world.host($0.name) })
    for client in plan.clients {
      let client = StormClient(world: world, ledger: ledger, plan: client, calmFrom: plan.duration)
      world.host(client.plan.name, loops: client.plan.loops).start { try await client.run() }
    }
    StormFault.schedule(in: world, plan, using: &generator)
    world.schedule(at: plan.duration) { StormFault.healEverything(in: world, plan) }
    while ledger.recoveredClients < plan.clients.count {
      try await world.sleep(for: .milliseconds(100))
      if let violation = ledger.violation { try world.check(false, violation) }
    }
    // What no client waits for any more has ended by then, too.
    try await world.sleep(for: .seconds(10))
    for (name, server) in ledger.servers.sorted(by: { $0.key < $1.key }) where server.placesTaken != 0 {
      try world.check(false, "\(name) has no calls, but \(server.placesTaken) places are taken")
    }
    for _ in 0..<ledger.cacheStore.hits { ledger.saw("reply from the shared store") }
    return Summary(calls: ledger.calls, endings: ledger.endings, sights: ledger.sights)
  }
}
