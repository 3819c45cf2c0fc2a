import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Notes what it stands around, and throws an error in the place of the handler when it is told to.
private struct Watcher: ServerInterceptor {
  let name: String
  let log: Log
  var refusal: (@Sendable (ServedCall) -> (any Error)?)?

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    log.add("\(name): \(call.method)")
    if let error = refusal?(call) { throw error }
    defer { log.add("\(name) ends") }
    return try await next()
  }
}

private enum Tenant {
  @TaskLocal static var current = "nobody"
}

/// Makes a header of the call a task local, and tells in the reply how long the handler took.
private struct Tenancy: ServerInterceptor {
  let world: World

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    let start = world.now
    let value = try await Tenant.$current.withValue(call.requestHeaders["tenant"] ?? "none") { try await next() }
    try call.setReplyHeader("took", "\((world.now - start) / .milliseconds(1))")
    return value
  }
}

private struct Twice: ServerInterceptor {
  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    _ = try await next()
    return try await next()
  }
}

/// Arguments that end in the middle of a field.
private struct Broken: ThriftStruct {
  static var thriftName: String { "arguments" }
  init() {}
  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {}
  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeFieldBegin("a", .i32, 1)
  }
}

private final class Refusals: ServerObserver {
  let log = Log()

  func callRefused(_ method: String, peer: EndpointAddress, refusal: CallRefusal) { log.add("\(method): \(refusal)") }
  func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {
    log.add("\(method) failed: \(error)")
  }
}

private func configured(
  _ interceptors: [any ServerInterceptor], observer: (any ServerObserver)? = nil
) -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.interceptors = interceptors
  if let observer { configuration.observers = [observer] }
  configuration.log = nil
  return configuration
}

@Suite("Interceptors of a server")
struct ServerInterceptorTests {
  @Test("stand around the handler, the first outermost, and see the method and the peer")
  func order() async throws {
    try await simulate(seed: 1) { world in
      let log = Log()
      let peers = Log()
      let interceptors: [any ServerInterceptor] = [
        Watcher(name: "outer", log: log),
        Watcher(name: "inner", log: log) { call in
          peers.add("\(call.peer)")
          return nil
        },
      ]
      world.server("a", configuration: configured(interceptors)) { a, b in
        log.add("handler")
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        #expect(try await endpoint.add(1, 2) == 3)
        #expect(try await endpoint.spend(3, 4) == 7)
        await endpoint.close()
      }
      let one = ["outer: Calculator.add", "inner: Calculator.add", "handler", "inner ends", "outer ends"]
      #expect(log.lines.prefix(5) == one[...])
      #expect(log.lines[5] == "outer: Calculator.spend")
      #expect(peers.lines.count == 2 && peers.lines.allSatisfy { $0.hasPrefix("10.") })
    }
  }

  @Test("see the call's headers, give handlers task locals, time the call and set headers of the reply")
  func headers() async throws {
    try await simulate(seed: 1) { world in
      let log = Log()
      world.server("a", configuration: configured([Tenancy(world: world)])) { a, b in
        log.add(Tenant.current)
        try await world.sleep(for: .milliseconds(7))
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        for framing in [Framing.header, .http] {
          var configuration = ClientConfiguration()
          configuration.framing = framing
          let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
          let (sum, headers) = try await withRequestHeaders(["tenant": "blue"]) {
            try await withReplyHeaders { try await endpoint.add(1, 2) }
          }
          #expect(sum == 3 && headers["took"] == "7.0")
          await endpoint.close()
        }
      }
      #expect(log.lines == ["blue", "blue"])
    }
  }

