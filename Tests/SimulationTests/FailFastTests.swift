import SeaThriftTesting
import Testing

@Suite("A server that fails at once")
struct FailFastTests {
  static let algorithms: [Balance.Algorithm] = [
    .inOrder, .shuffled, .roundRobin, .weighted, .leastLoaded, .powerOfTwoChoices, .peakEWMA(), .consistentHash(),
  ]

  /// How many of the calls go to `a`, which fails at once while the others take 5 ms.
  private func share(
    seconds: Int = 2, callers: Int = 4, _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void,
    break breakServer: @escaping @Sendable (World) -> Void = { _ in }
  ) async throws -> Double {
    let share = Share()
    try await withTrial(
      ["a", "b", "c"], policy,
      handle: { world, name in
        if name == "a" { throw Undeclared() }
        try await world.sleep(for: .milliseconds(5))
      }
    ) { trial in
      breakServer(trial.world)
      let end = trial.world.now + .seconds(seconds)
      await withDiscardingTaskGroup { tasks in
        for _ in 0..<callers {
          tasks.addTask {
            while trial.world.now < end {
              _ = try? await trial.group.add(1, 1)
              try? await trial.world.sleep(for: .milliseconds(10))
            }
          }
        }
      }
      share.value = Double(trial.attempts(at: "a")) / Double(max(1, trial.client.attempts))
    }
    return share.value
  }

  private final class Share: @unchecked Sendable {
    // @unchecked: used on the world's thread only.
    var value = 0.0
  }

  @Test("is soon left alone, whatever the balance", arguments: algorithms)
  func isLeftAlone(algorithm: Balance.Algorithm) async throws {
    let share = try await share { $0.policy.balance = Balance(algorithm) }
    #expect(share < 0.02, "\(share) of the attempts")
  }

  @Test("is soon left alone with the presets", arguments: [Policy.default, .recommended])
  func presets(policy: Policy) async throws {
    let share = try await share { $0.policy = policy }
    #expect(share < 0.02, "\(share) of the attempts")
  }

  @Test(
    "gets no more than its share without a breaker, though it has never anything to do",
    arguments: [Balance.Algorithm.leastLoaded, .powerOfTwoChoices, .peakEWMA()])
  func withoutBreaker(algorithm: Balance.Algorithm) async throws {
    let share = try await share(seconds: 1, callers: 10) {
      $0.policy.balance = Balance(algorithm)
      $0.neverOpens()
    }
    #expect(share < 0.36, "\(share) of the attempts")
  }

  @Test(
    "or refuses at once gets no more than its share either",
    arguments: [Balance.Algorithm.leastLoaded, .powerOfTwoChoices, .peakEWMA()])
  func refusing(algorithm: Balance.Algorithm) async throws {
    let share = try await share {
      $0.policy.balance = Balance(algorithm)
      $0.neverOpens()
    } break: { world in
      world.host("a").refuseConnections()
      world.host("a").kill()
    }
    #expect(share < 0.36, "\(share) of the attempts")
  }

  @Test("has failed to its breaker, as one that answers what it declares has not")
  func verdicts() async throws {
    try await withTrial(
      ["a"], { $0.policy.retry = Retry(0) },
      handle: { _, _ in
        throw Undeclared()
      }
    ) { trial in
      let failures = try await trial.calls(5)
      #expect(failures == Array(repeating: .applicationException, count: 4) + [.unavailable])
      #expect(trial.openings(of: "a") == 1)
    }
  }
}
