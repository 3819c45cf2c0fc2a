import SeaThrift
import SeaThriftTesting
import Testing

@Suite("A group's balancing in the simulated network")
struct BalancingTests {
  /// Servers that count what they serve, by name, and a group of them on a host of its own.
  private func withServers(
    _ names: [String], takes: Duration = .zero, _ source: EndpointSource? = nil,
    _ configuration: ClientConfiguration = ClientConfiguration(), @PolicyBuilder _ policies: () -> [PolicyElement],
    _ body: @escaping @Sendable (World, ServiceGroup, Log) async throws -> Void
  ) async throws {
    let elements = policies()
    let source = source ?? .list(names.map { .tcp($0, 9090) })
    try await simulate(seed: 1) { world in
      let served = Log()
      for name in names {
        world.server(name) { a, b in
          served.add(name)
          if takes > .zero { try await world.sleep(for: takes) }
          return a + b
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: source, configuration: configuration) {
          return elements
        } body: { (group) async throws -> Void in
          try await body(world, group, served)
        }
      }
    }
  }

  private func entry(_ name: String, weight: Double = 1, zone: String? = nil) -> EndpointEntry {
    EndpointEntry(.tcp(name, 9090), weight: weight, zone: zone)
  }

  @Test("endpoints get calls as their weights say, and new weights count at once")
  func weights() async throws {
    let weights = Lockless([1.0, 2.0, 7.0])
    let source = EndpointSource(entries: {
      zip(["a", "b", "c"], weights.value).map { EndpointEntry(.tcp($0, 9090), weight: $1) }
    })
    try await withServers(["a", "b", "c"], source) {
      Balance(.weighted)
    } _: { (world, group, served) async throws -> Void in
      for _ in 0..<1000 { _ = try await group.add(1, 1) }
      let first = served.counts()
      #expect((70...130).contains(first["a"] ?? 0), "\(first)")
      #expect((150...250).contains(first["b"] ?? 0), "\(first)")
      #expect((640...760).contains(first["c"] ?? 0), "\(first)")
      weights.value = [1, 1, 0.001]
      for _ in 0..<1000 { _ = try await group.add(1, 1) }
      let second = served.counts(after: 1000)
      #expect((430...570).contains(second["a"] ?? 0), "\(second)")
      #expect((second["c"] ?? 0) < 10, "\(second)")
    }
  }

