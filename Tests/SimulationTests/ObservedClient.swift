import SeaThriftTesting

/// Counts and times what a client reports, in a world.
final class ObservedClient: ClientObserver, @unchecked Sendable {
  // @unchecked: used on the world's thread only.

  private let world: World
  private(set) var attempts = 0
  /// By endpoint, without those that an open circuit refused.
  private(set) var attemptsAt: [EndpointAddress: Int] = [:]
  /// How often the breakers of endpoints opened, by endpoint.
  private(set) var openings: [EndpointAddress: Int] = [:]
  /// How many connections were made.
  private(set) var connections = 0
  private(set) var openConnections = 0
  private(set) var mostConnections = 0
  /// What happened to connections and breakers, with the time in milliseconds.
  private(set) var log: [String] = []

  init(_ world: World) { self.world = world }

  private func note(_ text: String) { log.append("\(world.now / .milliseconds(1)) ms: \(text)") }

  func attemptStarted(_ method: String, endpoint: EndpointAddress) {
    attempts += 1
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    if (error as? RPCError)?.code != .circuitOpen { attemptsAt[endpoint, default: 0] += 1 }
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {
    if transition.to == .open { openings[endpoint, default: 0] += 1 }
    note("breaker \(transition.from) to \(transition.to)")
  }

  func connectionOpened(endpoint: EndpointAddress, duration: Duration) {
    openConnections += 1
    connections += 1
    mostConnections = max(mostConnections, openConnections)
    note("opened")
  }

  func connectionClosed(endpoint: EndpointAddress) {
    openConnections -= 1
    note("closed")
  }
}

extension World {
  /// A host that serves ``Calculator`` at port 9090 as long as it runs.
  @discardableResult
  func server(
    _ name: String, configuration: ServerConfiguration = ServerConfiguration(),
    _ body: @escaping @Sendable (Int32, Int32) async throws -> Int32 = { $0 + $1 }
  ) -> Host {
    let server = host(name)
    server.start {
      try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
        Calculator.service(body)
      }.run()
    }
    return server
  }

  /// What a call ends with, and how long that took.
  func timed(_ call: @Sendable () async throws -> Int32) async -> (result: Result<Int32, any Error>, took: Duration) {
    let start = now
    do {
      let value = try await call()
      return (.success(value), now - start)
    } catch {
      return (.failure(error), now - start)
    }
  }
}

extension Result where Success == Int32 {
  /// The value of a success.
  var value: Int32? { try? get() }

  /// The code of an ``RPCError``.
  var code: RPCError.Code? {
    if case .failure(let error) = self { (error as? RPCError)?.code } else { nil }
  }

  /// The codes of the attempts.
  var attempts: [RPCError.Code?] {
    if case .failure(let error) = self, let error = error as? RPCError {
      error.attempts.map { ($0.error as? RPCError)?.code }
    } else {
      []
    }
  }
}
