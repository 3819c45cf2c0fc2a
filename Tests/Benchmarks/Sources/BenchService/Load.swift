public import SeaThrift

/// Calls from a number of concurrent callers for some time.
public struct Load: Sendable {
  /// How many callers there are.
  public var concurrency: Int
  /// How long they call.
  public var seconds: Double
  /// `add` or `echo`.
  public var method: String

  /// Describes a load.
  public init(concurrency: Int, seconds: Double, method: String) {
    self.concurrency = concurrency
    self.seconds = seconds
    self.method = method
  }

  /// Makes the calls, and returns how many succeeded in a second and how many failed in all.
  public func run(_ caller: any ThriftCaller) async -> (callsPerSecond: Double, failures: Int) {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start.advanced(by: .seconds(seconds))
    let (calls, failures) = await withTaskGroup(of: (Int, Int).self) { group in
      for _ in 0..<concurrency {
        group.addTask { await callUntil(end, clock, caller) }
      }
      return await group.reduce(into: (0, 0)) { sum, one in
        sum.0 += one.0
        sum.1 += one.1
      }
    }
    return (Double(calls) / ((clock.now - start) / .seconds(1)), failures)
  }

  private func callUntil(
    _ end: ContinuousClock.Instant, _ clock: ContinuousClock, _ caller: any ThriftCaller
  ) async -> (Int, Int) {
    let client = Bench.Client(caller)
    let payload = samplePayload()
    var calls = 0
    var failures = 0
    while clock.now < end {
      do {
        if method == "echo" { _ = try await client.echo(p: payload) } else { _ = try await client.add(a: 3, b: 4) }
        calls += 1
      } catch {
        failures += 1
      }
    }
    return (calls, failures)
  }
}

/// The configuration that `--policy` names: `none`, `default` or `recommended`.
public func configuration(policy: String, concurrency: Int) throws -> ClientConfiguration {
  var configuration = ClientConfiguration()
  switch policy {
  case "none":
    configuration.policy.perEndpoint.circuitBreaker = nil
    configuration.policy.perEndpoint.timeouts = Timeouts(connect: nil, pool: nil, write: nil, read: nil)
    configuration.policy.retry = Retry(0)
  case "default": break
  case "recommended": configuration.policy = .recommended
  default: throw ConfigurationError("--policy is none, default or recommended, not \(policy)")
  }
  configuration.policy.perEndpoint.pool.size = max(10, concurrency)
  return configuration
}
