import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("Races with a timer")
struct RaceTests {
  @Test("a body that ends at once takes no time, and leaves no timer behind")
  func immediate() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      await loop.run {
        await race(until: loop.now.advanced(by: .seconds(10)), on: loop) {
        } body: {
        }
      }
      #expect(world.now == .zero)
    }
  }

  @Test("a body that is done when the time comes has won or lost, but never waits on")
  func sameInstant() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      let promise = LoopPromise<Int>(on: loop)
      world.schedule(after: .seconds(1)) { promise.settle(.success(1)) }
      let value: Int? = try? await loop.run {
        try await race(until: loop.now.advanced(by: .seconds(1)), on: loop) {
          promise.settle(.failure(SocketError(.timedOut, "late")))
        } body: { () throws(SocketError) in
          try await promise.value()
        }
      }
      #expect(world.now == .seconds(1))
      #expect(value == 1, "it was settled first")
    }
  }

  @Test("a cancelled race ends at once")
  func cancelled() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      let promise = LoopPromise<Int>(on: loop)
      let error = await withTaskGroup(of: SocketError?.self) { group in
        group.addTask {
          do throws(SocketError) {
            _ = try await loop.run { () async throws(SocketError) in
              try await race(until: loop.now.advanced(by: .seconds(10)), on: loop) {
              } body: { () throws(SocketError) in
                try await promise.value()
              }
            }
            return nil
          } catch {
            return error
          }
        }
        try? await world.sleep(for: .seconds(1))
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(error?.code == .cancelled)
      #expect(world.now == .seconds(1))
    }
  }
}
