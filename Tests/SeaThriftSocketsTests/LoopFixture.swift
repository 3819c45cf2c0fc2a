import SeaThriftSockets
import SeaThriftTime

/// A kernel network of one loop, for one test, whose thread ends with it.
func withLoop<Value: Sendable>(_ body: @escaping @Sendable (EventLoop) async throws -> Value) async throws -> Value {
  let network = try Network(loopCount: 1)
  defer { network.shutDown() }
  let loop = network.loops[0]
  return try await loop.run { try await body(loop) }
}

/// Two connected streams on one loop: the connecting side and the accepted one.
func withStreams<Value: Sendable>(
  at address: SocketAddress = SocketAddress(.ipv4(0x7F00_0001, port: 0)),
  _ body: @escaping @Sendable (ByteStream, ByteStream) async throws -> Value
) async throws -> Value {
  try await withLoop { loop in
    let listener = try loop.listen(on: address, backlog: 16)
    defer { listener.close() }
    let near = try await loop.connect(to: listener.address)
    let far = try await listener.accept(onto: loop)
    try await far.open()
    defer {
      near.close()
      far.close()
    }
    return try await body(near, far)
  }
}

extension ByteStream {
  /// Writes all of `bytes`, waiting as often as it must; returns how often that was.
  @discardableResult
  func writeAll(_ bytes: [UInt8]) async throws -> Int {
    var offset = 0
    var waits = 0
    while offset < bytes.count {
      let count = try bytes.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      if let count {
        offset += count
      } else {
        waits += 1
        try await waitUntilWritable()
      }
    }
    return waits
  }

  /// What is there, up to so many bytes; nil for nothing.
  func readSome(_ count: Int) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0) }
    return count.map { Array(bytes[..<$0]) }
  }

  /// Reads `count` bytes, or fewer when the stream ends before.
  func readAll(_ count: Int) async throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let step: Int? = try bytes.withUnsafeMutableBytes {
        try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[offset...]))
      }
      switch step {
      case 0: return Array(bytes[..<offset])
      case let count?: offset += count
      case nil: try await waitUntilReadable()
      }
    }
    return bytes
  }
}
