public import SeaThriftTime

/// Spreads calls over endpoints of any kind: a ``Balance`` at work.
public final class Balancer<Endpoint: Sendable>: Sendable {
  private struct State {
    var machine: BalancerStateMachine
    var endpoints: [Int: Endpoint] = [:]
  }

  private let state: Lock<State>
  private let time: TimeSource

  /// Creates a balancer of these endpoints.
  ///
  /// - Parameters:
  ///   - endpoints: Among whom calls are spread; none is allowed, and then every call fails.
  ///   - policy: How the next one is chosen.
  ///   - time: The clock and the random numbers; by default ``TimeSource/current``.
  ///   - identity: What tells an endpoint from the others; of those with the same one, only the first counts.
  /// - Throws: when a field of the policy is out of its range.
  public init(
    _ endpoints: [Endpoint], _ policy: Balance = Balance(), time: TimeSource = .current,
    identity: (Endpoint) -> String
  ) throws(PolicyError) {
    try policy.validate()
    var initial = State(machine: BalancerStateMachine(policy))
    let slots = initial.machine.update(endpoints.map { BalancedEndpoint(identity($0)) }, at: time.now)
    for (slot, endpoint) in zip(slots, endpoints) where initial.endpoints[slot] == nil {
      initial.endpoints[slot] = endpoint
    }
    state = Lock(initial)
    self.time = time
  }

  /// Runs `body` with the endpoint whose turn it is.
  ///
  /// - Parameters:
  ///   - key: What consistent hashing goes by; equal keys get the same endpoint.
  ///   - judging: What the end of `body` means; by default an error is a failure, save cancellation.
  ///   - body: The call, to the endpoint that it is given.
  /// - Throws: what `body` throws, or a ``ResilienceError`` of the code `noEndpoint`.
  public func run<Value>(
    key: String = "", judging: Judge<Value>? = nil, _ body: nonisolated(nonsending) (Endpoint) async throws -> Value
  ) async throws -> Value {
    let start = time.now
    let chosen: (Int, Endpoint)? = state.withLock { state in
      var generator = time.generator
      let hash = key.isEmpty ? 0 : StableHash.hash(key.utf8)
      guard let choice = state.machine.choose(key: hash, at: start, using: &generator) else { return nil }
      state.machine.began(choice.slot)
      return state.endpoints[choice.slot].map { (choice.slot, $0) }
    }
    guard let (slot, endpoint) = chosen else { throw ResilienceError(.noEndpoint, "there is no endpoint to use") }
    let result: Result<Value, any Error>
    do { result = .success(try await body(endpoint)) } catch { result = .failure(error) }
    let (verdict, end) = (judging?(result) ?? usualVerdict(result), time.now)
    state.withLock { $0.machine.ended(slot, verdict, latency: start.duration(to: end), at: end) }
    return try result.get()
  }
}
