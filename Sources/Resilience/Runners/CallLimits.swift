package import SeaThriftTime

/// A policy that is asked before the first attempt of a call, and may let it wait or refuse it.
package protocol LimitPolicy: PolicyValue {
  associatedtype Runner: LimitRunner where Runner.Policy == Self

  func runner(time: TimeSource) throws(PolicyError) -> Runner
}

/// A limit at work.
package protocol LimitRunner: Sendable {
  associatedtype Policy: LimitPolicy

  /// What it does.
  var policy: Policy { get }
}

/// What is around all attempts of a call together: how many run at once, and how many begin within a time. The same for
/// clients, servers and pipelines.
package struct CallLimits: Sendable {
  /// The limits that there are, in the order in which a call meets them.
  package static let kinds: [any PolicyValue.Type] = [Bulkhead.self, RateLimit.self, AdaptiveLimit.self]

  private var bulkhead: Bulkhead.Runner?
  private var rateLimit: RateLimit.Runner?
  private var adaptiveLimit: AdaptiveLimit.Runner?

  /// No limit.
  package init() {}

  /// The limits among policies of whatever kinds.
  ///
  /// - Parameter previous: what stays at work, as far as it is not different.
  /// - Throws: when a value is out of its range.
  package init(
    _ policies: some PolicyHolder, time: TimeSource = .current, after previous: Self? = nil
  ) throws(PolicyError) {
    bulkhead = try Self.runner(policies.value(of: Bulkhead.self), time, after: previous?.bulkhead)
    rateLimit = try Self.runner(policies.value(of: RateLimit.self), time, after: previous?.rateLimit)
    adaptiveLimit = try Self.runner(policies.value(of: AdaptiveLimit.self), time, after: previous?.adaptiveLimit)
  }

  /// Whether there are limits among policies.
  package static func isNeeded(for policies: some PolicyHolder) -> Bool {
    kinds.contains { policies.anyValue(of: $0) != nil }
  }

  package var isEmpty: Bool { bulkhead == nil && rateLimit == nil && adaptiveLimit == nil }

  /// How many places calls have.
  package var placesTaken: Int { (bulkhead?.running ?? 0) + (adaptiveLimit?.running ?? 0) }

  /// Whether a call that came now would be refused, for want of a place.
  package var isFull: Bool { bulkhead?.isFull == true || adaptiveLimit?.isFull == true }

  /// Runs `body` when there is room for it, from the outside to the inside: bulkhead, rate limit, adaptive limit.
  package func run<Value>(
    _ body: () async throws -> Value, judging: Judge<Value>?
  ) async throws -> Value {
    guard let bulkhead else { return try await runInTurn(body, judging) }
    return try await bulkhead.run { try await runInTurn(body, judging) }
  }

  private func runInTurn<Value>(_ body: () async throws -> Value, _ judging: Judge<Value>?) async throws -> Value {
    guard let rateLimit else { return try await runAdapted(body, judging) }
    return try await rateLimit.run { try await runAdapted(body, judging) }
  }

  private func runAdapted<Value>(
    _ body: () async throws -> Value, _ judging: Judge<Value>?
  ) async throws -> Value {
    guard let adaptiveLimit else { return try await body() }
    return try await adaptiveLimit.run(judging: judging, body)
  }

  private static func runner<Policy: LimitPolicy>(
    _ policy: Policy?, _ time: TimeSource, after previous: Policy.Runner?
  ) throws(PolicyError) -> Policy.Runner? {
    if policy == previous?.policy { return previous }
    return try policy?.runner(time: time)
  }
}
