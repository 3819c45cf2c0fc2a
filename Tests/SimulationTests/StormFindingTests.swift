import SeaThriftSockets
import SeaThriftTesting
import Testing

/// One test for each cause that a storm's seed has led to. Documentation/Decisions/simulation-findings.md tells about them.
@Suite("What the storms have found")
struct StormFindingTests {
  @Test("a group whose circuits were all open takes calls again, which find out who is back (seed 9)", arguments: [1, 3])
  func placesWhenAllAreOpen(endpoints: Int) async throws {
    // The places of the group's gate followed the endpoints that may be chosen: there were none for the probes.
    try await simulate(seed: 9) { world in
      let names = (0..<endpoints).map { "server\($0)" }
      for name in names { world.server(name) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: .list(names.map { .tcp($0, 9090) })) { group in
          for name in names { world.host(name).kill() }
          for _ in 0..<20 { _ = try? await group.add(1, 1) }
          #expect(await group.breakerStates.values.allSatisfy { $0 == .open })
          for name in names { world.host(name).restart() }
          // The breaker rests for 10 s.
          try await world.sleep(for: .seconds(20))
          #expect(try await group.add(1, 1) == 2)
          #expect(await group.heldByCalls.isEmpty)
        }
      }
    }
  }
}
