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
  }

  @discardableResult
  package static func run(in world: World) async throws -> Summary {
    var generator = world.randomNumbers()
    let plan = StormPlan(using: &generator)
    let ledger = StormLedger(world)
    world.setDefaultLink(plan.link)
    for server in plan.servers { start(server, in: world, ledger) }
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
    return Summary(calls: ledger.calls, endings: ledger.endings)
  }

  private static func start(_ server: StormPlan.Server, in world: World, _ ledger: StormLedger) {
    world.host(server.name, loops: server.loops).start {
      while true {
        let thrift = try ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: server.configuration) {
          StormService.service { request in
            ledger.executed(request, isSpend: false)
            return try await handle(request, in: world)
          } _: { request in
            ledger.executed(request, isSpend: true)
            return try await handle(request, in: world)
          }
        }
        do {
          try await thrift.run()
          return
        } catch is ConfigurationError {
          // No descriptor is free at the moment.
          try await world.sleep(for: .milliseconds(100))
        }
      }
    }
  }

  private static func handle(_ request: StormRequest, in world: World) async throws -> [UInt8] {
    if request.milliseconds > 0 { try await world.sleep(for: .milliseconds(request.milliseconds)) }
    if request.id % 13 == 0 { throw Refusal(id: request.id) }
    if request.id % 11 == 0 { throw HandlerFailure() }
    return request.answer
  }
}

/// An error that the service does not declare.
struct HandlerFailure: Error {}
