import SeaThrift

func makeGroup() throws -> ServiceGroup {
  var configuration = ClientConfiguration()
    .retries(on: TemporarilyUnavailable.self)
    .countsAsFailure(TemporarilyUnavailable.self)
  configuration.timeouts = Timeouts(connect: .milliseconds(50), pool: .milliseconds(50), read: .milliseconds(200))
  configuration.pool = Pool(size: 20)
  configuration.retry = Retry(2)
  configuration.circuitBreaker = CircuitBreaker(
    .failures(over: 3, within: .seconds(60)),
    reopen: .exponential(from: .seconds(10), cap: .seconds(300), jitter: .equal))
  return try ServiceGroup("users", at: [.tcp("10.0.0.1", 9090), .tcp("10.0.0.2", 9090)], configuration: configuration)
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
  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress) {
    print("\(endpoint): \(transition.from) to \(transition.to)")
  }
}
