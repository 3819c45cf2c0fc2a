import SeaThrift

func reload(_ group: ServiceGroup, from document: String) async throws {
  let policy = try Policy(json: document)
  try policy.validate(for: Users.self)
  try await group.update(policy)
}

func modernGroup(_ endpoints: EndpointSource) throws -> ServiceGroup {
  try ServiceGroup("users", at: endpoints) {
    Policy.recommended
    Deadline(.seconds(2))
  }
}

func fetching(_ fetch: @escaping @Sendable () async throws -> String) async throws -> String {
  let pipeline = try Pipeline {
    Deadline(.milliseconds(800))
    Retry(2, backoff: .exponential(from: .milliseconds(20)))
    CircuitBreaker(.consecutive(5))
    AttemptTimeout(.milliseconds(250))
  }
  return try await pipeline.run(fetch)
}

struct Authentication: ClientInterceptor {
  let token: @Sendable () async throws -> String

  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    try await withRequestHeaders(["authorization": try await token()]) { try await next() }
  }
}

struct CallLog: ClientInterceptor {
  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    do {
      return try await next()
    } catch {
      print("\(step.method?.qualifiedName ?? "connecting") failed: \((error as? RPCError)?.trace ?? "\(error)")")
      throw error
    }
  }
}

func watched(_ token: @escaping @Sendable () async throws -> String) -> ClientConfiguration {
  var configuration = ClientConfiguration()
  configuration.framing = .header
  configuration.interceptors.call = [CallLog(), Authentication(token: token).on(Users.store)]
  configuration.interceptors.attempt = [AttemptLog()]
  return configuration
}

func lookedUp(_ word: String, in words: Dictionary.Client) async throws -> String {
  // A dictionary costs little, and is worth a second attempt whoever calls.
  try await withRetriesSuppressed(false) { try await words.define(word: word) }
}

struct AttemptLog: ClientInterceptor {
  nonisolated(nonsending) func intercept<Value>(
    _ step: InterceptedStep, next: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    let value = try await next()
    if let asked = step.arguments(of: Users.retrieve), let user = step.result(value, of: Users.retrieve) {
      print("user \(asked.id) is \(user.name), attempt \(step.attempt ?? 1)")
    }
    return value
  }
}

func watching(_ endpoints: EndpointSource, _ observer: any ClientObserver) throws -> ServiceGroup {
  var configuration = ClientConfiguration()
  configuration.observers = [observer]
  return try ServiceGroup("users", at: endpoints, configuration: configuration) {
    Policy.recommended
    Shadow {
      RateLimit(500)
      CircuitBreaker(.errorRate(0.2, of: 50, within: .seconds(10)))
    }
  }
}

func patient(_ group: ServiceGroup) async throws -> User {
  try await withPolicy {
    Retry(0)
    Timeouts(read: .seconds(30))
  } operation: {
    try await Users.Client(group).retrieve(id: 2)
  }
}

func inEast(_ discovered: @escaping @Sendable () -> [EndpointEntry]) throws -> ServiceGroup {
  try ServiceGroup("users", at: EndpointSource(entries: { discovered() })) {
    Balance(.roundRobin, maxEjected: 0.5, slowStart: .seconds(30), zone: "east", zoneShare: 0.7)
  }
}

func sharing(
  _ store: any BreakerStateStore, _ endpoints: EndpointSource, _ body: @Sendable (ServiceGroup) async throws -> Void
) async throws {
  let hints = try BreakerHints(store)
  var configuration = ClientConfiguration()
  configuration.breakerHints = hints
  try await withThrowingDiscardingTaskGroup { tasks in
    tasks.addTask { await hints.run() }
    try await withServiceGroup("users", at: endpoints, configuration: configuration, body)
    tasks.cancelAll()
  }
}

func fetchingSomething(_ pipeline: Pipeline, _ fetch: @escaping @Sendable () async throws -> String) async throws
  -> String
{
  try await pipeline.run(
    judging: { result in
      switch result {
      case .success(let page): page.isEmpty ? .failure : .success
      case .failure(let error): error is DecodingError ? .success : .failure
      }
    }, fetch)
}

func serve(_ endpoints: EndpointSource, until isOver: @escaping @Sendable () async -> Void) async throws {
  let group = try ServiceGroup("users", at: endpoints) {
    Policy.recommended
    PerEndpoint { Pool(minimum: 2) }
  }
  try await withThrowingTaskGroup { tasks in
    tasks.addTask { try await group.run() }
    await isOver()
    await group.shutdown(within: .seconds(5))
    try await tasks.waitForAll()
  }
}

func spread(_ endpoints: EndpointSource) throws -> ServiceGroup {
  var configuration = ClientConfiguration()
  configuration.spread = .everyLoop
  return try ServiceGroup("users", at: endpoints, configuration: configuration)
}
