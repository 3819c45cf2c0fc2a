import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("A client that misbehaves towards the server")
struct HostileClientTests {
  /// Sends `bytes` on a new connection, ends sending, and waits until the server has closed.
  private static func send(_ world: World, _ bytes: [UInt8]) async throws {
    try await world.host("client").run {
      let loop = Network.current.nextLoop
      let stream = try await loop.connect(to: try await loop.resolve("server", port: 9090)[0])
      defer { stream.close() }
      try? await stream.writeAll(bytes)
      stream.finishWriting()
      try? await stream.drain()
    }
  }

  static let inputs: [(String, [UInt8])] = [
    ("garbage", [0x47, 0x45, 0x54, 0x20, 0x2F, 0x20, 0x48, 0x54, 0x54, 0x50]),
    ("a negative frame size", [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]),
    ("a frame above the limit", [0x7F, 0, 0, 0, 0x80, 1, 0, 1]),
    ("a frame that is not finished", [0, 0, 1, 0, 0x80, 1, 0, 1, 0, 0]),
    ("a message of an unknown version", [0x80, 0x02, 0, 1, 0, 0, 0, 1, 65, 0, 0, 0, 1, 0]),
    ("a name longer than the message", frame([0x80, 1, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 65])),
    ("a single byte", [0x80]),
    ("nothing", []),
  ]