  @Test("refuse a call before its handler, in words that the client gets, and the connection goes on")
  func refusing() async throws {
    try await simulate(seed: 1) { world in
      let (log, observer) = (Log(), Refusals())
      let watcher = Watcher(name: "w", log: Log()) { call in
        call.method.name == "spend" ? CallRefusal("not for you", as: .unsupportedClientType) : nil
      }
      let busy = Watcher(name: "b", log: Log()) { call in
        call.method.name == "peek" ? CallRefusal("too busy") : nil
      }
      world.server("a", configuration: configured([watcher, busy], observer: observer)) { a, b in
        log.add("handler")
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      let client = ObservedClient(world)
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.observers = [client]
        let endpoint = try Endpoint(.tcp("a", 9090), configuration: configuration)
        let busy = await world.timed { try await endpoint.call(Calculator.peek, Calculator.Arguments(1, 1)) }
        #expect(busy.result.code == .overloaded)
        #expect(try await endpoint.add(1, 1) == 2)
        #expect(client.log.filter { $0.hasSuffix("opened") }.count == 1, "the connection is in step")
        let refused = await world.timed { try await endpoint.spend(1, 1) }
        #expect(refused.result.code == .applicationException)
        if case .failure(let error) = refused.result {
          #expect("\(error)".contains("unsupportedClientType: not for you"))
        }
        #expect(try await endpoint.add(1, 1) == 2)
        await endpoint.close()
      }
      #expect(log.lines == ["handler", "handler"])
      #expect(observer.log.lines == ["peek: loadShedding: too busy", "spend: unsupportedClientType: not for you"])
    }
  }

  @Test("their other errors are internal errors to the client, and known to the log alone")
  func failing() async throws {
    try await simulate(seed: 1) { world in
      struct Secret: Error {}
      let observer = Refusals()
      let watcher = Watcher(name: "w", log: Log()) { _ in Secret() }
      world.server("a", configuration: configured([watcher], observer: observer))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        let call = await world.timed { try await endpoint.add(1, 1) }
        #expect(call.result.code == .applicationException)
        if case .failure(let error) = call.result { #expect(!"\(error)".contains("Secret")) }
        await endpoint.close()
      }
      #expect(observer.log.lines == ["add failed: Secret()"])
    }
  }

  @Test("one that goes on twice runs the handler twice, with the same arguments")
  func twice() async throws {
    try await simulate(seed: 1) { world in
      let log = Log()
      world.server("a", configuration: configured([Twice()])) { a, b in
        log.add("\(a) \(b)")
        return a + b
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        #expect(try await endpoint.add(1, 2) == 3)
        #expect(try await endpoint.add(3, 4) == 7)
        await endpoint.close()
      }
      #expect(log.lines == ["1 2", "1 2", "3 4", "3 4"])
    }
  }

  @Test("arguments that cannot be read are answered as without interceptors, and no handler runs")
  func unreadable() async throws {
    try await simulate(seed: 1) { world in
      let log = Log()
      let handler: @Sendable (Int32, Int32) async throws -> Int32 = { a, b in
        log.add("handler")
        return a + b
      }
      world.server("plain", configuration: configured([]), handler)
      world.server("watched", configuration: configured([Watcher(name: "w", log: Log())]), handler)
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let method = MethodDescriptor<Broken, Calculator.Sum>(service: "Calculator", name: "add")
        var answers: [String] = []
        for name in ["plain", "watched"] {
          let endpoint = try Endpoint(.tcp(name, 9090))
          let call = await world.timed { try await endpoint.call(method, Broken()) }
          if case .failure(let error as RPCError) = call.result { answers.append("\(error.code): \(error.message)") }
          #expect(try await endpoint.spend(1, 1) == 2)
          await endpoint.close()
        }
        #expect(answers.count == 2 && answers[0] == answers[1])
        #expect(answers[0].contains("protocolError"))
      }
      #expect(log.lines == ["handler", "handler"])
    }
  }

  @Test("a oneway call that is refused is answered by nothing")
  func oneway() async throws {
    try await simulate(seed: 1) { world in
      let (log, observer) = (Log(), Refusals())
      let ping = MethodDescriptor<Calculator.Arguments, OnewayResult>(service: "Pings", name: "ping", isOneway: true)
      let watcher = Watcher(name: "w", log: log) { $0.isOneway ? CallRefusal("no") : nil }
      world.host("a").start {
        try await ThriftServer(
          on: .tcp("0.0.0.0", 9090), configuration: configured([watcher], observer: observer)
        ) {
          ThriftService(
            "Pings",
            [
              ServiceMethod(ping) { _ in log.add("ping") },
              ServiceMethod(Calculator.add) { arguments in
                log.add("add")
                return arguments.a
              },
            ])
        }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let endpoint = try Endpoint(.tcp("a", 9090))
        try await endpoint.call(ping, Calculator.Arguments(1, 1))
        #expect(try await endpoint.add(5, 1) == 5)
        await endpoint.close()
      }
      #expect(log.lines == ["w: Pings.ping", "w: Calculator.add", "add", "w ends"])
      #expect(observer.log.lines == ["ping: loadShedding: no"])
    }
  }
}
