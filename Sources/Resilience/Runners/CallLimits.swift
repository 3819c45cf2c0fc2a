/// What is around all attempts of a call together: how many run at once, and how many begin within a time. The same for
/// clients, servers and pipelines.
package struct CallLimits: Sendable {
  package var bulkhead: Bulkhead.Runner?
  package var rateLimit: RateLimit.Runner?
  package var adaptiveLimit: AdaptiveLimit.Runner?

  package init() {}

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
}