  @Test("a weight out of its range is an error that names the endpoint")
  func badWeight() throws {
    let error = #expect(throws: PolicyError.self) {
      try ServiceGroup("sums", at: .list(entries: [entry("a"), entry("b", weight: 0)]))
    }
    #expect(error.map { "\($0)" } == "EndpointEntry(b:9090).weight is 0.0, allowed is 0.001...1000.0")
  }

  @Test("calls stay in their zone until too few of it are usable")
  func zones() async throws {
    let source = EndpointSource.list(entries: [
      entry("w1", zone: "west"), entry("e1", zone: "east"), entry("e2", zone: "east"), entry("w2", zone: "west"),
    ])
    try await withServers(["w1", "w2", "e1", "e2"], source) {
      Balance(.roundRobin, zone: "east", zoneShare: 0.5)
      PerEndpoint { CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(1000))) }
    } _: { (world, group, served) async throws -> Void in
      for _ in 0..<20 { _ = try await group.add(1, 1) }
      #expect(served.counts() == ["e1": 10, "e2": 10])
      world.host("e1").refuseConnections()
      world.host("e1").kill()
      for _ in 0..<20 { _ = try await group.add(1, 1) }
      #expect(served.counts(after: 20) == ["e2": 20], "one of two is enough")
      world.host("e2").refuseConnections()
      world.host("e2").kill()
      for _ in 0..<21 { _ = try await group.add(1, 1) }
      #expect(Set(served.counts(after: 40).keys) == ["w1", "w2"])
    }
  }

  @Test("a new endpoint gets its share of the calls little by little")
  func slowStart() async throws {
    let names = Lockless(["a", "b"])
    let source = EndpointSource { names.value.map { EndpointAddress.tcp($0, 9090) } }
    try await withServers(["a", "b", "c"], source) {
      Balance(.roundRobin, slowStart: .seconds(10))
    } _: { (world, group, served) async throws -> Void in
      func share(of count: Int) async throws -> Double {
        let before = served.lines.count
        for _ in 0..<count {
          _ = try await group.add(1, 1)
          try await world.sleep(for: .milliseconds(10))
        }
        return Double(served.counts(after: before)["c"] ?? 0) / Double(count)
      }
      #expect(try await share(of: 100) == 0)
      names.value = ["a", "b", "c"]
      let early = try await share(of: 200)
      #expect(early > 0 && early < 0.12, "\(early)")
      try await world.sleep(for: .seconds(2))
      let middle = try await share(of: 200)
      #expect(middle > early && middle < 0.3, "\(middle)")
      try await world.sleep(for: .seconds(5))
      let late = try await share(of: 300)
      #expect(late > 0.32 && late < 0.35, "\(late)")
    }
  }

  @Test("equal keys go to the same endpoint, and when one is gone only its keys move")
  func consistentHashing() async throws {
    try await withServers(["a", "b", "c", "d"]) {
      Balance(.consistentHash())
      Method(Calculator.add) { HashKey { "\($0.a)" } }
    } _: { (world, group, served) async throws -> Void in
      func owners() async throws -> [String] {
        let before = served.lines.count
        for key in 0..<40 as Range<Int32> { _ = try await group.add(key, 1) }
        return Array(served.lines.dropFirst(before))
      }
      let first = try await owners()
      #expect(try await owners() == first)
      #expect(Set(first).count == 4)
      world.host("b").refuseConnections()
      world.host("b").kill()
      // Until the breaker is open, a call finds out; it is retried elsewhere.
      _ = try await owners()
      let second = try await owners()
      for (old, new) in zip(first, second) { #expect(old == "b" ? new != "b" : new == old) }
    }
  }

  @Test("the key may be a header, and a key with too many calls at once shares them out")
  func boundedLoad() async throws {
    var configuration = ClientConfiguration()
    configuration.framing = .header
    try await withServers(["a", "b", "c", "d"], takes: .milliseconds(50), nil, configuration) {
      Balance(.consistentHash(bound: 1.25))
      HashKey(header: "tenant")
      PerEndpoint { Pool(size: 100) }
    } _: { (world, group, served) async throws -> Void in
      @Sendable func call(_ tenant: String) async throws {
        _ = try await withRequestHeaders(["tenant": tenant]) { try await group.add(1, 1) }
      }
      for _ in 0..<10 { try await call("blue") }
      #expect(served.counts().count == 1)
      for tenant in 0..<40 { try await call("\(tenant)") }
      #expect(served.counts(after: 10).count == 4)
      let codes = await world.codes(40) { try await call("blue") }
      #expect(codes.allSatisfy { $0 == nil })
      let burst = served.counts(after: 50)
      #expect((burst.values.max() ?? 0) <= 13, "1.25 times the tenth of 40, rounded up: \(burst)")
      #expect(burst.count == 4)
    }
  }

  @Test("no more than the set share of the endpoints is left out, those that failed first")
  func maxEjected() async throws {
    try await withServers(["a", "b", "c", "d"]) {
      Balance(.roundRobin, maxEjected: 0.5)
      Retry(3)
      PerEndpoint { CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(1000))) }
    } _: { (world, group, served) async throws -> Void in
      for name in ["a", "b", "c"] {
        world.host(name).refuseConnections()
        world.host(name).kill()
      }
      for _ in 0..<8 { _ = try await group.add(1, 1) }
      #expect(await group.breakerStates.values.count { $0 == .open } == 3)
      world.host("d").kill()
      let error = await #expect(throws: RPCError.self) { try await group.add(1, 1) }
      // Three are open: two of them are left out, the third is asked, and its breaker refuses.
      let asked = error?.attempts.filter { ($0.error as? RPCError)?.code == .circuitOpen } ?? []
      #expect(asked.count == 1, "\(error?.trace ?? "")")
    }
  }

  @Test("an adaptive limit finds out how many calls a server takes at once")
  func adaptiveLimit() async throws {
    try await simulate(seed: 1) { world in
      let running = Counter()
      let most = Counter()
      // Ten calls at once take 10 ms; more than ten take longer in proportion.
      world.server("a") { a, b in
        running.count += 1
        most.count = max(most.count, running.count)
        let factor = max(1, Double(running.count) / 10)
        defer { running.count -= 1 }
        try await world.sleep(for: .milliseconds(10) * factor * factor)
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          AdaptiveLimit(initial: 10, min: 5, max: 200)
          PerEndpoint {
            Pool(size: 200)
            Timeouts(read: .seconds(5))
          }
        } body: { (group) async throws -> Void in
          let refused = Counter()
          await withDiscardingTaskGroup { tasks in
            for _ in 0..<60 {
              tasks.addTask {
                while world.now < .seconds(6) {
                  let call = await world.timed { try await group.add(1, 1) }
                  if call.result.code == .bulkheadFull { refused.count += 1 }
                  if world.now > .seconds(3), world.now < .seconds(3.1) { most.count = 0 }
                  try? await world.sleep(for: .milliseconds(20))
                }
              }
            }
          }
          #expect(refused.count > 0)
          #expect((8...30).contains(most.count), "\(most.count) at once")
        }
      }
    }
  }
}

/// A value that a test changes while a function reads it.
private final class Lockless<Value: Sendable>: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  var value: Value

  init(_ value: Value) { self.value = value }
}

extension Log {
  /// How often each line is there.
  fileprivate func counts(after skipped: Int = 0) -> [String: Int] {
    lines.dropFirst(skipped).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
