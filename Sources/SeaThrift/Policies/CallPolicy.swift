public import Resilience

/// What is different for the calls of one scope; see ``withPolicy(_:operation:)``. A slot that is `nil` is as in the
/// group or the method.
public struct CallPolicy: PolicyValue {
  /// How long a call may take in all; of all deadlines the shortest counts.
  public var deadline: Deadline?
  /// How often a call is tried again. The budget stays that of the method or the group.
  public var retry: Retry?
  /// How long each part of an attempt may take.
  public var timeouts: Timeouts?
  /// When a second attempt is made beside a slow one. Only for idempotent methods; left out for others. Calls of a method
  /// with equal hedges share what they measure.
  public var hedge: Hedge?
  /// How old a kept reply may be. Only for idempotent methods; left out for others. The memory is that of the method;
  /// `bytes` count only when it has none yet.
  public var cache: Cache?

  /// Creates a policy that changes nothing.
  public init() {}

  /// A policy made of others.
  ///
  /// - Throws: ``PolicyError``, when a slot is given twice or a value is out of its range.
  public init(@CallPolicyBuilder _ policies: () -> [CallPolicyElement]) throws(PolicyError) {
    try policies().install(in: &self, of: "withPolicy")
    try validate()
  }

  /// This policy inside of another.
  func inside(_ outer: CallPolicy?) -> CallPolicy {
    guard let outer else { return self }
    var merged = self
    merged.fill(from: outer)
    if let own = deadline, let other = outer.deadline, other.after < own.after { merged.deadline = other }
    return merged
  }
}

extension CallPolicy: SlottedPolicy {
  package static let slots: [PolicySlot<Self>] = [
    PolicySlot("deadline", \.deadline), PolicySlot("retry", \.retry), PolicySlot("timeouts", \.timeouts),
    PolicySlot("hedge", \.hedge), PolicySlot("cache", \.cache),
  ]
}

/// Gives the calls in `operation` policies of their own, on top of those of their group and method; an enclosing
/// `withPolicy` counts where this one says nothing.
///
/// ```swift
/// let report = try await withPolicy {
///   Retry(0)
///   Timeouts(read: .seconds(30))
/// } operation: {
///   try await reports.make(id: 2)
/// }
/// ```
///
/// - Parameters:
///   - policies: ``Deadline``, ``Retry``, ``Timeouts``, and for idempotent methods ``Hedge`` and ``Cache``, which are left
///     out for others. What many calls share, such as a limit or a breaker, cannot be one call's.
///   - operation: makes the calls; those of tasks that it starts have the policies too, but for detached ones.
/// - Throws: what `operation` throws, or ``PolicyError``, when a slot is given twice or a value is out of its range.
public nonisolated(nonsending) func withPolicy<Value>(
  @CallPolicyBuilder _ policies: () -> [CallPolicyElement], operation: nonisolated(nonsending) () async throws -> Value
) async throws -> Value {
  let policy = try CallPolicy(policies)
  var options = CallOptions.current ?? CallOptions()
  options.override = CallOverride(policy.inside(options.override?.policy))
  return try await CallOptions.$current.withValue(options, operation: operation)
}

/// A call's own policy; a class, so that a call carries one word.
final class CallOverride: Sendable {
  let policy: CallPolicy

  init(_ policy: CallPolicy) { self.policy = policy }
}

/// One line of a ``withPolicy(_:operation:)``.
public typealias CallPolicyElement = PolicyLine<CallPolicy>

/// Collects the policies of a ``withPolicy(_:operation:)``: each ``CallPolicyValue``.
public typealias CallPolicyBuilder = PolicyListBuilder<CallPolicy>

extension CallPolicyBuilder {
  /// A policy of each of the calls. A ``Hedge`` and a ``Cache`` are left out for methods that are not idempotent.
  public static func buildExpression(_ policy: some CallPolicyValue) -> [CallPolicyElement] {
    [CallPolicyElement(policy)]
  }
}
