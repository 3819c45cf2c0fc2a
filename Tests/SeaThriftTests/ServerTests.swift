import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("A server and its handlers")
struct ServerTests {
  @Test("answer results, declared exceptions and nothing at all", arguments: [Framing.framed, .unframed])
  func answers(framing: Framing) async throws {
    try await simulate(seed: 1) { world in
      let handler = EchoHandler(world: world)
      try await startServer(world, handler)
      try await withClient(world, { $0.framing = framing }) { endpoint in
        let client = Echo.Client(endpoint)
        let answer1 = try await client.echo(text: "héllo 🌊")
        #expect(answer1 == "héllo 🌊")
        let parcel = Parcel(id: 7, text: "x", data: [1, 2, 3])
        let answer2 = try await client.send(parcel: parcel)
        #expect(answer2 == parcel)
        await #expect(throws: Declared(why: "asked to")) { try await client.send(parcel: Parcel(id: 1, text: "throw")) }
        try await client.nothing()
        try await client.notice(text: "one way")
        let answer3 = try await client.echo(text: "after")
        #expect(answer3 == "after")
        #expect(handler.seen.all.contains("notice one way"))
      }
    }
  }

  @Test("an undeclared error is an internal error without its text; the log has it, and the connection lives on")
  func undeclared() async throws {
    try await simulate(seed: 1) { world in
      let log = ServerLog()
      var configuration = ServerConfiguration()
      configuration.observers = [log]
      configuration.log = nil
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let error = await failure { try await client.echo(text: "fail") }
        #expect(error?.code == .applicationException)
        #expect((error?.cause as? ApplicationException)?.kind == .internalError)
        #expect(error?.description.contains("password") == false)
        #expect(log.seen.all.contains { $0.contains("password") })
        try await client.notice(text: "fail")
        let answer4 = try await client.echo(text: "on")
        #expect(answer4 == "on")
      }
      try await world.sleep(for: .seconds(1))
      #expect(log.seen.all.filter { $0.hasPrefix("closed") } == ["closed: fine"], "one connection served all calls")
    }
  }

  @Test("an ApplicationException that a handler throws reaches the client as it is")
  func chosenRefusal() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await withClient(world) { endpoint in
        let error = await failure { try await Echo.Client(endpoint).echo(text: "refuse") }
        #expect(error?.cause as? ApplicationException == ApplicationException(.internalError, "for a reason"))
      }
    }
  }

  @Test("an unknown method is refused, and the connection lives on")
  func unknownMethod() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      try await withClient(world) { endpoint in
        let unknown = MethodDescriptor<Echo.Arguments.echo, Echo.Results.echo>(service: "Echo", name: "nonsense")
        let error = await failure { try await endpoint.call(unknown, Echo.Arguments.echo(text: "?")) }
        #expect((error?.cause as? ApplicationException)?.kind == .unknownMethod)
        let answer5 = try await Echo.Client(endpoint).echo(text: "on")
        #expect(answer5 == "on")
      }
    }
  }

  @Test("several services share a port by multiplexed names; the first one also answers to bare names")
  func multiplexed() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      let answers = try await withClient(world) { try await Echo.Client($0).echo(text: "bare") }
      let first = try await withClient(world, { $0.multiplexedService = "Echo" }) {
        try await Echo.Client($0).echo(text: "named")
      }
      let second = try await withClient(world, { $0.multiplexedService = "Other" }) {
        try await Other.Client($0).echo(text: "named")
      }
      let unknown = await failure {
        try await withClient(world, { $0.multiplexedService = "Nobody" }) { try await Echo.Client($0).echo(text: "x") }
      }
      #expect([answers, first, second] == ["bare", "named", "other named"])
      #expect((unknown?.cause as? ApplicationException)?.kind == .unknownMethod)
    }
  }

  @Test("a client that disconnects cancels its handler")
  func disconnect() async throws {
    try await simulate(seed: 1) { world in
      let handler = EchoHandler(world: world)
      try await startServer(world, handler)
      try await withClient(world) { endpoint in
        let error = await failure { try await Echo.Client(endpoint).echo(text: "stuck") }
        #expect(error?.code == .readTimeout)
      }
      try await world.sleep(for: .seconds(1))
      #expect(handler.seen.all == ["echo stuck", "cancelled"])
    }
  }

  @Test("a result above the frame limit is an error of the call, not of the connection")
  func resultTooLarge() async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.limits.maxFrameBytes = 1_000
      configuration.log = nil
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await withClient(world) { endpoint in
        let client = Echo.Client(endpoint)
        let answer6 = try await client.echo(text: "fits")
        #expect(answer6 == "fits")
        let error = await failure { try await client.echo(text: String(repeating: "x", count: 975)) }
        #expect(error == nil)
        let tooLarge = await failure {
          try await client.echo(text: String(repeating: "x", count: 2_000))
        }
        #expect(tooLarge?.code == .connectionLost, "the request itself is above the limit: the server hangs up")
      }
    }
  }

  @Test("a bad configuration is refused with the name of the setting, its value and the range")
  func badConfiguration() async throws {
    var configuration = ServerConfiguration()
    configuration.maxConnections = 0
    let error = #expect(throws: ConfigurationError.self) {
      try ThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration) { Other.service(OtherHandler()) }
    }
    #expect(error?.description == "maxConnections is 1 to 1000000 or nil, not 0")
    #expect(throws: ConfigurationError.self) { try ThriftServer(on: .tcp("127.0.0.1", 0)) {} }
    #expect(throws: ConfigurationError.self) {
      try ThriftServer(on: .tcp("127.0.0.1", 0)) {
        Other.service(OtherHandler())
        Other.service(OtherHandler())
      }
    }
    await #expect(throws: ConfigurationError.self) {
      try await ThriftServer(on: .tcp("127.0.0.1", 70_000)) { Other.service(OtherHandler()) }.run()
    }
  }
}
