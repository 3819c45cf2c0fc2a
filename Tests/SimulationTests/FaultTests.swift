import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("Faults of a simulated world")
struct FaultTests {
  @Test("what was sent into a partition arrives when TCP tries again after it has healed")
  func partition() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      let start = world.now
      world.partition([world.host("a")], [world.host("b")])
      try await connection.client.send([1, 2, 3])
      world.schedule(after: .seconds(2)) { world.heal([world.host("a")], [world.host("b")]) }
      #expect(try await connection.server.receive(3) == [1, 2, 3])
      // Sent again after 0.2, 0.4, 0.8 and 1.6 seconds.
      #expect(world.now - start == .seconds(3) + .microseconds(100))
      await connection.close()
    }
  }

  @Test("a connection whose packets never arrive ends after the kernel's fifteen attempts")
  func longPartition() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      world.isolate(world.host("a"))
      try await connection.client.send([1])
      let error = await #expect(throws: SocketError.self) { try await connection.client.receive(1) }
      #expect(error?.code == .reset)
      #expect(error?.errno == 110)
      #expect((.seconds(700)...(.seconds(1000))).contains(world.now), "\(world.now)")
      await connection.close()
    }
  }

  @Test("a crashed host's peer learns nothing until it writes to the host's next life")
  func halfOpen() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      world.host("b").crash()
      let local = await #expect(throws: SocketError.self) { try await connection.server.receive(1) }
      #expect(local?.code == .reset)
      try await world.sleep(for: .seconds(100))
      #expect(await connection.client.on { !$0.isPeerClosed })
      world.host("b").restart()
      try await world.sleep(for: .seconds(100))
      #expect(await connection.client.on { !$0.isPeerClosed })
      try await connection.client.send([1])
      let error = await #expect(throws: SocketError.self) { try await connection.client.receive(1) }
      #expect(error?.code == .reset)
      await connection.close()
    }
  }

  @Test("the loops of a crashed host connect to nothing, those of its next life do")
  func deadLoops() async throws {
    try await simulate(seed: 1) { world in
      let (a, b) = (world.host("a"), world.host("b"))
      let listener = try await world.listen()
      let old = a.network
      a.crash()
      a.restart()
      let target = b.port80
      let error = await #expect(throws: SocketError.self) {
        try await old.loops[0].run { try await old.loops[0].connect(to: target) }
      }
      #expect(error?.code == .unreachable)
      let client = try await world.connect()
      let server = try await listener.accept()
      await listener.on { $0.close() }
      await TestConnection(client: client, server: server).close()
    }
  }

  @Test("a killed process's connections are reset, its port refuses")
  func kill() async throws {
    try await simulate(seed: 1) { world in
      let listener = try await world.listen()
      let client = try await world.connect()
      let server = try await listener.accept()
      world.host("b").kill()
      let lost = await #expect(throws: SocketError.self) { try await client.receive(1) }
      #expect(lost?.code == .reset)
      let refused = await #expect(throws: SocketError.self) { try await world.connect() }
      #expect(refused?.code == .refused)
      await listener.on { $0.close() }
      await TestConnection(client: client, server: server).close()
    }
  }

  @Test("processes are cancelled by a crash and run again after a restart")
  func processes() async throws {
    try await simulate(seed: 1) { world in
      let host = world.host("a")
      host.start {
        world.note("up")
        defer { world.note("down") }
        try await world.sleep(for: .seconds(1000))
      }
      world.schedule(at: .seconds(1)) { host.crash() }
      world.schedule(at: .seconds(2)) { host.restart() }
      try await world.sleep(for: .seconds(3))
      #expect(
        world.trace == [
          "0.000000000 world note up", "1.000000000 a crash", "1.000000000 world note down", "2.000000000 a restart",
          "2.000000000 world note up",
        ])
    }
  }

  @Test("a frozen process does nothing, and all of it later")
  func freeze() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      let host = world.host("b")
      world.schedule(at: .seconds(1)) { host.freeze() }
      world.schedule(at: .seconds(5)) { host.thaw() }
      try await world.sleep(for: .seconds(2))
      try await connection.client.send([1])
      async let wake: Void = connection.server.loop.run {
        try await connection.server.loop.sleep(until: connection.server.loop.now.advanced(by: .nanoseconds(1)))
      }
      #expect(try await connection.server.receive(1) == [1])
      #expect(world.now == .seconds(5))
      try await wake
      await connection.close()
    }
  }

  @Test("resetting connections tells both ends")
  func reset() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      world.reset([world.host("a")], [world.host("b")])
      let client = await #expect(throws: SocketError.self) { try await connection.client.receive(1) }
      let server = await #expect(throws: SocketError.self) { try await connection.server.receive(1) }
      #expect(client?.code == .reset)
      #expect(server?.code == .reset)
      await connection.close()
    }
  }

  @Test("a host's clock may run ahead, and too fast or too slow")
  func clocks() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      world.host("a").adjustClock(ahead: .seconds(100), drift: 1)
      #expect(loop.now.nanoseconds == 100_000_000_000)
      _ = await loop.run {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
          _ = loop.schedule(at: loop.now.advanced(by: .seconds(10)), .resume(continuation))
        }
      }
      #expect(world.now == .seconds(5), "it runs twice as fast")
      #expect(loop.now.nanoseconds == 110_000_000_000)
    }
  }

  @Test("names change, fail, and answer late")
  func names() async throws {
    try await simulate(seed: 1) { world in
      let (a, b) = (world.host("a"), world.host("b"))
      let loop = a.network.loops[0]
      let look: @Sendable () async throws -> [String] = {
        try await loop.run { try await loop.resolve("users", port: 1).map(\.description) }
      }
      let unknown = await #expect(throws: SocketError.self) { try await look() }
      #expect(unknown?.code == .unknownHost)
      world.setName("users", to: [b, a])
      let both = try await look()
      #expect(both == ["\(b.address):1", "\(a.address):1"])
      world.setName("users", delay: .seconds(3))
      world.schedule(after: .seconds(1)) { world.setName("users", to: [a]) }
      let changed = try await look()
      #expect(changed == ["\(a.address):1"])
      #expect(world.now == .seconds(3))
      world.setName("users", isFailing: true)
      let failing = await #expect(throws: SocketError.self) { try await look() }
      #expect(failing?.code == .unknownHost)
    }
  }
}
