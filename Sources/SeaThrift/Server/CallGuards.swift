import Resilience

/// What stands around the calls of one method of a server: interceptors, and inside of them the limits.
final class CallGuards: Sendable {
  /// The method as `Service.method`.
  let method: String
  private let interceptors: [any ServerInterceptor]
  private let methodLimits: CallLimits
  private let serverLimits: CallLimits

  init(_ method: String, _ interceptors: [any ServerInterceptor], method own: CallLimits, server: CallLimits) {
    self.method = method
    self.interceptors = interceptors
    methodLimits = own
    serverLimits = server
  }

  /// Runs `body`, or throws the error of what kept it from being run.
  func run<Value>(
    _ context: CallContext, isOneway: Bool, judging verdict: @escaping @Sendable (any Error) -> Verdict,
    _ body: () async throws -> Value
  ) async throws -> Value {
    if interceptors.isEmpty { return try await limited(verdict, body) }
    let call = ServedCall(method: method, isOneway: isOneway, context: context)
    return try await intercepted(interceptors, call) { try await limited(verdict, body) }
  }

  private func limited<Value>(
    _ verdict: @escaping @Sendable (any Error) -> Verdict, _ body: () async throws -> Value
  ) async throws -> Value {
    var hasBegun = false
    do {
      // The narrower limit first, so that what it refuses takes nothing of the other methods' share.
      return try await methodLimits.run {
        try await serverLimits.run {
          hasBegun = true
          return try await body()
        } verdict: {
          verdict($0)
        }
      } verdict: {
        verdict($0)
      }
    } catch let error as ResilienceError where !hasBegun {
      throw CallRefusal(error)
    }
  }
}

/// The guards of a server's methods, as they are configured.
struct GuardFactory {
  private let interceptors: [any ServerInterceptor]
  private let limits: CallLimits
  private var methodLimits: [String: CallLimits]

  /// - Throws: ``PolicyError`` when a value is out of its range.
  init(_ interceptors: [any ServerInterceptor], _ policy: ServerPolicy) throws(PolicyError) {
    self.interceptors = interceptors
    limits = try CallLimits(policy.limits)
    methodLimits = [:]
    for (name, limits) in policy.methods { methodLimits[name] = try CallLimits(limits) }
  }

  /// The guards of a method, `Service.method`; nil when nothing stands around it.
  func guards(of method: String) -> CallGuards? {
    let own = methodLimits[method] ?? CallLimits()
    if interceptors.isEmpty, limits.isEmpty, own.isEmpty { return nil }
    return CallGuards(method, interceptors, method: own, server: limits)
  }

  /// A method that has limits and is none of `known`.
  func unknownMethod(besides known: Set<String>) -> String? {
    methodLimits.keys.filter { !known.contains($0) }.min()
  }
}

extension CallLimits {
  fileprivate init(_ limits: ServerLimits) throws(PolicyError) {
    bulkhead = try limits.bulkhead?.runner()
    rateLimit = try limits.rateLimit?.runner()
    adaptiveLimit = try limits.adaptiveLimit?.runner()
  }
}
