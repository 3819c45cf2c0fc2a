import SeaThriftTesting

/// A group of servers in a world, a client that is watched, and what became of its calls.
struct Trial: Sendable {
  let world: World
  let group: ServiceGroup
  let client: ObservedClient
  /// The names of the servers that handled the calls, in order.
  let served: Log

  /// How many attempts went to a server.
  func attempts(at name: String) -> Int { client.attemptsAt[.tcp(name, 9090)] ?? 0 }

  /// How often the breaker of a server opened.
  func openings(of name: String) -> Int { client.openings[.tcp(name, 9090)] ?? 0 }

  /// Makes calls one after the other; returns the codes of their errors, those of the last attempt where it was retried, and
  /// nothing for those that succeeded.
  func calls(
    _ count: Int, every pause: Duration = .zero,
    _ call: (ServiceGroup) async throws -> Int32 = { try await $0.add(1, 1) }
  ) async throws -> [RPCError.Code?] {
    var failures: [RPCError.Code?] = []
    for _ in 0..<count {
      do { _ = try await call(group) } catch {
        let error = error as? RPCError
        failures.append((error?.attempts.last?.error as? RPCError)?.code ?? error?.code)
      }
      if pause > .zero { try await world.sleep(for: pause) }
    }
    return failures
  }

  func peek(_ a: Int32 = 1, _ b: Int32 = 1) async throws -> Int32 { try await group.call(Calculator.peek, .init(a, b)) }
}

/// Runs `body` with a group of these servers, which listen since a second.
///
/// - Parameters:
///   - source: of the endpoints; the list of the servers by default.
///   - policy: changes ``Policy/default``.
///   - handle: what the servers do, by name.
func withTrial(
  _ names: [String], seed: UInt64 = 1, source: EndpointSource? = nil,
  server: ServerConfiguration = ServerConfiguration(),
  _ policy: @escaping @Sendable (inout ClientConfiguration) -> Void = { _ in },
  handle: @escaping @Sendable (World, String) async throws -> Void = { _, _ in },
  _ body: @escaping @Sendable (Trial) async throws -> Void
) async throws {
  try await simulate(seed: seed) { world in
    let served = Log()
    var quiet = server
    quiet.log = nil
    for name in names {
      world.server(name, configuration: quiet) { a, b in
        served.add(name)
        try await handle(world, name)
        return a + b
      }
    }
    try await world.sleep(for: .seconds(1))
    try await world.host("client").run {
      let client = ObservedClient(world)
      var configuration = ClientConfiguration()
      configuration.observers = [client]
      policy(&configuration)
      let source = source ?? .list(names.map { .tcp($0, 9090) })
      try await withServiceGroup("sums", at: source, configuration: configuration) { group in
        try await body(Trial(world: world, group: group, client: client, served: served))
      }
    }
  }
}

/// What a handler throws that no IDL declares.
struct Undeclared: Error {}

extension ClientConfiguration {
  /// No failure opens a circuit.
  mutating func neverOpens() { policy.perEndpoint.circuitBreaker = nil }
}
