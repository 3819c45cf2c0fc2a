import SeaThrift

func serveBoth(_ users: some Users.Handler, _ dictionary: some Dictionary.Handler) async throws {
  var configuration = ServerConfiguration()
  configuration.maxConnections = 10_000
  configuration.idleTimeout = .seconds(600)
  configuration.gracePeriod = .seconds(20)
  try await ThriftServer(on: .tcp("::", 9090), configuration: configuration) {
    Users.service(users)
    Dictionary.service(dictionary)
  }.run()
}

func readOnly(_ users: [Int32: User]) -> ThriftService {
  ThriftService(
    Users.serviceName,
    [
      ServiceMethod(Users.retrieve) { arguments in
        guard let user = users[arguments.id] else { throw NotFound(id: arguments.id) }
        return user
      }
    ])
}

func withoutStore(_ handler: some Users.Handler) -> ThriftService {
  var service = Users.service(handler)
  service.methods.removeAll { $0.name == Users.store.name }
  return service
}

func inTests() async throws {
  try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
    Dictionary.service(DictionaryHandler())
  } body: { address in
    try await look(at: address)
  }
}

struct SlowCallLog: ServerInterceptor {
  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    let start = ContinuousClock.now
    defer {
      let duration = ContinuousClock.now - start
      if duration > .milliseconds(100) { print("\(call.method) for \(call.peer) took \(duration)") }
    }
    return try await next()
  }
}

struct TokenCheck: ServerInterceptor {
  let isKnown: @Sendable (String) async throws -> Bool

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    guard let token = call.requestHeaders["authorization"], try await isKnown(token) else {
      throw CallRefusal("no token that is known", as: .unauthenticated, retry: .never)
    }
    try call.setReplyHeader("served-by", "users-1")
    return try await next()
  }
}

func guarded(_ isKnown: @escaping @Sendable (String) async throws -> Bool) -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.interceptors = [SlowCallLog(), TokenCheck(isKnown: isKnown).on(Users.store)]
  return configuration
}

struct StoreAudit: ServerInterceptor {
  let note: @Sendable (String) -> Void

  func applies(to method: MethodFacts) -> Bool { method.idempotency != .idempotent }

  nonisolated(nonsending) func intercept<Value>(
    _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    if let stored = try call.arguments(of: Users.store) {
      note("\(call.peer) stores user \(stored.user.id)")
    } else {
      note("\(call.peer) calls \(call.method) with \(try call.arguments)")
    }
    let value = try await next()
    note("\(call.method) returned \(call.result(value).map { "\($0)" } ?? "")")
    return value
  }
}

struct OutcomeCounter: ServerObserver {
  let count: @Sendable (_ method: String, _ outcome: String, _ duration: Duration) -> Void

  func callEnded(_ method: String, peer: EndpointAddress, duration: Duration, outcome: ServerCallOutcome) {
    count(method, "\(outcome.kind)", duration)
  }
}

func withLimits() throws -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.policy = try ServerPolicy {
    AdaptiveLimit(max: 500)
    ServedMethod(Users.retrieve) { RateLimit(1_000, burst: 100) }
    Shadow { Bulkhead(300) }
  }
  return configuration
}

func reloadLimits(_ server: ThriftServer, from document: String) async throws {
  try await server.update(ServerPolicy(json: document))
}
