import SeaThriftStorm
import SeaThriftTesting
import Testing

@Suite("The storm")
struct StormTests {
  /// See ``Storm``. `SEATHRIFT_SEEDS=5000` runs more of them, `SEATHRIFT_SEED=17` a single one.
  @Test("no invariant is broken, whatever the seed")
  func storm() async throws {
    try await simulate(seeds: 200) { world in
      try await Storm.run(in: world)
    }
  }
}
