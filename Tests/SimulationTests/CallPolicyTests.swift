import SeaThrift
import SeaThriftTesting
import Testing

private let both: EndpointSource = [.tcp("a", 9090), .tcp("b", 9090)]

@Suite("Policies of single calls")
struct CallPolicyTests {
  @Test("a call's retries and timeouts replace its group's and method's, within its scope only")
  func replaces() async throws {
    try await simulate(seed: 1) { world in
      for name in ["a", "b"] { world.slowServer(name, .milliseconds(400)) }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) {
          Retry(3)
          Method(Calculator.add) { Timeouts(read: .milliseconds(100)) }
        } body: { (group) async throws -> Void in
          let own = await world.timed {
            try await withPolicy {
              Retry(0)
              Timeouts(read: .milliseconds(30))
            } operation: {
              try await group.add(1, 1)
            }
          }
          #expect(own.result.attempts == [.readTimeout])
          #expect(own.took > .milliseconds(30) && own.took < .milliseconds(31))
          let patient = try await withPolicy {
            Timeouts(read: .seconds(1))
          } operation: {
            try await group.add(1, 1)
          }
          #expect(patient == 2)
          let usual = await world.timed { try await group.add(1, 1) }
          #expect(usual.result.attempts.count == 2, "two endpoints, without a pause between the attempts")
        }
      }
    }
  }

  @Test("of all deadlines the shortest counts, and an inner scope counts before an outer one")
  func layers() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .seconds(10))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Deadline(.milliseconds(300))
          Retry(0)
          PerEndpoint { Timeouts(read: .seconds(5)) }
        } body: { (group) async throws -> Void in
          func took(_ deadlines: [Duration]) async -> Duration {
            await world.timed { try await nested(deadlines[...]) { try await group.add(1, 1) } }.took
          }
          #expect(await took([.milliseconds(100)]) == .milliseconds(100))
          #expect(await took([.seconds(1)]) == .milliseconds(300))
          #expect(await took([.milliseconds(100), .seconds(1)]) == .milliseconds(100))
          #expect(await took([.seconds(1), .milliseconds(70)]) == .milliseconds(70))
          let inner = await world.timed {
            try await withPolicy {
              Timeouts(read: .milliseconds(40))
              Retry(0)
            } operation: {
              try await withPolicy {
                Timeouts(read: .milliseconds(20))
              } operation: {
                try await group.add(1, 1)
              }
            }
          }
          #expect(inner.result.attempts == [.readTimeout])
          #expect(inner.took > .milliseconds(20) && inner.took < .milliseconds(21))
        }
      }
    }
  }

  @Test("the calls of one endpoint heed them, and headers stay with them")
  func endpoint() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .milliseconds(100))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .header
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        let call = await world.timed {
          try await withRequestHeaders(["tenant": "blue"]) {
            try await withPolicy {
              Deadline(.milliseconds(20))
            } operation: {
              try await endpoint.add(1, 1)
            }
          }
        }
        #expect(call.result.code == .deadlineExceeded)
        #expect(call.took == .milliseconds(20))
        await endpoint.close()
      }
    }
  }

  @Test("an explanation names what is the call's own")
  func explained() async throws {
    let group = try ServiceGroup("sums", at: both) { Deadline(.milliseconds(800)) }
    let text = try await withPolicy {
      Deadline(.milliseconds(300))
      Retry(0)
    } operation: {
      await group.explain(Calculator.add)
    }
    #expect(
      text.contains("  Deadline        300ms                                     call; group: 800ms\n"), "\(text)")
    #expect(text.contains("  Retry           {retries: 0") && text.contains("call\n"), "\(text)")
    #expect(await !group.explain(Calculator.add).contains("call\n"))
    await group.close()
  }

  @Test("a value out of range, and a slot that is given twice, is an error that names it, and nothing is called")
  func mistakes() async throws {
    let range = await #expect(throws: PolicyError.self) {
      try await withPolicy {
        Retry(-1)
      } operation: {
        Issue.record("called")
      }
    }
    #expect(range.map { "\($0)" } == "Retry.retries is -1, allowed is 0...1000")
    let twice = await #expect(throws: PolicyError.self) {
      try await withPolicy {
        Retry(1)
        Retry(2)
      } operation: {
        Issue.record("called")
      }
    }
    #expect(twice.map { "\($0)" } == "withPolicy.Retry is given twice, allowed is one")
  }
}

private func nested(
  _ deadlines: ArraySlice<Duration>, _ body: @Sendable () async throws -> Int32
) async throws -> Int32 {
  guard let first = deadlines.first else { return try await body() }
  return try await withPolicy {
    Deadline(first)
  } operation: {
    try await nested(deadlines.dropFirst(), body)
  }
}
