import SeaThriftTesting

/// One server of a storm.
struct StormServer: Sendable {
  let world: World
  let ledger: StormLedger
  let plan: StormPlan.Server
  /// When the faults are over; there are no more restarts then.
  let calmFrom: Duration

  func run() async throws {
    while true {
      do {
        try await serveUntilRestart()
      } catch is ConfigurationError {
        // No descriptor is free at the moment.
        try await world.sleep(for: .milliseconds(100))
      }
    }
  }

  private func serveUntilRestart() async throws {
    let watch = ServerWatch()
    var configuration = plan.configuration
    configuration.observers = [watch]
    let server = try ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
      StormService.service { request in
        try begin(request, isSpend: false)
        return try await handle(request)
      } _: { request in
        try begin(request, isSpend: true)
        return try await handle(request)
      }
    }
    ledger.servers[plan.name] = server
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      // Ends by being cancelled, as soon as the server has ended for whatever reason.
      group.addTask { try? await reload(server) }
      if let period = plan.restartsAfter, world.now < calmFrom {
        group.addTask { try await world.sleep(for: period) }
      }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
    for (what, count) in watch.open where count != 0 {
      ledger.violated("\(plan.name) has ended, but \(count) \(what) have not")
    }
    if server.placesTaken != 0 { ledger.violated("\(plan.name) has ended with \(server.placesTaken) places taken") }
    try Task.checkCancellation()
  }

  /// Gives a running server other limits now and then, and those of the plan in the end.
  private func reload(_ server: ThriftServer) async throws {
    guard plan.isReloaded else { return try await world.sleep(for: .seconds(1_000_000)) }
    var generator = world.randomNumbers()
    while true {
      try await world.sleep(for: generator.milliseconds(100...10_000))
      let isCalm = world.now >= calmFrom
      try await server.update(isCalm || generator.chance(0.5) ? plan.configuration.policy : ServerPolicy())
      ledger.saw("server with new limits")
      if isCalm { try await world.sleep(for: .seconds(1_000_000)) }
    }
  }

  /// What is refused is not executed, and is told never to come back.
  private func begin(_ request: StormRequest, isSpend: Bool) throws {
    if request.id % 49 == 0 { throw CallRefusal("not this one", retry: .never) }
    ledger.executed(request, isSpend: isSpend)
  }

  private func handle(_ request: StormRequest) async throws -> [UInt8] {
    if request.milliseconds > 0 { try await world.sleep(for: .milliseconds(request.milliseconds)) }
    if request.id % 13 == 0 { throw Refusal(id: request.id) }
    if request.id % 11 == 0 { throw HandlerFailure() }
    return request.answer
  }
}

/// An error that the service does not declare.
struct HandlerFailure: Error {}

/// Counts what a server has begun and not ended.
private final class ServerWatch: ServerObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private var connections = 0
  private var calls = 0

  var open: [(String, Int)] { [("connections", connections), ("calls", calls)] }

  func connectionOpened(peer: EndpointAddress) { connections += 1 }
  func connectionClosed(peer: EndpointAddress, error: (any Error)?) { connections -= 1 }
  func callStarted(_ method: String, peer: EndpointAddress) { calls += 1 }
  func callEnded(_ method: String, peer: EndpointAddress, duration: Duration, outcome: ServerCallOutcome) { calls -= 1 }
}
