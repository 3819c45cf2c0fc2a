import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("Races with a timer")
struct RaceTests {
  @Test("a body that ends at once takes no time, and leaves no timer behind")
  func immediate() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      _ = await loop.run {
        await race(until: loop.now.advanced(by: .seconds(10)), waking: Signal<Int>(), on: loop) {
        }
      }
      #expect(world.now == .zero)
    }
  }

  @Test("a body that is done when the time comes has won or lost, but never waits on")
  func sameInstant() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      let signal = Signal<Int>()
      world.schedule(after: .seconds(1)) { signal.give(1) }
      let value = try await loop.run {
        try await signal.value(until: loop.now.advanced(by: .seconds(1)), on: loop)
      }
      #expect(world.now == .seconds(1))
      #expect(value == 1, "it was given first")
    }
  }

  @Test("a cancelled race ends at once")
  func cancelled() async throws {
    try await simulate(seed: 1) { world in
      let loop = world.host("a").network.loops[0]
      let wasCancelled = await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            _ = try await loop.run {
              try await Signal<Int>().value(until: loop.now.advanced(by: .seconds(10)), on: loop)
            }
            return false
          } catch {
            return error is CancellationError
          }
        }
        try? await world.sleep(for: .seconds(1))
        group.cancelAll()
        return await group.next() ?? false
      }
      #expect(wasCancelled)
      #expect(world.now == .seconds(1))
    }
  }
}
