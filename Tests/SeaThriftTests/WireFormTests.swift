import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

/// What a client can be told to speak.
struct Spoken: Sendable, CustomTestStringConvertible {
  let framing: Framing
  let format: ThriftFormat

  var testDescription: String { "\(framing) \(format)" }

  static let all = Framing.allCases.flatMap { framing in
    ThriftFormat.allCases.map { Self(framing: framing, format: $0) }
  }.filter { $0.format != .json || !["header", "framedHeader", "httpHeader"].contains("\($0.framing)") }

  func configure(_ configuration: inout ClientConfiguration) {
    configuration.framing = framing
    configuration.format = format
  }
}

@Suite("A server that is told nothing")
struct WireFormTests {
  @Test("understands whatever its clients speak, and answers in kind", arguments: Spoken.all)
  func answers(spoken: Spoken) async throws {
    try await simulate(seed: 1) { world in
      let handler = EchoHandler(world: world)
      try await startServer(world, handler)
      for service in [nil, "Echo"] {
        let configure: @Sendable (inout ClientConfiguration) -> Void = {
          spoken.configure(&$0)
          $0.multiplexedService = service
        }
        try await withClient(world, configure) { endpoint in
          let client = Echo.Client(endpoint)
          let answer = try await client.echo(text: "héllo 🌊")
          #expect(answer == "héllo 🌊")
          let parcel = Parcel(id: 7, text: "x", data: [UInt8](repeating: 3, count: 100_000))
          let returned = try await client.send(parcel: parcel)
          #expect(returned == parcel)
          await #expect(throws: Declared(why: "asked to")) {
            try await client.send(parcel: Parcel(id: 1, text: "throw"))
          }
          try await client.nothing()
          try await client.notice(text: "one way")
          try await client.notice(text: "another way")
          let after = try await client.echo(text: "after")
          #expect(after == "after")
          let error = await failure { try await client.echo(text: "refuse") }
          #expect(error?.cause as? ApplicationException == ApplicationException(.internalError, "for a reason"))
          let unknown = MethodDescriptor<Echo.Arguments.echo, Echo.Results.echo>(service: "Echo", name: "nonsense")
          let refused = await failure { try await endpoint.call(unknown, Echo.Arguments.echo(text: "?")) }
          #expect((refused?.cause as? ApplicationException)?.kind == .unknownMethod)
          let last = try await client.echo(text: "on")
          #expect(last == "on")
        }
      }
      #expect(handler.seen.all.filter { $0.hasPrefix("notice") }.count == 4)
    }
  }

  @Test("takes and returns values of megabytes, one after the other", arguments: Spoken.all)
  func large(spoken: Spoken) async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world), configuration: .large)
      try await withClient(
        world,
        {
          spoken.configure(&$0)
          $0.limits = .large
        }
      ) { endpoint in
        let client = Echo.Client(endpoint)
        // Some are copied, some inserted, some keep the memory that they came in.
        for data in [100, 130_000, 1_100_000, 5].map({ Array(Self.pattern.prefix($0)) }) {
          async let other = client.send(parcel: Parcel(id: 1, data: Array(data.dropFirst())))
          let parcel = Parcel(id: 7, text: "before the data", data: data)
          let returned = try await client.send(parcel: parcel)
          #expect(returned == parcel)
          let second = try await other
          #expect(second.data == Array(data.dropFirst()))
        }
      }
    }
  }

  private static let pattern = (0..<1_100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test("serves all kinds of clients at one time")
  func together() async throws {
    try await simulate(seed: 1) { world in
      try await startServer(world, EchoHandler(world: world))
      for spoken in Spoken.all {
        try await withClient(world, spoken.configure) { endpoint in
          for number in 0..<3 {
            let answer = try await Echo.Client(endpoint).echo(text: "\(spoken) \(number)")
            #expect(answer == "\(spoken) \(number)")
          }
        }
      }
    }
  }

  @Test("can be told to accept only some, and says what the others spoke", arguments: Spoken.all)
  func restricted(spoken: Spoken) async throws {
    try await simulate(seed: 1) { world in
      let log = ServerLog()
      var configuration = ServerConfiguration()
      configuration.framings = [.framed, .http]
      configuration.formats = [.binary, .json]
      configuration.observers = [log]
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      let error = await failure {
        try await withClient(world, spoken.configure) { try await Echo.Client($0).echo(text: "x") }
      }
      let isAccepted =
        [.framed, .http].contains(spoken.framing) && [.binary, .json].contains(spoken.format)
      #expect((error == nil) == isAccepted)
      if !isAccepted { #expect(log.seen.all.contains { $0.contains("accepted here") }, "\(log.seen.all)") }
      let answer = try await withClient(world) { try await Echo.Client($0).echo(text: "still here") }
      #expect(answer == "still here")
    }
  }

  @Test("a client is not created with what cannot be spoken")
  func impossible() {
    var configuration = ClientConfiguration()
    configuration.framing = .header
    configuration.format = .json
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    configuration.format = .compact
    #expect(throws: Never.self) { try configuration.validate() }
    for path in ["", "x", "/a b", "/\r\nX: y", "/é"] {
      configuration.httpPath = path
      #expect(throws: ConfigurationError.self) { try configuration.validate() }
    }
    var server = ServerConfiguration()
    server.framings = []
    #expect(throws: ConfigurationError.self) { try server.validate() }
    server.framings = [.framed]
    server.formats = []
    #expect(throws: ConfigurationError.self) { try server.validate() }
  }
}

extension WireLimits {
  fileprivate static let large = WireLimits(maxMessageBytes: 16 << 20, maxFrameBytes: 16 << 20)
}

extension ServerConfiguration {
  fileprivate static var large: Self {
    var configuration = Self()
    configuration.limits = .large
    return configuration
  }
}
