import Glibc
import SeaThriftSockets
import SeaThriftTime
import Testing

@Suite("A stream over the kernel's sockets")
struct ByteStreamTests {
  static let addresses: [SocketAddress] = [
    SocketAddress(.ipv4(0x7F00_0001, port: 0)),
    SocketAddress(.ipv6(high: 0, low: 1, port: 0, zone: 0)),
    SocketAddress(.unix(path: "/tmp/seathrift-\(getpid())-stream.sock")),
    SocketAddress(.abstractUnix(name: "seathrift-\(getpid())-stream")),
  ]

  @Test("carries bytes both ways, over IPv4, IPv6 and unix sockets", arguments: addresses)
  func bothWays(address: SocketAddress) async throws {
    let (there, back) = try await withStreams(at: address) { near, far in
      try await near.writeAll([1, 2, 3])
      let there = try await far.readAll(3)
      try await far.writeAll([4, 5])
      return (there, try await near.readAll(2))
    }
    #expect(there == [1, 2, 3])
    #expect(back == [4, 5])
  }

  @Test("completes writes larger than the kernel's buffers, a piece at a time")
  func largeWrites() async throws {
    let bytes = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let (received, waits) = try await withStreams { near, far in
      try await withThrowingTaskGroup(of: [UInt8].self) { group in
        group.addTask { try await far.readAll(bytes.count) }
        let waits = try await near.writeAll(bytes)
        return (try await group.next() ?? [], waits)
      }
    }
    #expect(received == bytes)
    #expect(waits > 0, "the write never had to wait, so this tested nothing")
  }

  @Test("still receives after it has ended its own sending")
  func halfClose() async throws {
    let (rest, answer, noticed) = try await withStreams { near, far in
      try await near.writeAll([9])
      near.finishWriting()
      let rest = try await far.readAll(10)
      let noticed = far.isPeerClosed
      try await far.writeAll([8])
      return (rest, try await near.readAll(1), noticed)
    }
    #expect(rest == [9])
    #expect(answer == [8])
    #expect(noticed)
  }

  @Test("tells once when the peer has closed, while nobody reads")
  func peerClosed() async throws {
    let calls = try await withStreams { near, far in
      var calls = 0
      await withUnsafeContinuation { continuation in
        near.onPeerClosed = {
          calls += 1
          continuation.resume()
        }
        far.close()
      }
      return calls
    }
    #expect(calls == 1)
  }

  @Test("turns a broken connection into an error, never into a signal")
  func brokenPipe() async throws {
    await #expect(throws: SocketError.self) {
      try await withStreams { near, far in
        far.close()
        for _ in 0..<100 { try await near.writeAll([UInt8](repeating: 0, count: 65_536)) }
      }
    }
  }

  @Test("ends every wait with the error it is aborted with, and refuses work from then on")
  func abort() async throws {
    let expected = SocketError(.timedOut, "enough")
    let errors = try await withStreams { near, far in
      let waiting = await withTaskGroup(of: SocketError?.self) { group in
        group.addTask {
          do throws(SocketError) { try await near.waitUntilReadable() } catch { return error }
          do throws(SocketError) {
            _ = try near.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
            try await near.waitUntilReadable()
          } catch { return error }
          return nil
        }
        near.abort(expected)
        return await group.next() ?? nil
      }
      do throws(SocketError) {
        try await near.waitUntilWritable()
        return (waiting, SocketError?.none)
      } catch { return (waiting, error) }
    }
    #expect(errors.0 == expected)
    #expect(errors.1 == expected)
  }

  @Test("is aborted by the cancellation of the task that uses it, and of no other")
  func cancellation() async throws {
    let network = try Network(loopCount: 1)
    defer { network.shutDown() }
    let loop = network.loops[0]
    let (near, far, listener) = try await loop.run {
      let listener = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 4)
      let near = try await loop.connect(to: listener.address)
      let far = try await listener.accept(onto: loop)
      try await far.open()
      return (near, far, listener)
    }
    // A user that has ended is cancelled later: nothing happens to the stream.
    let early = Task { await loop.run { await near.abortingOnCancel { true } } }
    #expect(await early.value)
    early.cancel()
    let echoed = try await loop.run {
      try await far.writeAll([5])
      return try await near.readAll(1)
    }
    #expect(echoed == [5])
    // A user that still waits is cancelled: its wait ends.
    let late = Task { try await loop.run { try await near.abortingOnCancel { try await near.readAll(1) } } }
    await loop.run { await Task.yield() }
    late.cancel()
    let error = await #expect(throws: SocketError.self) { try await late.value }
    #expect(error?.code == .cancelled)
    await loop.run {
      near.close()
      far.close()
      listener.close()
    }
  }

  @Test("says that the connection was refused where nobody listens")
  func refused() async throws {
    let error = await #expect(throws: SocketError.self) {
      try await withLoop { loop in
        let listener = try loop.listen(on: SocketAddress(.ipv4(0x7F00_0001, port: 0)), backlog: 1)
        listener.close()
        _ = try await loop.connect(to: listener.address)
      }
    }
    #expect(error?.code == .refused)
  }
}
