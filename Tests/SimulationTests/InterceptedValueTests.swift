import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Notes the arguments and the result of what it stands around.
private struct Looking: ServerInterceptor, ClientInterceptor {
  let log: Log
  var name = ""
  /// Whether it looks at the arguments before it goes on.
  var looks = true

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    if looks, let arguments = try call.arguments as? Calculator.Arguments { log.add("\(arguments.a) \(arguments.b)") }
    let value = try await next()
    if let sum = call.result(value) as? Calculator.Sum { log.add("result \(sum.success ?? 0)") }
    if let sum = call.result(value, of: Calculator.spend) { log.add("spent \(sum)") }
    return value
  }

  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    let arguments = step.arguments(of: Calculator.add).map { "\($0.a) \($0.b)" } ?? "none"
    log.add("\(name) \(arguments), attempt \(step.attempt ?? 0), \(step.headers["tenant"] ?? "no tenant")")
    do {
      let value = try await next()
      log.add("\(name) result \(step.result(value, of: Calculator.add) ?? 0)")
      return value
    } catch {
      log.add("\(name) failed")
      throw error
    }
  }
}

/// Keeps the call that it stands around, and looks at its arguments when it is over.
private final class Late: ServerInterceptor {
  private let calls = Lock([ServedCall]())

  var seen: [Result<String, any Error>] {
    calls.withLock { $0 }.map { call in
      Result { (try call.arguments as? Calculator.Arguments).map { "\($0.a) \($0.b)" } ?? "others" }
    }
  }

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    calls.withLock { $0.append(call) }
    if call.method.name == "spend" { throw CallRefusal("not today") }
    return try await next()
  }
}

/// Stands around the methods that an annotation names.
private struct Annotated: ServerInterceptor {
  let log: Log

  func applies(to method: MethodFacts) -> Bool { method.annotations["audited"] != nil }

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    log.add("\(call.service) \(call.method)")
    return try await next()
  }
}

@Suite("What interceptors see of a call")
struct InterceptedValueTests {
  private func run(
    _ interceptors: [any ServerInterceptor], _ body: @escaping @Sendable (Endpoint) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.interceptors = interceptors
      world.server("a", configuration: configuration)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        try await body(endpoint)
        await endpoint.close()
      }
    }
  }

  @Test("a server's: the arguments before the handler runs, and its result", arguments: [true, false])
  func served(looks: Bool) async throws {
    let log = Log()
    try await run([Looking(log: log, looks: looks)]) { (endpoint) async throws -> Void in
      #expect(try await endpoint.add(1, 2) == 3)
      #expect(try await endpoint.spend(3, 4) == 7)
    }
    #expect(
      log.lines == (looks ? ["1 2", "result 3", "3 4", "result 7", "spent 7"] : ["result 3", "result 7", "spent 7"]))
  }

  @Test("a server's, kept for later: that call's arguments, or an error when they were not read")
  func late() async throws {
    let late = Late()
    try await run([late]) { (endpoint) async throws -> Void in
      #expect(try await endpoint.add(1, 2) == 3)
      await #expect(throws: RPCError.self) { try await endpoint.spend(3, 4) }
      #expect(try await endpoint.add(5, 6) == 11)
    }
    let seen = late.seen
    let read = try [seen[0].get(), seen[2].get()]
    #expect(read == ["1 2", "5 6"])
    #expect(throws: CodecError.self) { try seen[1].get() }
  }

  @Test("a server's, on some methods: what is asked for stands around them alone")
  func onMethods() async throws {
    let (log, audit) = (Log(), Log())
    try await run([Looking(log: log).on(Calculator.spend), Annotated(log: audit)]) { (endpoint) async throws -> Void in
      #expect(try await endpoint.add(1, 2) == 3)
      #expect(try await endpoint.spend(3, 4) == 7)
    }
    #expect(log.lines == ["3 4", "result 7", "spent 7"])
    #expect(audit.lines.isEmpty)
    try await simulate(seed: 1) { world in
      let method = MethodDescriptor<Calculator.Arguments, Calculator.Sum>(
        service: "Base", name: "add", annotations: ["audited": ["true"]])
      let handler = ServiceMethod(method) { $0.a + $0.b }
      world.host("a").start {
        var configuration = ServerConfiguration()
        configuration.interceptors = [Annotated(log: audit)]
        try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
          ThriftService("Derived", [handler])
        }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        #expect(try await endpoint.add(1, 2) == 3)
        await endpoint.close()
      }
    }
    #expect(audit.lines == ["Derived Base.add"])
  }

  @Test("a client's: arguments, headers, the attempt's number and the result, around calls and attempts")
  func called() async throws {
    let log = Log()
    try await simulate(seed: 1) { world in
      world.server("a").refuseConnections()
      world.server("b")
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .header
        configuration.interceptors.call = [
          Looking(log: log, name: "call").on(Calculator.add), Looking(log: log, name: "other").on(Calculator.spend),
        ]
        configuration.interceptors.attempt = [Looking(log: log, name: "attempt").on(Calculator.add)]
        let endpoints: EndpointSource = [.tcp("a", 9090), .tcp("b", 9090)]
        try await withServiceGroup("sums", at: endpoints, configuration: configuration) {
          (group) async throws -> Void in
          let sum = try await withRequestHeaders(["tenant": "blue"]) { try await group.add(1, 2) }
          #expect(sum == 3)
        }
      }
    }
    #expect(
      log.lines == [
        "call 1 2, attempt 0, blue", "attempt 1 2, attempt 1, blue", "attempt failed",
        "attempt 1 2, attempt 2, blue", "attempt result 3", "call result 3",
      ])
  }
}
