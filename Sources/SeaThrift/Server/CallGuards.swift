import Resilience

/// What stands around the calls of one method of a server: interceptors, and inside of them the limits.
final class CallGuards: Sendable {
  private let method: HostedMethod
  private let interceptors: [any ServerInterceptor]
  private let events: ServerEvents
  private let methodLimits: GuardLimits
  private let serverLimits: GuardLimits

  init(
    _ method: HostedMethod, _ interceptors: [any ServerInterceptor], _ events: ServerEvents,
    method own: GuardLimits, server: GuardLimits
  ) {
    self.method = method
    self.interceptors = interceptors
    self.events = events
    methodLimits = own
    serverLimits = server
  }

  var hasInterceptors: Bool { !interceptors.isEmpty }

  /// Runs `body`, or throws the error of what kept it from being run.
  ///
  /// - Parameter values: what interceptors may look at; nil when there are none.
  func run<Value>(
    _ context: CallContext, _ values: (any CallValues)?, judging verdict: @escaping @Sendable (any Error) -> Verdict,
    _ body: () async throws -> Value
  ) async throws -> Value {
    guard let values else { return try await watched(context.peer, verdict, body) }
    let call = ServedCall(method: method.facts, service: method.service, context: context, values: values)
    return try await intercepted(interceptors, call) { try await watched(context.peer, verdict, body) }
  }

  /// Has the limits that only watch look on.
  private func watched<Value>(
    _ peer: EndpointAddress, _ verdict: @escaping @Sendable (any Error) -> Verdict, _ body: () async throws -> Value
  ) async throws -> Value {
    let judge: Judge<Value> = { result in
      if case .failure(let error) = result { verdict(error) } else { .success }
    }
    let report: @Sendable (ShadowEvent) -> Void = { [events, method] event in
      events.tell { $0.shadowed(event, method: method.qualifiedName, peer: peer) }
    }
    switch (methodLimits.shadow, serverLimits.shadow) {
    case (nil, nil): return try await limited(verdict, body)
    case (let shadow?, nil), (nil, let shadow?):
      return try await shadow.run(judging: judge, reporting: report) { try await limited(verdict, body) }
    case (let own?, let common?):
      return try await own.run(judging: judge, reporting: report) {
        try await common.run(judging: judge, reporting: report) { try await limited(verdict, body) }
      }
    }
  }

  private func limited<Value>(
    _ verdict: @escaping @Sendable (any Error) -> Verdict, _ body: () async throws -> Value
  ) async throws -> Value {
    var hasBegun = false
    let judge: Judge<Value> = { result in
      if case .failure(let error) = result { verdict(error) } else { .success }
    }
    do {
      // The narrower limit first, so that what it refuses takes nothing of the other methods' share.
      return try await methodLimits.limits.run(
        {
          try await serverLimits.limits.run(
            {
              hasBegun = true
              return try await body()
            }, judging: judge)
        }, judging: judge)
    } catch let error as ResilienceError where !hasBegun {
      throw CallRefusal(error)
    }
  }
}

/// What one part of a server's policy has at work.
struct GuardLimits {
  private let policy: ServerLimits
  let limits: CallLimits
  private(set) var shadow: ShadowPolicy.Runner?

  var isEmpty: Bool { limits.isEmpty && shadow == nil }

  init() {
    policy = ServerLimits()
    limits = CallLimits()
  }

  /// - Parameter previous: what stays at work, as far as it is not different.
  init(_ policy: ServerLimits, after previous: Self?) throws(PolicyError) {
    self.policy = policy
    limits = try CallLimits(policy, after: previous?.limits)
    if policy.shadow == previous?.policy.shadow {
      shadow = previous?.shadow
    } else if let watching = policy.shadow {
      shadow = try ShadowPolicy.Runner(watching) { _ in }
    }
  }
}

/// The guards of a server's methods, as they are configured.
struct GuardFactory {
  let policy: ServerPolicy
  private let interceptors: [any ServerInterceptor]
  private let events: ServerEvents
  private let limits: GuardLimits
  private var methodLimits: [String: GuardLimits] = [:]

  /// - Parameter previous: whose limits stay at work, as far as they are not different.
  /// - Throws: ``PolicyError`` when a value is out of its range.
  init(
    _ configuration: ServerConfiguration, _ policy: ServerPolicy, after previous: Self? = nil
  ) throws(PolicyError) {
    self.policy = policy
    interceptors = configuration.interceptors
    events = ServerEvents(configuration)
    limits = try GuardLimits(policy.limits, after: previous?.limits)
    for (name, limits) in policy.methods {
      methodLimits[name] = try GuardLimits(limits, after: previous?.methodLimits[name])
    }
  }

  /// How many places calls have in limits, those of all methods together.
  var placesTaken: Int { methodLimits.values.reduce(limits.limits.placesTaken) { $0 + $1.limits.placesTaken } }

  /// The guards of a method; nil when nothing stands around it. A policy may name it with the service that is hosted or
  /// with the one that declares it.
  func guards(of method: HostedMethod) -> CallGuards? {
    let own = methodLimits[method.qualifiedName] ?? methodLimits[method.facts.qualifiedName] ?? GuardLimits()
    let interceptors = interceptors.filter { $0.applies(to: method.facts) }
    if interceptors.isEmpty, limits.isEmpty, own.isEmpty { return nil }
    return CallGuards(method, interceptors, events, method: own, server: limits)
  }
}
