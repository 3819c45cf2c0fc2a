import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("Simulated streams")
struct StreamTests {
  @Test("bytes arrive in order, after the latency, however they are cut")
  func order() async throws {
    try await simulate(seed: 3) { world in
      var profile = LinkProfile(latency: .exponential(mean: .milliseconds(5), floor: .milliseconds(1)))
      profile.cutsAtRandom = true
      profile.packetBytes = 700
      profile.loss = 0.05
      world.setLink(world.host("a"), world.host("b"), profile)
      let connection = try await world.connection()
      let sent = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      async let sending: Void = connection.client.send(sent)
      #expect(try await connection.server.receive(sent.count) == sent)
      try await sending
      await connection.close()
    }
  }

  @Test("a write takes what the buffers hold, and no more until the other side reads")
  func backPressure() async throws {
    try await simulate(seed: 1) { world in
      world.host("a").setBuffers(sendBytes: 10_000, receiveBytes: 10_000)
      world.host("b").setBuffers(sendBytes: 3000, receiveBytes: 3000)
      let connection = try await world.connection()
      #expect(try await connection.client.fill() == 10_000)
      try await world.sleep(for: .seconds(60))
      #expect(try await connection.client.fill() == 3000, "the other side's buffer is full")
      #expect(try await connection.client.fill() == 0)
      let start = world.now
      #expect(try await connection.server.receive(1000).count == 1000)
      try await connection.client.loop.run { try await connection.client.waitUntilWritable() }
      #expect(world.now == start + .microseconds(300), "window, data, acknowledgement")
      #expect(try await connection.client.fill() == 1000)
      await connection.close()
    }
  }

  @Test("the end of a stream follows the data, and is told before it is read")
  func end() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      let told = Flag()
      await connection.server.on { $0.onPeerClosed = { told.set() } }
      try await connection.client.send([1, 2, 3])
      await connection.client.on { $0.finishWriting() }
      try await world.sleep(for: .seconds(1))
      #expect(told.isSet)
      #expect(await connection.server.on { $0.isPeerClosed })
      #expect(try await connection.server.receive(10) == [1, 2, 3])
      try await connection.server.send([4])
      #expect(try await connection.client.receive(1) == [4], "only one direction has ended")
      await connection.close()
    }
  }

  @Test("closing with unread bytes resets the connection; what arrived before can still be read")
  func unreadData() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      try await connection.server.send([9])
      try await connection.client.send([1, 2, 3])
      try await world.sleep(for: .seconds(1))
      await connection.client.on { $0.close() }
      try await world.sleep(for: .seconds(1))
      #expect(try await connection.server.receive(3) == [1, 2, 3])
      let error = await #expect(throws: SocketError.self) { try await connection.server.receive(1) }
      #expect(error?.code == .reset)
      await connection.close()
    }
  }

  @Test("bytes for a closed socket are answered by a reset")
  func closedSocket() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      await connection.client.on { $0.close() }
      try await world.sleep(for: .seconds(1))
      try await connection.server.send([1])
      try await world.sleep(for: .seconds(1))
      let error = await #expect(throws: SocketError.self) { try await connection.server.send([2]) }
      #expect(error?.code == .reset)
      await connection.close()
    }
  }

  @Test("a waiting reader wakes when its own side closes or aborts")
  func ownClose() async throws {
    try await simulate(seed: 1) { world in
      let connection = try await world.connection()
      let start = world.now
      world.schedule(after: .seconds(5)) { connection.server.abort(SocketError(.timedOut, "enough")) }
      let error = await #expect(throws: SocketError.self) { try await connection.server.receive(1) }
      #expect(error?.code == .timedOut)
      #expect(world.now - start == .seconds(5))
      await connection.close()
    }
  }

  @Test("a slow process reads at its rate, and the sender feels it")
  func slowReader() async throws {
    try await simulate(seed: 1) { world in
      world.host("b").setBuffers(sendBytes: 1000, receiveBytes: 1000)
      world.host("a").setBuffers(sendBytes: 1000, receiveBytes: 1000)
      world.host("b").setReadRate(bytesPerSecond: 1000)
      let connection = try await world.connection()
      async let sending: Void = connection.client.send([UInt8](repeating: 1, count: 10_000))
      #expect(try await connection.server.receive(10_000).count == 10_000)
      try await sending
      #expect((.seconds(9)...(.seconds(11))).contains(world.now))
      await connection.close()
    }
  }

  @Test("a link's bandwidth is shared by its connections")
  func bandwidth() async throws {
    try await simulate(seed: 1) { world in
      var profile = LinkProfile(latency: .constant(.zero))
      profile.bytesPerSecond = 1_000_000
      world.setLink(from: world.host("a"), to: world.host("b"), profile)
      let one = try await world.connection()
      let two = try await world.connection()
      let start = world.now
      async let first: Void = one.client.send([UInt8](repeating: 1, count: 500_000))
      async let second: Void = two.client.send([UInt8](repeating: 1, count: 500_000))
      async let received = one.server.receive(500_000).count
      #expect(try await two.server.receive(500_000).count == 500_000)
      #expect(try await received == 500_000)
      try await first
      try await second
      #expect((.milliseconds(1000)...(.milliseconds(1010))).contains(world.now - start), "\(world.now - start)")
      await one.close()
      await two.close()
    }
  }
}

extension TestConnection {
  func close() async {
    await client.on { $0.close() }
    await server.on { $0.close() }
  }
}

/// Whether something has happened.
final class Flag: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private(set) var isSet = false

  func set() { isSet = true }
}
