import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("A client that sends without end")
struct FairTurnTests {
  @Test("gets its turns between those of others, who do not wait for all of its calls")
  func turns() async throws {
    let (handler, calls) = (EchoHandler(), 20_000)
    try await simulate(seed: 1) { world in
      let server = try await startServer(world, handler)
      server.setBuffers(sendBytes: 4_000_000, receiveBytes: 4_000_000)
      world.host("client").setBuffers(sendBytes: 4_000_000, receiveBytes: 4_000_000)
      try await world.withStream { greedy in
        try await world.withStream { modest in
          // Everything has arrived, the greedy one's first, when the server looks.
          server.freeze()
          try await greedy.writeAll(
            Array(repeatElement(frame(message("echo", .call, 1, body(1, "greedy"))), count: calls).joined()))
          try await world.sleep(for: .seconds(1))
          try await modest.writeAll(frame(message("echo", .call, 2, body(1, "modest"))))
          try await world.sleep(for: .seconds(1))
          server.thaw()
          #expect(try await modest.readFrame() == message("echo", .reply, 2, body(0, "modest")))
          try await world.sleep(for: .seconds(10))
        }
      }
    }
    let seen = handler.seen.all
    #expect(seen.filter { $0 == "echo greedy" }.count == calls, "it is served all the same")
    #expect(try #require(seen.firstIndex(of: "echo modest")) < 500)
  }

  @Test("keeps no one from connecting and no server from stopping", .timeLimit(.minutes(2)))
  func kernel() async throws {
    let (network, clients) = (try Network(loopCount: 1), try Network(loopCount: 1))
    let (begun, hasBegun) = AsyncStream<Void>.makeStream()
    var configuration = ServerConfiguration()
    configuration.gracePeriod = .milliseconds(100)
    var greedy: Task<Void, Never>?
    try await withThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration, network: network) {
      Echo.service(EchoHandler())
    } body: { address in
      let (loop, port) = (clients.loops[0], UInt16(try #require(address.port)))
      greedy = Task {
        try? await loop.run { try await Self.pipelineWithoutEnd(to: port, on: loop) { hasBegun.yield() } }
      }
      var iterator = begun.makeAsyncIterator()
      await iterator.next()
      let endpoint = try Endpoint(address, configuration: .patient, network: clients)
      let answer = try await Echo.Client(endpoint).echo(text: "modest")
      #expect(answer == "modest")
      await endpoint.close()
    }
    // The server has stopped, and so has its client.
    await greedy?.value
    network.shutDown()
    clients.shutDown()
  }

  /// Sends calls and reads answers for as long as the server lets it.
  private static func pipelineWithoutEnd(
    to port: UInt16, on loop: EventLoop, begun: () -> Void
  ) async throws {
    let stream = try await loop.connect(to: SocketAddress(.ipv4(0x7F00_0001, port: port)))
    defer { stream.close() }
    let calls = Array(repeatElement(frame(message("echo", .call, 1, body(1, "greedy"))), count: 1_000).joined())
    var (offset, count) = (0, 0)
    var answers = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let sent = try calls[offset...].withUnsafeBytes({ try stream.write($0) }) {
        offset = (offset + sent) % calls.count
      }
      while let read = try answers.withUnsafeMutableBytes({ try stream.read(into: $0) }) {
        if read == 0 { return }
        count += read
        if count > 100_000 { begun() }
      }
      await loop.yieldTurn()
    }
  }
}
