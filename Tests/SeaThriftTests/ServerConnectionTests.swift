import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("A server's connection")
struct ServerConnectionTests {
  /// A server with this configuration, and the time in which connections that do nothing are closed by it.
  private func lifetimes(
    _ configuration: ServerConfiguration, of clients: [@Sendable (World, ByteStream) async throws -> Void]
  ) async throws -> [Duration] {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(), configuration: configuration)
      return try await withThrowingTaskGroup(of: (Int, Duration).self) { group in
        for (index, client) in clients.enumerated() {
          group.addTask {
            let lock = Lock(Duration.zero)
            try await world.withStream { stream in
              try await client(world, stream)
              let start = world.now
              try await stream.drain()
              lock.withLock { $0 = world.now - start }
            }
            return (index, lock.withLock { $0 })
          }
        }
        return try await group.reduce(into: Array(repeating: .zero, count: clients.count)) { $0[$1.0] = $1.1 }
      }
    }
  }

  @Test("is closed when it was idle for as long as it may be, each at its own time")
  func idle() async throws {
    var configuration = ServerConfiguration()
    configuration.idleTimeout = .seconds(60)
    let times = try await lifetimes(
      configuration,
      of: [
        { _, _ in }, { world, _ in try await world.sleep(for: .seconds(1)) },
        { world, stream in
          try await world.sleep(for: .seconds(30))
          try await stream.writeFrame(message("echo", .call, 1, body(1, "x")))
          _ = try await stream.readFrame()
        },
      ])
    #expect(abs(times[0] - .seconds(60)) < .seconds(1), "\(times)")
    #expect(abs(times[1] - .seconds(59)) < .seconds(1), "\(times)")
    #expect(abs(times[2] - .seconds(60)) < .seconds(1), "a call begins it anew: \(times)")
  }

  private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }

  @Test("that has been idle for longest makes place for a client when there are as many as may be, or not")
  func full() async throws {
    for replaces in [true, false] {
      var configuration = ServerConfiguration()
      configuration.maxConnections = 3
      configuration.replacesIdleConnections = replaces
      try await simulate(seed: 1) { [configuration] world in
        try await startServer(world, EchoHandler(), configuration: configuration)
        try await world.withStream { first in
          try await world.withStream { second in
            try await world.withStream { third in
              for stream in [second, third, first] {
                try await stream.writeFrame(message("echo", .call, 1, body(1, "x")))
                _ = try await stream.readFrame()
                try await world.sleep(for: .seconds(1))
              }
              let start = world.now
              try await world.withStream { fourth in
                try await fourth.writeFrame(message("echo", .call, 1, body(1, "x")))
                if !replaces { world.schedule(after: .seconds(5)) { third.loop.execute { third.close() } } }
                _ = try await fourth.readFrame()
              }
              try await world.sleep(for: .milliseconds(100))
              #expect(second.isPeerClosed == replaces && !first.isPeerClosed)
              #expect(replaces ? world.now - start < .seconds(1) : world.now - start > .seconds(5))
              // A place that is free is given at once: within the network's delays, which are of milliseconds.
              #expect(world.now - start < .seconds(5.12), "\(world.now - start)")
            }
          }
        }
      }
    }
  }

  @Test("goes on with what a client sent before it left: a oneway call behind a slow one is made, and is not cancelled")
  func onewayBehindSlow() async throws {
    try await simulate(seed: 1) { world in
      let handler = EchoHandler(world: world)
      try await startServer(world, handler)
      try await world.withStream { stream in
        try await stream.writeAll(
          frame(message("echo", .call, 1, body(1, "slow"))) + frame(message("notice", .oneway, 2, body(1, "later")))
            + frame(message("notice", .oneway, 3, body(1, "last"))))
        stream.finishWriting()
        try await world.sleep(for: .seconds(1))
      }
      try await world.sleep(for: .seconds(10))
      #expect(handler.seen.all == ["echo slow", "notice later", "notice last"])
    }
  }

  @Test("ends after a hundred messages in a row that have nothing in them")
  func emptyMessages() async throws {
    try await simulate(seed: 1) { world in
      let log = ServerLog()
      var configuration = ServerConfiguration()
      configuration.observers = [log]
      try await startServer(world, EchoHandler(), configuration: configuration)
      try await world.withStream { stream in
        try await stream.writeAll(Array(repeating: 0, count: 4 * 100))
        try await stream.writeFrame(message("echo", .call, 1, body(1, "x")))
        #expect(try await stream.readFrame() == message("echo", .reply, 1, body(0, "x")))
        try await stream.writeAll(Array(repeating: 0, count: 4 * 101))
        try await stream.drain()
      }
      #expect(log.seen.all.contains { $0.contains("101 messages in a row have nothing in them") }, "\(log.seen.all)")
    }
  }

  @Test("tells a client of HTTP with its last answer that it ends, when the server stops")
  func drainOverHTTP() async throws {
    try await simulate(seed: 1) { world in
      let server = world.host("server")
      server.start {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Echo.service(EchoHandler(world: world)) }.run()
          }
          try await world.sleep(for: .seconds(3))
          group.cancelAll()
          try await group.waitForAll()
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.withStream { stream in
        let request = message("echo", .call, 1, body(1, "slow"))
        try await stream.writeAll(
          Array("POST / HTTP/1.1\r\nContent-Length: \(request.count)\r\n\r\n".utf8) + request)
        let (head, content) = try await stream.readResponse()
        #expect(head.contains("Connection: close\r\n"), "\(head)")
        #expect(content == message("echo", .reply, 1, body(0, "slow")))
        #expect(try await stream.readExactly(1).isEmpty)
      }
    }
  }
}
