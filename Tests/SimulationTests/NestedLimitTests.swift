import SeaThriftTesting
import Testing

@Suite("Limits of a method and of its group")
struct NestedLimitTests {
  /// How many calls of `add` and of `peek` get a place when ten of each begin at once.
  private func places(group: Bulkhead?, add: Bulkhead?) async throws -> [Int] {
    let counts = Log()
    try await withTrial(
      ["a"],
      {
        $0.policy.bulkhead = group
        $0.policy.retry = Retry(0)
        $0.policy.perEndpoint.pool.size = 100
        if let add {
          var method = MethodPolicy()
          method.bulkhead = add
          $0.policy.methods["Calculator.add"] = method
        }
      }, handle: { world, _ in try await world.sleep(for: .milliseconds(10)) }
    ) { trial in
      async let adds = trial.world.codes(10) { try await trial.group.add(1, 1) }
      let peeks = await trial.world.codes(10) { try await trial.peek() }
      for codes in [await adds, peeks] { counts.add("\(codes.count { $0 == nil })") }
      #expect(await trial.group.heldByCalls == [])
    }
    return counts.lines.compactMap { Int($0) }
  }

  @Test("both hold")
  func both() async throws {
    let found = try await places(group: Bulkhead(6), add: Bulkhead(4))
    #expect(found.reduce(0, +) == 6 && found[0] <= 4, "\(found)")
  }

  @Test("the method's own is no way around the group's")
  func wider() async throws {
    let found = try await places(group: Bulkhead(3), add: Bulkhead(10))
    #expect(found.reduce(0, +) == 3, "\(found)")
  }

  @Test("either alone holds too")
  func alone() async throws {
    #expect(try await places(group: nil, add: Bulkhead(4)) == [4, 10])
    #expect(try await places(group: Bulkhead(5), add: nil).reduce(0, +) == 5)
  }
}
