import SeaThriftSockets
import SeaThriftTesting

extension OutagePlan.Server {
  /// Has the server run on its host, with what is wrong with it.
  func start(in world: World, _ nameDelay: Duration) {
    let host = world.host(name)
    world.setName(name, delay: nameDelay)
    host.start {
      if ailment == .http503 { try await unavailable() } else { try await serve(in: world) }
    }
    switch ailment {
    case .refuses: host.refuseConnections()
    case .silent: host.ignoreConnections()
    case .frozen: world.schedule(at: .milliseconds(1)) { host.freeze() }
    case .failingName: world.setName(name, isFailing: true)
    case .deadName:
      // As long as resolvers take to give up.
      world.setName(name, isFailing: true)
      world.setName(name, delay: .seconds(10))
    default: break
    }
  }

  private func serve(in world: World) async throws {
    try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
      StormService.service { request in
        try await answer(request, in: world)
      } _: { request in
        try await answer(request, in: world)
      }
    }.run()
  }

  private func answer(_ request: StormRequest, in world: World) async throws -> [UInt8] {
    switch ailment {
    case .internalError: throw HandlerFailure()
    case .sheds: throw CallRefusal("there is too much to do")
    default:
      if milliseconds > 0 { try await world.sleep(for: .milliseconds(milliseconds)) }
      return request.answer
    }
  }

  /// What a proxy answers that has no server behind it.
  private func unavailable() async throws {
    let loop = Network.current.loops[0]
    let listener = try loop.listen(on: SocketAddress(.ipv4(0, port: 9090)), backlog: 128)
    defer { listener.close() }
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { connections in
        while let stream = try? await listener.accept(onto: loop) {
          connections.addTask(executorPreference: loop) { await refuse(stream) }
        }
      }
    } onCancel: {
      listener.abort(SocketError(.cancelled, "the server is stopped"))
    }
  }

  private func refuse(_ stream: ByteStream) async {
    defer { stream.close() }
    let answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    do {
      try await stream.open()
      _ = try await stream.hasBytes()
      _ = try Array(answer.utf8).withUnsafeBytes { try stream.write($0) }
    } catch {
      // The client has gone.
    }
  }
}

extension ByteStream {
  /// Waits for something to read, and reads it. False at the end.
  fileprivate func hasBytes() async throws -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { buffer.deallocate() }
    return try await abortingOnCancel {
      while true {
        if let count = try read(into: buffer) { return count > 0 }
        try await waitUntilReadable()
      }
    }
  }
}

/// Somebody who opens connections, and never says a word on them.
struct OutageGreed: Sendable {
  let addresses: [SocketAddress]
  let connections: Int

  func run(in world: World) async throws {
    let loop = Network.current.loops[0]
    try await withThrowingDiscardingTaskGroup { tasks in
      for address in addresses {
        for _ in 0..<connections {
          tasks.addTask(executorPreference: loop) { try await hold(address, on: loop, world) }
        }
      }
    }
  }

  /// Opens a connection, and another one a while after it was closed.
  private func hold(_ address: SocketAddress, on loop: EventLoop, _ world: World) async throws {
    while true {
      try Task.checkCancellation()
      if let stream = try? await loop.connect(to: address) {
        while (try? await stream.hasBytes()) == true {}
        stream.close()
      }
      try await world.sleep(for: .seconds(1))
    }
  }
}
