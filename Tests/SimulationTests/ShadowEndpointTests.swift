import SeaThrift
import SeaThriftTesting
import Testing

@Suite("Policies that only watch endpoints and connections")
struct ShadowEndpointTests {
  @Test("each step of an attempt that took longer is noted, and none is ended")
  func timeouts() async throws {
    try await withWatchedGroup(["a"]) {
      PerEndpoint { Pool(size: 1) }
      Shadow {
        Timeouts(
          connect: .microseconds(1), pool: .milliseconds(10), write: .milliseconds(10), read: .milliseconds(20),
          attempt: .milliseconds(70))
      }
    } _: { (world, group, observer) async throws -> Void in
      #expect(await world.codes(2) { try await group.add(1, 1) } == [nil, nil])
      #expect(
        observer.lines
          == [
            "Timeouts.connect: ended after 1us", "Timeouts.read: ended after 20ms", "Timeouts.pool: ended after 10ms",
            "Timeouts.read: ended after 20ms", "Timeouts.attempt: ended after 70ms",
          ].map { "\($0) Calculator.add a:9090" })
    }
  }

  @Test("a request that the endpoint takes slowly is noted")
  func slowWrite() async throws {
    try await withWatchedGroup(["a"]) {
      PerEndpoint { Timeouts(write: .seconds(10), read: .seconds(10)) }
      Shadow { Timeouts(write: .milliseconds(10), read: nil) }
    } _: { (world, group, observer) async throws -> Void in
      world.host("client").setBuffers(sendBytes: 8, receiveBytes: 8)
      world.host("a").setBuffers(sendBytes: 8, receiveBytes: 8)
      world.host("a").setReadRate(bytesPerSecond: 500)
      #expect(try await group.add(1, 1) == 2)
      #expect(observer.lines == ["Timeouts.write: ended after 10ms Calculator.add a:9090"])
    }
  }

  @Test("a pool notes the attempts for which it would have had no connection, or a new one")
  func pool() async throws {
    try await withWatchedGroup(["a"]) {
      Shadow { Pool(size: 2, waiters: 1, idle: .seconds(1)) }
    } _: { (world, group, observer) async throws -> Void in
      #expect(await world.codes(4) { try await group.add(1, 1) } == [nil, nil, nil, nil])
      let expected = ["connected", "connected", "delayed", "refused"].map { "Pool: \($0) Calculator.add a:9090" }
      #expect(observer.lines == expected)
      #expect(await world.codes(2) { try await group.add(1, 1) } == [nil, nil])
      #expect(observer.lines.count == 4, "both connections are free again")
      try await world.sleep(for: .seconds(2))
      #expect(try await group.add(1, 1) == 2)
      #expect(observer.lines.dropFirst(4) == ["Pool: connected Calculator.add a:9090"], "they were idle for too long")
    }
  }

  @Test("a balance notes the attempts that it would have sent elsewhere")
  func balance() async throws {
    try await withWatchedGroup(["a", "b"]) {
      Shadow { Balance(.roundRobin) }
    } _: { (world, group, observer) async throws -> Void in
      for _ in 0..<4 { _ = try await group.add(1, 1) }
      #expect(observer.lines == Array(repeating: "Balance: chose b:9090 Calculator.add a:9090", count: 2))
    }
  }

  @Test("a balance knows the load, and which circuits are open")
  func balanceHealth() async throws {
    try await withWatchedGroup(["a", "b"]) {
      Balance(.roundRobin)
      PerEndpoint { CircuitBreaker(.consecutive(1), reopen: .constant(.seconds(60))) }
      Shadow { Balance(.inOrder) }
    } _: { (world, group, observer) async throws -> Void in
      for _ in 0..<2 { _ = try await group.add(1, 1) }
      #expect(observer.lines == ["Balance: chose a:9090 Calculator.add b:9090"])
      world.host("a").kill()
      for _ in 0..<4 { _ = try await group.add(1, 1) }
      #expect(observer.lines.count == 1, "it would not have chosen what is down, or was tried already")
    }
    try await withWatchedGroup(["a", "b"]) {
      Shadow { Balance(.leastLoaded) }
    } _: { (world, group, observer) async throws -> Void in
      #expect(await world.codes(2) { try await group.add(1, 1) } == [nil, nil])
      #expect(observer.lines == ["Balance: chose b:9090 Calculator.add a:9090"])
    }
  }

  @Test("a balance looks ahead in a sequence without changing what calls see of it", arguments: [false, true])
  func balanceOfSequence(isEndless: Bool) async throws {
    let asked = Log()
    let addresses = [EndpointAddress.tcp("a", 9090), .tcp("b", 9090), .tcp("c", 9090)]
    let source = EndpointSource {
      asked.add("once")
      return sequence(state: 0) { index in
        defer { index += 1 }
        return isEndless || index < 3 ? addresses[index % 3] : nil
      }
    }
    try await withWatchedGroup(["b", "c"], from: source) {
      Shadow { Balance(.roundRobin) }
    } _: { (world, group, observer) async throws -> Void in
      for _ in 0..<3 { #expect(try await group.add(1, 1) == 2) }
      #expect(asked.lines.count == 3, "once for each call")
      // The turns go on with the attempts: a fails each time, and b answers.
      #expect(observer.lines == Array(repeating: "Balance: chose c:9090 Calculator.add a:9090", count: 2))
    }
  }

  @Test("a fallback notes the errors that it would have replaced, and its code is not run")
  func fallback() async throws {
    let others = try ServiceGroup("others", at: [.tcp("b", 9090)])
    try await withWatchedGroup(["a"]) {
      Retry(0)
      Shadow { Fallback(to: others) }
    } _: { (world, group, observer) async throws -> Void in
      #expect(try await group.add(1, 1) == 2)
      #expect(observer.lines.isEmpty)
      world.host("a").kill()
      await #expect(throws: RPCError.self) { try await group.add(1, 1) }
      #expect(observer.lines == ["Fallback: served Calculator.add"])
    }
    try await withWatchedGroup(["a"]) {
      Method(Calculator.add) {
        Shadow {
          Fallback<Int32> { _ in
            Issue.record("run")
            return 0
          }
        }
      }
    } _: { (world, group, observer) async throws -> Void in
      world.host("a").kill()
      await #expect(throws: RPCError.self) { try await group.add(1, 1) }
      await #expect(throws: RPCError.self) { try await group.spend(1, 1) }
      #expect(observer.lines == ["Fallback: served Calculator.add"], "it is one method's")
    }
  }

  @Test("where there are no endpoints, what would watch them is an error that names it")
  func outsideOfGroups() throws {
    let shadows: [(String, Shadow)] = [
      ("Balance", Shadow { Balance() }), ("Pool", Shadow { Pool() }), ("Timeouts", Shadow { Timeouts() }),
      ("Fallback", Shadow { Fallback(value: 1) }), ("Cache", Shadow { Cache() }),
      ("SingleFlight", Shadow { SingleFlight() }),
    ]
    for (name, shadow) in shadows {
      let error = #expect(throws: PolicyError.self) { try Pipeline { shadow } }
      #expect(error.map { "\($0)" } == "Shadow.\(name) is given, allowed is only in a ServiceGroup")
      #expect(throws: PolicyError.self) { try ShadowPolicy.Runner(shadow.policy()) { _ in } }
    }
  }
}
