import CrossTestIDL
import Glibc
import SeaThrift

/// The client of Apache's cross-language test: makes every call, compares, and ends with the sum of what failed.
@main
enum CrossTestClient {
  static func main() async {
    let options = CrossTestOptions.ofProcess(shortN: "testloops")
    let status = await withTaskGroup(of: Int32.self) { group in
      for _ in 0..<max(options.threads, 1) {
        group.addTask { await run(options) }
      }
      var status: Int32 = 0
      for await failed in group { status |= failed }
      return status
    }
    say(status == 0 ? "everything was right" : "failed: \(status)")
    exit(status)
  }

  private static func run(_ options: CrossTestOptions) async -> Int32 {
    var configuration = ClientConfiguration()
    configuration.framing = options.framing
    configuration.format = options.format
    configuration.limits = options.limits
    // Some servers take one connection at a time.
    configuration.policy.perEndpoint.pool.size = 1
    configuration.policy.retry = Retry(0)
    configuration.policy.perEndpoint.circuitBreaker = CircuitBreaker(.consecutive(1_000_000))
    configuration.policy.perEndpoint.timeouts = Timeouts(
      connect: .seconds(5), pool: .seconds(5), write: .seconds(20), read: .seconds(20))
    do {
      let endpoint = try Endpoint(
        options.unixAddress ?? .tcp(options.host, options.port), configuration: configuration)
      var checks = CrossTestChecks(endpoint, options)
      for _ in 0..<max(options.loops, 1) where !checks.isHopeless { await checks.makeAllCalls() }
      await endpoint.close()
      return checks.status
    } catch {
      say("\(error)", to: 2)
      return CrossTestOptions.usageStatus
    }
  }
}

/// Names methods with their service, as clients of multiplexed servers do.
struct Prefixed: ThriftCaller {
  let caller: any ThriftCaller
  let service: String

  nonisolated(nonsending) func call<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments
  ) async throws -> Result.Success {
    let named = MethodDescriptor<Arguments, Result>(
      service: method.service, name: "\(service):\(method.name)", isOneway: method.isOneway,
      idempotency: method.idempotency)
    return try await caller.call(named, arguments)
  }
}
