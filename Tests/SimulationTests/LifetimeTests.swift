import SeaThriftTesting
import Testing

@Suite("Lifetimes of connections, endpoints and servers in virtual time")
struct LifetimeTests {
  @Test("an idle connection is closed after exactly 60 s")
  func idleConnection() async throws {
    try await simulate(seed: 1) { world in
      world.server("server")
      let client = ObservedClient(world)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        _ = try await endpoint.add(1, 1)
        try await world.sleep(for: .seconds(59))
        #expect(client.openConnections == 1)
        try await world.sleep(for: .seconds(10))
        #expect(client.log == ["1000.2 ms: opened", "61000.4 ms: closed"])
        await endpoint.close()
      }
    }
  }

  @Test("an endpoint that no call used for 60 s is closed by the reaper, which looks every 10 s")
  func reaper() async throws {
    try await simulate(seed: 1) { world in
      world.server("a")
      world.server("b")
      let client = ObservedClient(world)
      let source = AddressBook([.tcp("a", 9090)])
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        configuration.policy.perEndpoint.pool.idle = nil
        try await withServiceGroup("sums", at: EndpointSource { source.addresses }, configuration: configuration) {
          group in
          _ = try await group.add(1, 1)
          source.addresses = [.tcp("b", 9090)]
          try await world.sleep(for: .seconds(15))
          _ = try await group.add(1, 1)
          try await world.sleep(for: .milliseconds(70_900) - world.now)
          let both = await group.breakerStates.count
          #expect(both == 2)
          try await world.sleep(for: .milliseconds(200))
          let one = await group.breakerStates
          #expect(Array(one.keys) == [.tcp("b", 9090)])
        }
      }
      // The reaper looked at 61 s, 0.4 ms too early, and again at 71 s. What is left was closed with the group.
      #expect(client.log.filter { $0.hasSuffix("closed") } == ["71000.0 ms: closed", "71100.0 ms: closed"])
    }
  }

  @Test("a server that stops ends idle connections at once and lets calls finish")
  func gracefulStop() async throws {
    try await simulate(seed: 1) { world in
      let client = ObservedClient(world)
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        configuration.policy.perEndpoint.timeouts.read = .seconds(60)
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await world.serveOnce(until: .seconds(3)) { try await world.sleep(for: .seconds(5)) } }
          try await world.sleep(for: .seconds(1))
          async let slow = endpoint.add(1, 2)
          async let quick = endpoint.add(0, 0)
          _ = try await quick
          let sum = try await slow
          #expect(sum == 3)
          #expect(world.now == .milliseconds(6000) + .microseconds(400))
          let refused = await world.timed { try await endpoint.add(0, 0) }
          #expect(refused.result.code == .connectionRefused)
          try await group.waitForAll()
          #expect(world.now < .seconds(7))
        }
        await endpoint.close()
      }
      #expect(client.log.filter { $0.hasSuffix("closed") } == ["3000.1 ms: closed", "6000.4 ms: closed"])
    }
  }

  @Test("a call that outlasts the grace period is cancelled and its connection closed at exactly 10 s")
  func gracePeriod() async throws {
    try await simulate(seed: 1) { world in
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.timeouts.read = .seconds(60)
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await world.serveOnce(until: .seconds(3)) { try await world.sleep(for: .seconds(50)) } }
          try await world.sleep(for: .seconds(1))
          let call = await world.timed { try await endpoint.add(1, 2) }
          #expect(call.result.code == .connectionLost)
          #expect(world.now == .seconds(13) + .microseconds(100))
          try await group.waitForAll()
          #expect(world.now == .seconds(13) + .microseconds(100))
        }
        await endpoint.close()
      }
    }
  }

  @Test("a server closes connections on which no call begins")
  func serverIdleTimeout() async throws {
    try await simulate(seed: 1) { world in
      let client = ObservedClient(world)
      var server = ServerConfiguration()
      server.idleTimeout = .seconds(5)
      world.server("server", configuration: server)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
        _ = try await endpoint.add(1, 1)
        try await world.sleep(for: .seconds(10))
        #expect(client.log == ["1000.2 ms: opened", "6000.4 ms: closed"])
        await endpoint.close()
      }
    }
  }
}

extension World {
  /// Serves on host "server" until a time; calls with other numbers than 0 and 0 wait for `pause`.
  func serveOnce(until end: Duration, _ pause: @escaping @Sendable () async throws -> Void) async throws {
    try await host("server").run {
      let server = try ThriftServer(on: .tcp("0.0.0.0", 9090)) {
        Calculator.service { a, b in
          if a != 0 || b != 0 { try await pause() }
          return a + b
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        try await self.sleep(for: end - self.now)
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }
}

/// Endpoints that change.
final class AddressBook: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var addresses: [EndpointAddress]

  init(_ addresses: [EndpointAddress]) { self.addresses = addresses }
}
