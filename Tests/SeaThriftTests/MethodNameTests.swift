import SeaThrift
import SeaThriftTesting
import Testing

@Suite("A policy that names methods")
struct MethodNameTests {
  private struct Handler: Inventory.Handler, Orders.Handler {
    func ping() async throws {}
    func count(item: String) async throws -> Int32 { 3 }
    func reserve(item: String) async throws {}
    func total() async throws -> Int32 { 5 }
  }

  private static func policy(_ names: String...) throws -> Policy {
    try Policy(json: #"{"methods": {\#(names.map { "\"\($0)\": {}" }.joined(separator: ", "))}}"#)
  }

  private static func serverPolicy(_ name: String) throws -> ServerPolicy {
    try ServerPolicy(json: #"{"methods": {"\#(name)": {"bulkhead": {"concurrent": 1}}}}"#)
  }

  @Test("a generated service has the names of its methods, inherited ones by the service that declares them")
  func names() {
    #expect(Inventory.methodNames == ["Inventory.count", "Inventory.reserve", "Base.ping"])
    #expect(Inventory.ping.qualifiedName == "Base.ping")
  }

  @Test(
    "is refused when the service has no such method, with the name that was meant",
    arguments: [
      ("Inventory.reserv", "Inventory.reserve"), ("Inventory.Reserve", "Inventory.reserve"),
      ("Inventroy.reserve", "Inventory.reserve"), ("reserve", "Inventory.reserve"),
      ("Stock.count", "Inventory.count"), ("Inventory.ping", "Base.ping"), ("Inventory.destroy", nil),
      ("Orders.total", nil),
    ] as [(String, String?)])
  func validated(written: String, meant: String?) throws {
    let hint = meant.map { "; did you mean \"\($0)\"?" } ?? ""
    let names = "one of \"Base.ping\", \"Inventory.count\", \"Inventory.reserve\"\(hint)"
    let error = PolicyError(policy: "Policy", field: "methods", value: "\"\(written)\"", allowed: names)
    #expect(throws: error) { try Self.policy(written).validate(for: Inventory.self) }
    #expect(throws: error) { try Self.serverPolicy(written).validate(for: Inventory.self) }
  }

  @Test("is taken when the services have them all")
  func valid() throws {
    try Self.policy().validate(for: Inventory.self)
    try Self.policy("Inventory.count", "Base.ping").validate(for: Inventory.self)
    try Self.policy("Inventory.count", "Orders.total").validate(for: Inventory.self, Orders.self)
    var tooMany = try Self.policy("Inventory.count")
    tooMany.retry.retries = -1
    let check = { [tooMany] in try tooMany.validate(for: Inventory.self) }
    #expect(throws: PolicyError.self, performing: check)
  }

  private static func withInventory(
    _ policy: Policy, _ body: @escaping @Sendable (ServiceGroup) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      world.host("server").start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) {
          Inventory.service(Handler())
          Orders.service(Handler())
        }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy = policy
        try await withServiceGroup("stock", at: [.tcp("server", 9090)], configuration: configuration, body)
      }
    }
  }

  @Test(
    "makes the first call fail when the called service has no such method",
    arguments: ["Inventory.reserv", "reserve", "Inventory.ping", "Base.count"])
  func firstCall(written: String) async throws {
    try await Self.withInventory(try Self.policy(written, "Inventory.count")) { group in
      let inventory = Inventory.Client(group)
      for _ in 1...2 {
        let error = await #expect(throws: RPCError.self) { _ = try await inventory.count(item: "nut") }
        #expect(error?.code == .invalidRequest)
        #expect(error?.isUnsent == true)
        #expect(error?.message.contains("\"\(written)\"") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("did you mean") == true, "\(error?.message ?? "")")
      }
      // A policy that is right mends it.
      try await group.update(Self.policy("Inventory.count"))
      #expect(try await inventory.count(item: "nut") == 3)
    }
  }

  @Test("is refused by a group that has called the service, which keeps the one it has")
  func update() async throws {
    try await Self.withInventory(try Self.policy("Inventory.count")) { group in
      let inventory = Inventory.Client(group)
      var counts = [try await inventory.count(item: "nut")]
      let wrong = try Self.policy("Inventory.coutn")
      await #expect(throws: PolicyError.self) { try await group.update(wrong) }
      counts.append(try await inventory.count(item: "nut"))
      #expect(counts == [3, 3])
      #expect(await group.policy.methods.keys.sorted() == ["Inventory.count"])
    }
  }

  @Test("may name those of other services, which the same group may call later")
  func otherServices() async throws {
    try await Self.withInventory(try Self.policy("Inventory.count", "Orders.total")) { group in
      #expect(try await Inventory.Client(group).count(item: "nut") == 3)
      try await Inventory.Client(group).ping()
    }
  }

  @Test("is refused by a server that has no such method, with the name that was meant")
  func server() throws {
    var configuration = ServerConfiguration()
    configuration.policy = try Self.serverPolicy("Inventory.cuont")
    var text = "no error"
    do {
      _ = try ThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration) { Inventory.service(Handler()) }
    } catch let error as ConfigurationError {
      text = error.description
    }
    #expect(text.hasSuffix("; did you mean \"Inventory.count\"?"), "\(text)")
  }

  @Test("of a server names an inherited method by the service that is hosted, or by the one that declares it")
  func inherited() throws {
    for policy in [
      try Self.serverPolicy("Inventory.ping"), try Self.serverPolicy("Base.ping"),
      try ServerPolicy { ServedMethod(Inventory.ping) { Bulkhead(1) } },
    ] {
      var configuration = ServerConfiguration()
      configuration.policy = policy
      _ = try ThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration) { Inventory.service(Handler()) }
    }
  }
}

@Suite("The description of an error")
struct ErrorDescriptionTests {
  @Test("has durations as the trace has them")
  func durations() {
    let cause = RPCError(.readTimeout, "no reply")
    let attempt = RPCError.Attempt(
      endpoint: .tcp("10.0.0.1", 9090), error: cause, start: .nanoseconds(1_500_999), duration: .milliseconds(250))
    let error = RPCError(.unavailable, "all attempts failed", attempts: [attempt])
    #expect(
      error.description == """
        unavailable: all attempts failed
          attempt 1 at +1500us to 10.0.0.1:9090, 250ms: readTimeout: no reply
        """)
    #expect(error.trace.contains("after 1500us, 10.0.0.1:9090 took 250ms"))
  }
}
