public import SeaThriftTime

/// How long a call may take in all, with every attempt and every wait between them.
///
/// A deadline is inherited: a call inside of a ``withDeadline(_:_:)``, or inside of a handler or a policy with a deadline,
/// has at most what is left of the outer one.
public struct Deadline: GroupPolicyValue, MethodPolicyValue, CallPolicyValue, ShadowPolicyValue, PipelinePolicyValue {
  /// The time from the beginning of the call; above 0, up to 366 days.
  public var after: Duration

  /// Creates a deadline.
  public init(_ after: Duration) { self.after = after }

  /// Throws when the time is out of its range.
  public func validate() throws(PolicyError) { try PolicyCheck("Deadline").check("after", after) }
}

extension Deadline {
  /// When the calls of this task have to be over; `nil` when nobody said. By the clock of ``TimeSource/current``.
  @TaskLocal public static var current: Instant?

  /// What is left for the calls of this task, zero when it is over; `nil` when there is no deadline.
  public static var remaining: Duration? {
    current.map { max(.zero, TimeSource.current.now.duration(to: $0)) }
  }

  /// The earlier of this task's deadline and `instant`.
  package static func earliest(_ instant: Instant) -> Instant { current.map { min($0, instant) } ?? instant }
}

/// Gives every call in `body` a common deadline. One that is nested can only be earlier than the one around it.
///
/// It does not stop `body` itself: the calls in it that know of deadlines end in time, those of a ``Pipeline`` and of
/// SeaThrift's groups and endpoints among them.
///
/// ```swift
/// let user = try await withDeadline(.milliseconds(300)) { try await users.retrieve(id: 2) }
/// ```
public nonisolated(nonsending) func withDeadline<Value>(
  _ after: Duration, _ body: nonisolated(nonsending) () async throws -> Value
) async rethrows -> Value {
  let instant = Deadline.earliest(TimeSource.current.now.advanced(by: max(after, .zero)))
  return try await Deadline.$current.withValue(instant, operation: body)
}

extension Deadline: Codable {
  /// Reads text like `800ms`.
  public init(from decoder: any Decoder) throws { self.init(try Duration(policyText: decoder)) }

  /// Writes text like `800ms`.
  public func encode(to encoder: any Encoder) throws { try after.encodePolicyText(to: encoder) }
}
