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

  @Test("a call's own hedge makes a second attempt, or none where the method has one; only for what may run twice")
  func hedge() async throws {
    try await simulate(seed: 1) { world in
      world.slowServer("a", .milliseconds(200))
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: both) { (group) async throws -> Void in
          func took(_ hedge: Hedge?, _ method: MethodDescriptor<Calculator.Arguments, Calculator.Sum>) async -> Duration
          {
            await world.timed {
              try await withPolicy {
                if let hedge { hedge }
              } operation: {
                try await group.call(method, .init(1, 1))
              }
            }.took
          }
          let hedge = Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1)
          #expect(await took(hedge, Calculator.peek.descriptor) < .milliseconds(22))
          #expect(await took(nil, Calculator.peek.descriptor) >= .milliseconds(200))
          #expect(await took(hedge, Calculator.add) >= .milliseconds(200))
          var policy = Policy()
          policy.methods["Calculator.peek"] = MethodPolicy()
          policy.methods["Calculator.peek"]?.hedge = hedge
          try await group.update(policy)
          #expect(await took(nil, Calculator.peek.descriptor) < .milliseconds(22))
          #expect(await took(Hedge(extraLoad: 0), Calculator.peek.descriptor) >= .milliseconds(200))
          // Equal hedges are one: of two calls at once, half as many again may be made.
          let half = Hedge(after: .fixed(.milliseconds(20)), extraLoad: 0.5)
          async let first = took(half, Calculator.peek.descriptor)
          async let second = took(half, Calculator.peek.descriptor)
          #expect(await [first, second].filter { $0 < .milliseconds(22) }.count == 1)
        }
      }
    }
  }

  /// The first arguments of the calls that a server gets, which has begun to listen.
  private func logOfServer(_ world: World) async throws -> Log {
    let served = Log()
    world.server("a") { a, b in
      served.add("\(a)")
      return a + b
    }
    try await world.sleep(for: .seconds(1))
    return served
  }

  @Test("a call says how old a kept reply may be, and shares the method's memory")
  func cache() async throws {
    try await simulate(seed: 1) { world in
      let served = try await logOfServer(world)
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
          Method(Calculator.peek) { Cache(ttl: .seconds(10)) }
        } body: { (group) async throws -> Void in
          func peek(_ a: Int32, _ cache: Cache?) async throws {
            let sum = try await withPolicy {
              if let cache { cache }
            } operation: {
              try await group.call(Calculator.peek, .init(a, 0))
            }
            #expect(sum == a)
          }
          try await peek(1, nil)
          try await world.sleep(for: .seconds(5))
          try await peek(1, Cache(ttl: .seconds(6)))
          #expect(served.lines == ["1"], "5 s are young enough")
          try await peek(2, nil)
          try await world.sleep(for: .seconds(2))
          try await peek(2, Cache(ttl: .seconds(1), staleIfError: .seconds(1)))
          #expect(served.lines == ["1", "2", "2"], "2 s are too old for it")
          try await peek(1, nil)
          #expect(served.lines.count == 3, "what is too old for one call is kept for the others")
          world.host("a").kill()
          try await world.sleep(for: .seconds(6))
          try await peek(2, nil)
          await #expect(throws: RPCError.self) { try await peek(2, Cache(ttl: .seconds(1))) }
          try await peek(2, Cache(ttl: .seconds(1), staleIfError: .seconds(9)))
        }
      }
    }
  }

  @Test("a call may be cached whose method has no cache, unless it must not be repeated")
  func cacheOfItsOwn() async throws {
    try await simulate(seed: 1) { world in
      let served = try await logOfServer(world)
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) { (group) async throws -> Void in
          try await withPolicy {
            Cache(ttl: .seconds(10))
          } operation: {
            for _ in 0..<3 { _ = try await group.call(Calculator.peek, .init(1, 1)) }
            #expect(served.lines == ["1"])
            for _ in 0..<2 { _ = try await group.add(2, 2) }
            #expect(served.lines == ["1", "2", "2"])
          }
          #expect(try await group.call(Calculator.peek, .init(1, 1)) == 2)
          #expect(served.lines.count == 4, "this call has no cache")
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
      Hedge()
    } operation: {
      await group.explain(Calculator.add) + group.explain(Calculator.peek)
    }
    #expect(
      text.contains("  Deadline        300ms                                     call; group: 800ms\n"), "\(text)")
    #expect(text.contains("  Retry           {retries: 0") && text.contains("call\n"), "\(text)")
    let hedges = text.split(separator: "\n").filter { $0.contains("Hedge") }
    #expect(hedges[0].hasSuffix("call; left out, because the IDL does not call it idempotent"), "\(text)")
    #expect(hedges[1].hasSuffix("  call"), "\(text)")
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
