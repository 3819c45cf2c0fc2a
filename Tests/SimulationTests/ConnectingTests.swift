import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("Simulated connecting")
struct ConnectingTests {
  @Test("a port that nobody listens at refuses after one round trip")
  func refused() async throws {
    try await simulate(seed: 1) { world in
      _ = world.host("b")
      let error = await #expect(throws: SocketError.self) { try await world.connect() }
      #expect(error?.code == .refused)
      #expect(world.now == .microseconds(200))
    }
  }

  @Test("an address that nobody has is unreachable after three seconds")
  func unreachable() async throws {
    try await simulate(seed: 1) { world in
      let error = await #expect(throws: SocketError.self) {
        try await world.host("a").run {
          try await Network.current.loops[0].connect(to: SocketAddress(.ipv4(0xC0A8_0001, port: 80)))
        }
      }
      #expect(error?.code == .unreachable)
      #expect(world.now == .seconds(3))
    }
  }

  @Test("a black hole answers nothing until the kernel gives up")
  func blackHole() async throws {
    try await simulate(seed: 1) { world in
      world.host("b").ignoreConnections()
      let error = await #expect(throws: SocketError.self) { try await world.connect() }
      #expect(error?.errno == 110)
      #expect(world.now == .seconds(127), "1 + 2 + 4 + 8 + 16 + 32 + 64")
    }
  }

  @Test("a host that comes back in time is reached by a later SYN")
  func lateListener() async throws {
    try await simulate(seed: 1) { world in
      let listener = try await world.listen()
      world.isolate(world.host("b"))
      world.schedule(after: .seconds(2)) { world.heal() }
      let client = try await world.connect()
      #expect(world.now == .seconds(3) + .microseconds(200))
      let server = try await listener.accept()
      await listener.on { $0.close() }
      await TestConnection(client: client, server: server).close()
    }
  }

  @Test("a full accept queue lets nobody in until there is room")
  func fullQueue() async throws {
    try await simulate(seed: 1) { world in
      let listener = try await world.listen(backlog: 1)
      let first = try await world.connect()
      world.schedule(after: .seconds(5)) { world.note("five") }
      async let second = world.connect()
      try await world.sleep(for: .seconds(6))
      let one = try await listener.accept()
      let other = try await second
      #expect(world.now == .seconds(7) + .microseconds(400), "the SYN after 1 + 2 + 4 seconds")
      let two = try await listener.accept()
      await listener.on { $0.close() }
      await TestConnection(client: first, server: one).close()
      await TestConnection(client: other, server: two).close()
    }
  }

  @Test("a client that gives up frees its place in the queue")
  func givingUp() async throws {
    try await simulate(seed: 1) { world in
      world.setDefaultLink(LinkProfile(latency: .constant(.milliseconds(100))))
      let listener = try await world.listen(backlog: 1)
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          let error = await #expect(throws: SocketError.self) { try await world.connect() }
          #expect(error?.code == .cancelled)
        }
        try? await world.sleep(for: .milliseconds(150))
        group.cancelAll()
      }
      try await world.sleep(for: .seconds(1))
      let client = try await world.connect()
      let server = try await listener.accept()
      await listener.on { $0.close() }
      await TestConnection(client: client, server: server).close()
    }
  }

  @Test("closing a listener resets what waits in its queue")
  func closedListener() async throws {
    try await simulate(seed: 1) { world in
      let listener = try await world.listen()
      let client = try await world.connect()
      await listener.on { $0.close() }
      let error = await #expect(throws: SocketError.self) { try await client.receive(1) }
      #expect(error?.code == .reset)
      await client.on { $0.close() }
    }
  }

  @Test("a port is listened at once")
  func portInUse() async throws {
    try await simulate(seed: 1) { world in
      let listener = try await world.listen()
      let error = await #expect(throws: SocketError.self) { try await world.listen() }
      #expect(error?.code == .addressInUse)
      await listener.on { $0.close() }
    }
  }

  @Test("a process without descriptors cannot connect, and keeps what waits to be accepted")
  func descriptors() async throws {
    try await simulate(seed: 1) { world in
      world.host("b").setDescriptorLimit(1)
      world.host("a").setDescriptorLimit(1)
      let listener = try await world.listen()
      let client = try await world.connect()
      let refused = await #expect(throws: SocketError.self) { try await world.connect() }
      #expect(refused?.code == .outOfResources)
      let full = await #expect(throws: SocketError.self) { try await listener.accept() }
      #expect(full?.code == .outOfResources)
      world.host("b").setDescriptorLimit(2)
      let server = try await listener.accept()
      await listener.on { $0.close() }
      await TestConnection(client: client, server: server).close()
    }
  }

  @Test("unix sockets connect within a host")
  func unixSockets() async throws {
    try await simulate(seed: 1) { world in
      let address = SocketAddress(.unix(path: "/run/x"))
      try await world.host("a").run {
        let loop = Network.current.loops[0]
        let listener = try loop.listen(on: address, backlog: 1)
        let client = try await loop.connect(to: address)
        let server = try await listener.accept()
        try await client.send([1, 2])
        #expect(try await server.receive(2) == [1, 2])
        listener.close()
        await TestConnection(client: client, server: server).close()
      }
      let error = await #expect(throws: SocketError.self) {
        try await world.host("b").run { try await Network.current.loops[0].connect(to: address) }
      }
      #expect(error?.code == .refused)
    }
  }
}