  @Test("is cut off alone: others are served, nothing is left behind", arguments: inputs)
  func cutOff(name: String, bytes: [UInt8]) async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await Self.send(world, bytes)
      let answer = try await withClient(world) { try await Echo.Client($0).echo(text: "still here") }
      #expect(answer == "still here")
    }
  }

  @Test("arguments that cannot be read are a protocol error, and the connection goes on")
  func badArguments() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        try await stream.writeFrame(message("send", .call, 7, [12, 0, 1, 11, 0, 2, 0, 0, 0, 0, 0, 0]))
        let refusal = try await stream.readFrame()
        #expect(refusal.starts(with: [0x80, 1, 0, MessageType.exception.rawValue]))
        try await stream.writeFrame(message("echo", .call, 8, body(1, "on")))
        #expect(try await stream.readFrame() == message("echo", .reply, 8, body(0, "on")))
      }
    }
  }

  @Test(
    "arguments that cannot be read are no failure of a handler, whatever stands around it", arguments: [false, true])
  func badArgumentsAreNotLogged(isGuarded: Bool) async throws {
    try await simulate(seed: 1) { world in
      let log = ServerLog()
      var configuration = ServerConfiguration()
      configuration.log = log
      if isGuarded { configuration.policy.limits.bulkhead = Bulkhead(10) }
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await world.withStream { stream in
        for number in 0..<10 as Range<Int32> {
          try await stream.writeFrame(message("echo", .call, number, [99, 0, 1, 0]))
          #expect(try await stream.readFrame().starts(with: message("echo", .exception, number, [])))
        }
        try await stream.writeFrame(message("echo", .call, 11, body(1, "fail")))
        #expect(try await stream.readFrame().starts(with: message("echo", .exception, 11, [])))
      }
      #expect(log.seen.all.filter { !$0.hasPrefix("closed") }.count == 1)
    }
  }

  @Test("a request that arrives a byte at a time is answered, framed and unframed", arguments: [true, false])
  func byteAtATime(isFramed: Bool) async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        let request = message("echo", .call, -5, body(1, "slow"))
        for byte in isFramed ? frame(request) : request {
          try await stream.writeAll([byte])
          try await world.sleep(for: .milliseconds(2))
        }
        let reply = message("echo", .reply, -5, body(0, "slow"))
        let expected = isFramed ? frame(reply) : reply
        #expect(try await stream.readExactly(expected.count) == expected)
      }
    }
  }

  @Test("requests sent together are answered in order, also when the client ends its sending with them")
  func pipelined() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        try await stream.writeAll((0..<50).flatMap { frame(message("echo", .call, $0, body(1, "number \($0)"))) })
        stream.finishWriting()
        for number in 0..<50 as Range<Int32> {
          #expect(try await stream.readFrame() == message("echo", .reply, number, body(0, "number \(number)")))
        }
        #expect(try await stream.readExactly(1).isEmpty)
      }
    }
  }

  @Test("requests sent together are refused one by one: each has its answer, in order")
  func pipelinedRefusals() async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.policy.methods["Echo.echo"] = ServerLimits(rateLimit: RateLimit(1, per: .seconds(60), burst: 3))
      configuration.policy.methods["Echo.send"] = ServerLimits(bulkhead: Bulkhead(1))
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await world.withStream { stream in
        // Every third request cannot be read, which is found out only when it is not refused.
        let broken: [UInt8] = [12, 0, 1, 11, 0, 2, 0, 0, 0, 0, 0, 0]
        try await stream.writeAll(
          (0..<30).flatMap { number in
            frame(
              number % 3 == 2
                ? message("send", .call, number, broken) : message("echo", .call, number, body(1, "\(number)")))
          })
        var kinds: [MessageType.RawValue] = []
        for number in 0..<30 as Range<UInt8> {
          let reply = try await stream.readFrame()
          #expect(Array(reply[8 + 4..<8 + 8]) == [0, 0, 0, number])
          kinds.append(reply[3])
        }
        let (answered, refused) = (MessageType.reply.rawValue, MessageType.exception.rawValue)
        #expect(kinds.prefix(6) == [answered, answered, refused, answered, refused, refused])
        #expect(kinds.dropFirst(4).allSatisfy { $0 == refused })
      }
    }
  }

  @Test("a reply does not wait for the handler of the next request")
  func slowSecond() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        let start = world.now
        try await stream.writeAll(
          frame(message("echo", .call, 1, body(1, "quick"))) + frame(message("echo", .call, 2, body(1, "slow"))))
        #expect(try await stream.readFrame() == message("echo", .reply, 1, body(0, "quick")))
        #expect(world.now - start < .seconds(1))
        #expect(try await stream.readFrame() == message("echo", .reply, 2, body(0, "slow")))
        #expect(world.now - start >= .seconds(5))
      }
    }
  }

  @Test("a client that never reads is closed in time and holds up nobody")
  func neverReads() async throws {
    try await simulate(seed: 1) { world in
      let log = ServerLog()
      var configuration = ServerConfiguration()
      configuration.observers = [log]
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      world.host("server").setBuffers(sendBytes: 16_384, receiveBytes: 4_000_000)
      world.host("greedy").setBuffers(sendBytes: 4_000_000, receiveBytes: 16_384)
      try await world.withStream(from: "greedy") { stream in
        let request = frame(message("echo", .call, 1, body(1, String(repeating: "x", count: 100_000))))
        for _ in 0..<10 {
          guard try request.withUnsafeBytes({ try stream.write($0) }) == request.count else { break }
        }
        let answer = try await withClient(world) { try await Echo.Client($0).echo(text: "hello") }
        #expect(answer == "hello")
        try await world.sleep(for: .seconds(60))
      }
      #expect(log.seen.all.contains { $0.contains("accepted too slowly") }, "\(log.seen.all)")
    }
  }

  @Test("a request that drips in has one deadline, not one for each byte")
  func drip() async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.requestTimeout = .seconds(5)
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await world.withStream { stream in
        // The request before has a deadline of its own.
        try await stream.writeAll(frame(message("echo", .call, 1, body(1, "whole"))))
        _ = try await stream.readFrame()
        try await world.sleep(for: .seconds(60))
        let start = world.now
        for byte in frame(message("echo", .call, 2, body(1, "dripping"))) where !stream.isPeerClosed {
          try? await stream.writeAll([byte])
          try await world.sleep(for: .seconds(1))
        }
        #expect(stream.isPeerClosed && world.now - start < .seconds(8))
      }
    }
  }

  @Test("calls before a broken message are answered")
  func brokenBehindWhole() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        let whole = frame(message("echo", .call, 1, body(1, "whole")))
        try await stream.writeAll(whole + [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try await stream.readFrame() == message("echo", .reply, 1, body(0, "whole")))
        #expect(try await stream.readExactly(1).isEmpty)
      }
    }
  }

  @Test("calls of several methods, unknown ones and messages that are no calls may be mixed in one packet")
  func mixed() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await world.withStream { stream in
        let names = ["echo", "echo", "no such method", "Echo:echo", "echo", "", "Echo:echo", "Echo:echo"]
        var request: [UInt8] = []
        for (number, name) in names.enumerated() {
          request += frame(message(name, .call, Int32(number), body(1, name)))
        }
        request +=
          frame(message("echo", .reply, 98, [0])) + frame([]) + frame(message("echo", .call, 99, body(1, "end")))
        try await stream.writeAll(request)
        for (number, name) in names.enumerated() {
          let reply = try await stream.readFrame()
          if name.hasSuffix("echo") {
            #expect(reply == message("echo", .reply, Int32(number), body(0, name)))
          } else {
            #expect(reply.starts(with: message(name, .exception, Int32(number), [])))
          }
        }
        #expect(try await stream.readFrame().starts(with: message("echo", .exception, 98, [])))
        #expect(try await stream.readFrame() == message("echo", .reply, 99, body(0, "end")))
      }
    }
  }
}
