import SeaThrift

func makeGroup() throws -> ServiceGroup {
  let configuration = ClientConfiguration()
    .retries(on: TemporarilyUnavailable.self)
    .countsAsFailure(TemporarilyUnavailable.self)
  return try ServiceGroup("users", at: .dns("users.internal", port: 9090), configuration: configuration) {
    Deadline(.milliseconds(800))
    Retry(
      2, backoff: .exponential(from: .milliseconds(20), cap: .milliseconds(200), jitter: .full),
      budget: .share(0.1, floor: 1, over: .seconds(10)))
    Balance(.peakEWMA(decay: .seconds(10)), panicBelow: 0.5)
    PerEndpoint {
      CircuitBreaker(
        .any(.failures(over: 3, within: .seconds(60)), .errorRate(0.5, of: 20, within: .seconds(10))),
        reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .equal), probes: 1)
      Timeouts(connect: .milliseconds(100), pool: .milliseconds(100), read: .milliseconds(250))
      Pool(size: 10, waiters: 100, idle: .seconds(60), lifetime: .seconds(1800))
    }
    Method(Users.retrieve) {
      Hedge(after: .percentile(0.95), extraLoad: 0.02)
      Fallback { _ in .anonymous }
    }
  }
}

extension User {
  static let anonymous = User(id: 0, name: "anonymous")
}

func retrieve(_ users: Users.Client) async throws -> User {
  try await withDeadline(.milliseconds(300)) { try await users.retrieve(id: 2) }
}

func rotating(_ addresses: [EndpointAddress]) -> EndpointSource {
  EndpointSource { addresses.shuffled() }
}

struct Counted: ThriftCaller {
  let next: any ThriftCaller
  let count: @Sendable (String) -> Void

  nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    count(method.name)
    return try await next.call(method, arguments)
  }
}

struct BreakerLog: ClientObserver {
  func callEnded(_ report: CallReport) {
    print("\(report.method): \(report.duration), \(report.attempts) attempts, \(report.times.read) for the server")
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {
    print("\(endpoint): \(transition.from) to \(transition.to)")
  }
}
