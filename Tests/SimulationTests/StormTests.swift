import SeaThriftStorm
import SeaThriftTesting
import Testing

/// A few seeds of each kind of storm; `Tests/Storm/long` runs as many as there is time for.
@Suite("Storms")
struct StormTests {
  /// See ``Storm``. `SEATHRIFT_SEEDS=5000` runs more of them, `SEATHRIFT_SEED=17` a single one.
  @Test("no invariant is broken, whatever goes wrong")
  func storm() async throws {
    try await simulate(seeds: 25) { world in
      try await Storm.run(in: world)
    }
  }

  /// See ``PartialOutage``. `SEATHRIFT_SEEDS=5000` runs more of them, `SEATHRIFT_SEED=17` a single one.
  @Test("calls go to those that are well, and no more than a few to those that are not")
  func partialOutage() async throws {
    try await simulate(seeds: 25) { world in
      try await PartialOutage.run(in: world)
    }
  }
}
