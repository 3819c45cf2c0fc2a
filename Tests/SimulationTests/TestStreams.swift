import SeaThriftSockets
import SeaThriftTesting

/// A listener and the ends of one connection to it, on two hosts.
struct TestConnection: Sendable {
  let client: ByteStream
  let server: ByteStream
}

extension World {
  /// Connects host "a" to host "b" at port 80, where it listens for this one connection.
  func connection() async throws -> TestConnection {
    let listener = try await listen()
    let client = try await connect()
    let server = try await listener.accept()
    await listener.on { $0.close() }
    return TestConnection(client: client, server: server)
  }

  /// Listens on host "b" at port 80.
  func listen(backlog: Int = 16) async throws -> Listener {
    try await host("b").run {
      try Network.current.loops[0].listen(on: SocketAddress(.ipv4(0, port: 80)), backlog: backlog)
    }
  }

  /// Connects host "a" to host "b" at port 80.
  func connect() async throws -> ByteStream {
    let target = host("b").port80
    return try await host("a").run { try await Network.current.loops[0].connect(to: target) }
  }
}

extension Host {
  /// Where it listens.
  var port80: SocketAddress { SocketAddress(literal: address, port: 80) ?? SocketAddress(.ipv4(0, port: 80)) }
}

extension Listener {
  /// Accepts a connection, on the listener's own loop.
  func accept() async throws -> ByteStream {
    let loop = loop
    return try await loop.run {
      let stream = try await self.accept(onto: loop)
      try await stream.open()
      return stream
    }
  }

  func on<Value: Sendable>(_ body: @escaping @Sendable (Listener) -> Value) async -> Value {
    await loop.run { body(self) }
  }
}

extension ByteStream {
  /// Does something on the stream's loop.
  func on<Value: Sendable>(_ body: @escaping @Sendable (ByteStream) throws -> Value) async rethrows -> Value {
    try await loop.run { try body(self) }
  }

  /// Writes all of it, waiting as often as it takes.
  func send(_ bytes: [UInt8]) async throws {
    try await loop.run {
      var offset = 0
      while offset < bytes.count {
        let count = try bytes.withUnsafeBytes { try self.write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
        if let count { offset += count } else { try await self.waitUntilWritable() }
      }
    }
  }

  /// Reads up to `count` bytes, less only at the end of the stream.
  func receive(_ count: Int) async throws -> [UInt8] {
    try await loop.run {
      var received: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: max(1, count))
      while received.count < count {
        let missing = count - received.count
        let part = try buffer.withUnsafeMutableBytes {
          try self.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<missing]))
        }
        if part == 0 { break }
        if let part { received += buffer[..<part] } else { try await self.waitUntilReadable() }
      }
      return received
    }
  }

  /// Writes as much as the buffers take, at once.
  func fill() async throws -> Int {
    try await on { stream in
      let block = [UInt8](repeating: 7, count: 10_000)
      var total = 0
      while let count = try block.withUnsafeBytes({ try stream.write($0) }) { total += count }
      return total
    }
  }
}
