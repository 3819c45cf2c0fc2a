import SeaThrift
import SeaThriftSockets
import SeaThriftTesting

/// Starts a server of `Echo` and `Other` on the host "server", port 9090, and waits until it listens.
@discardableResult
func startServer(
  _ world: World, _ handler: EchoHandler, on name: String = "server",
  configuration: ServerConfiguration = ServerConfiguration()
) async throws -> Host {
  let host = world.host(name)
  host.start {
    try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
      Echo.service(handler)
      Other.service(OtherHandler())
    }.run()
  }
  try await world.sleep(for: .seconds(1))
  return host
}

/// A server that does on each connection, in order, what one of `scripts` says; for connections beyond them, the last.
func startScript(_ world: World, on name: String = "server", _ scripts: [@Sendable (ByteStream) async throws -> Void])
  async throws
{
  let host = world.host(name)
  host.start {
    let loop = Network.current.nextLoop
    let listener = try loop.listen(on: SocketAddress(.ipv4(0, port: 9090)), backlog: 16)
    defer { listener.close() }
    try await withTaskCancellationHandler {
      try await withThrowingDiscardingTaskGroup { group in
        var count = 0
        while let stream = try? await listener.accept(onto: loop) {
          let script = scripts[min(count, scripts.count - 1)]
          count += 1
          group.addTask {
            try await stream.open()
            defer { stream.close() }
            try? await stream.abortingOnCancel { try await script(stream) }
          }
        }
      }
    } onCancel: {
      listener.abort(SocketError(.closed, "the test ends"))
    }
  }
  try await world.sleep(for: .seconds(1))
}

extension World {
  /// Runs `body` on a host, with a connection to the server that is nothing but bytes.
  func withStream(
    from host: String = "client", _ body: @escaping @Sendable (ByteStream) async throws -> Void
  ) async throws {
    try await self.host(host).run {
      let loop = Network.current.nextLoop
      let stream = try await loop.connect(to: try await loop.resolve("server", port: 9090)[0])
      defer { stream.close() }
      try await body(stream)
    }
  }
}

extension ByteStream {
  /// Reads one framed message, without the length before it; empty at the end of the stream.
  func readFrame() async throws -> [UInt8] {
    let head = try await readExactly(4)
    guard head.count == 4 else { return [] }
    return try await readExactly(head.reduce(0) { $0 << 8 | Int($1) })
  }

  func readExactly(_ count: Int) async throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let step: Int? = try bytes.withUnsafeMutableBytes {
        try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[offset...]))
      }
      switch step {
      case 0: return Array(bytes[..<offset])
      case let step?: offset += step
      case nil: try await waitUntilReadable()
      }
    }
    return bytes
  }

  func writeAll(_ bytes: [UInt8]) async throws {
    var offset = 0
    while offset < bytes.count {
      let step: Int? = try bytes.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      if let step { offset += step } else { try await waitUntilWritable() }
    }
  }

  func writeFrame(_ bytes: [UInt8]) async throws { try await writeAll(frame(bytes)) }

  /// Waits until the other side has gone.
  func drain() async throws {
    while true { if try await readExactly(1).isEmpty { return } }
  }
}

func frame(_ bytes: [UInt8]) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) } + bytes
}

/// A strict binary message around a body that is given as bytes.
func message(_ name: String, _ type: MessageType, _ sequenceID: Int32, _ body: [UInt8]) -> [UInt8] {
  [0x80, 0x01, 0x00, type.rawValue] + frame(Array(name.utf8))
    + (0..<4).map { UInt8(truncatingIfNeeded: sequenceID >> (24 - 8 * Int32($0))) } + body
}

/// The body of a result or of arguments that hold one string, at the given field.
func body(_ field: UInt8, _ text: String) -> [UInt8] { [11, 0, field] + frame(Array(text.utf8)) + [0] }

/// A client that waits as long as it takes, on the host "client".
func withClient<Value: Sendable>(
  _ world: World, _ configure: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
  _ body: @escaping @Sendable (Endpoint) async throws -> Value
) async throws -> Value {
  try await world.host("client").run {
    var configuration = ClientConfiguration()
    configure(&configuration)
    let endpoint = try Endpoint(.tcp("server", 9090), configuration: configuration)
    do {
      let value = try await body(endpoint)
      await endpoint.close()
      return value
    } catch {
      await endpoint.close()
      throw error
    }
  }
}

extension ClientConfiguration {
  /// Of a client on real sockets, without timeouts: how busy the machine is must not matter.
  static var patient: Self {
    var configuration = Self()
    configuration.policy.perEndpoint.timeouts = Timeouts(connect: nil, pool: nil, write: nil, read: nil)
    return configuration
  }
}

/// The error that a call ends with.
func failure(of call: () async throws -> some Any) async -> RPCError? {
  do {
    _ = try await call()
    return nil
  } catch {
    return error as? RPCError
  }
}
