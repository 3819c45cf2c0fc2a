import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Refuses the first calls, with a header of the reply as it is given.
private struct Refusing: ServerInterceptor {
  let header: String
  let calls = Counter()
  var refusals = Int.max

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    calls.count += 1
    if calls.count > refusals { return try await next() }
    try call.setReplyHeader("thrift-retry-pushback-ms", header)
    throw CallRefusal("busy")
  }
}

private struct Advising: RetryAdvising {
  let retryAdvice: RetryAdvice?
}

extension World {
  /// What a call of a group with one endpoint ends with, against a server with an interceptor.
  fileprivate func call(
    _ interceptor: Refusing, framing: Framing = .header, deadline: Duration = .seconds(3_600), _ retry: Retry = Retry(),
    endpoints: EndpointSource = [.tcp("a", 9090)], _ balance: Balance? = nil
  ) async throws -> (result: Result<Int32, any Error>, took: Duration) {
    var configuration = ServerConfiguration()
    configuration.interceptors = [interceptor]
    server("a", configuration: configuration)
    try await sleep(for: .seconds(1))
    let end = Lock<(result: Result<Int32, any Error>, took: Duration)?>(nil)
    try await host("client").run {
      var configuration = ClientConfiguration()
      configuration.framing = framing
      try await withServiceGroup("sums", at: endpoints, configuration: configuration) {
        if let balance { balance }
        retry
        Deadline(deadline)
      } body: { (group) async throws -> Void in
        let timed = await self.timed { try await group.add(1, 1) }
        end.withLock { $0 = timed }
      }
    }
    return try #require(end.withLock { $0 })
  }
}

@Suite("Push-back")
struct PushBackTests {
  @Test(
    "a call that is told when to come back does, then, over every framing with headers", arguments: Framing.allCases)
  func comesBack(framing: Framing) async throws {
    try await simulate(seed: 1) { world in
      guard framing.carriesHeaders else { return }
      let (result, took) = try await world.call(Refusing(header: "700", refusals: 1), framing: framing)
      #expect(result.value == 2)
      #expect(took > .milliseconds(700) && took < .milliseconds(702))
    }
  }

  @Test("an endpoint that is listed many times is no other endpoint, which could be asked at once")
  func listedOften() async throws {
    try await simulate(seed: 1) { world in
      let often = EndpointSource { [EndpointAddress](repeating: .tcp("a", 9090), count: 3) }
      let backoff = Retry(1, backoff: .constant(.milliseconds(10)))
      let (result, took) = try await world.call(
        Refusing(header: "700", refusals: 1), backoff, endpoints: often, Balance(.roundRobin))
      #expect(result.value == 2)
      #expect(took > .milliseconds(700) && took < .milliseconds(702))
    }
  }

  @Test(
    "what is no number of milliseconds means never, whatever it is",
    arguments: [
      "-1", "-0", "", " ", "NaN", "nan", "inf", "1e3", "+5", "5.5", "0x10", "5 5", "٣", "soon",
      "99999999999999999999999", "9223372036854775807", "31622400001",
    ])
  func never(header: String) async throws {
    try await simulate(seed: 1) { world in
      let refusing = Refusing(header: header)
      let (result, took) = try await world.call(refusing, Retry(5))
      #expect(result.code == .overloaded)
      #expect(refusing.calls.count == 1)
      #expect(took < .milliseconds(2))
    }
  }

  @Test("nobody makes a call wait beyond its deadline, or longer than its policy allows")
  func bounded() async throws {
    try await simulate(seed: 1) { world in
      let refusing = Refusing(header: "5000")
      let (result, took) = try await world.call(refusing, deadline: .seconds(4))
      #expect(result.code == .unavailable && refusing.calls.count == 1 && took < .milliseconds(2))
    }
    try await simulate(seed: 1) { world in
      let refusing = Refusing(header: "10001")
      let (result, took) = try await world.call(refusing)
      #expect(result.code == .overloaded && refusing.calls.count == 1 && took < .milliseconds(2))
    }
    try await simulate(seed: 1) { world in
      let refusing = Refusing(header: "10001", refusals: 1)
      let (result, took) = try await world.call(refusing, Retry(pushBackLimit: .seconds(11)))
      #expect(result.value == 2 && took > .seconds(10))
    }
  }

  @Test("a rate limit of a server says when the next token is there, and the client comes then")
  func rateLimit() async throws {
    for framing in [Framing.header, .framed] {
      try await simulate(seed: 1) { world in
        var serving = ServerConfiguration()
        serving.policy.limits.rateLimit = RateLimit(1, per: .seconds(2))
        world.server("a", configuration: serving)
        try await world.sleep(for: .seconds(1))
        try await world.host("client").run {
          var configuration = ClientConfiguration()
          configuration.framing = framing
          try await withServiceGroup("sums", at: [.tcp("a", 9090)], configuration: configuration) {
            (group) async throws -> Void in
            #expect(try await group.spend(1, 1) == 2)
            let second = await world.timed { try await group.spend(1, 1) }
            if framing == .header {
              #expect(
                second.result.value == 2 && second.took > .milliseconds(1_990) && second.took < .milliseconds(2_010))
            } else {
              #expect(second.result.code == .unavailable && second.took < .milliseconds(2))
            }
          }
        }
      }
    }
  }

  @Test("an endpoint that has too much to do does not keep the call from going to another at once")
  func elsewhere() async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.interceptors = [Refusing(header: "5000")]
      world.server("a", configuration: configuration)
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .header
        let both: EndpointSource = [.tcp("a", 9090), .tcp("b", 9090)]
        try await withServiceGroup("sums", at: both, configuration: configuration) { (group) async throws -> Void in
          let call = await world.timed { try await group.spend(1, 1) }
          #expect(call.result.value == 2 && call.took < .milliseconds(3))
        }
      }
    }
  }

  @Test("what an error of a handler advises reaches the client, and the caller of an endpoint sees it")
  func handlers() async throws {
    try await simulate(seed: 1) { world in
      var serving = ServerConfiguration()
      serving.log = nil
      world.server("a", configuration: serving) { a, _ in
        throw Advising(retryAdvice: a == 0 ? nil : a < 0 ? .never : .after(.microseconds(1_500)))
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .header
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        for (argument, advice) in [(0, nil), (-1, .never), (1, .after(.milliseconds(2)))] as [(Int32, RetryAdvice?)] {
          let error = await #expect(throws: RPCError.self) { try await endpoint.add(argument, 0) }
          #expect(error?.code == .applicationException && error?.retryAdvice == advice)
        }
        await endpoint.close()
      }
    }
  }
}
