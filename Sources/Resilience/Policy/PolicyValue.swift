/// A policy as a value: written in Swift among others, read from JSON, checked where it is used.
///
/// Where it may be written is said by further protocols that it conforms to, one for each place: ``GroupPolicyValue``,
/// ``EndpointPolicyValue``, ``MethodPolicyValue``, ``IdempotentMethodPolicyValue``, ``CallPolicyValue``,
/// ``ServerPolicyValue``, ``ShadowPolicyValue`` and ``PipelinePolicyValue``. The policies of these places are known to the
/// library: one that somebody else makes is refused with a ``PolicyError``.
public protocol PolicyValue: Codable, Hashable, Sendable {
  /// What errors and explanations call it. Default: the type's name.
  static var policyName: String { get }

  /// Throws when a value is out of its range; the error names it.
  func validate() throws(PolicyError)
}

extension PolicyValue {
  /// The type's name.
  public static var policyName: String { "\(Self.self)" }

  /// Whether it is the same policy with the same values.
  package func equals(_ other: (any PolicyValue)?) -> Bool { other as? Self == self }
}

/// A policy for all calls of a group together.
public protocol GroupPolicyValue: PolicyValue {}

/// A policy that each endpoint of a group has for itself: written in `PerEndpoint`.
public protocol EndpointPolicyValue: PolicyValue {}

/// A policy of a method of a group: written in `Method`.
public protocol MethodPolicyValue: PolicyValue {}

/// A policy of a method that the IDL calls idempotent, because it repeats calls or keeps what they result in: written in
/// `Method`. Left out for other methods where a document has it.
public protocol IdempotentMethodPolicyValue: PolicyValue {}

/// A policy that one call may have for itself: written in `withPolicy`.
public protocol CallPolicyValue: PolicyValue {}

/// A policy of a server, and of a method of one: written in `ServerPolicy` and `ServedMethod`.
public protocol ServerPolicyValue: PolicyValue {}

/// A policy that can watch without doing anything: written in ``Shadow``.
public protocol ShadowPolicyValue: PolicyValue {}

/// A policy for any async call: written in ``Pipeline``.
public protocol PipelinePolicyValue: PolicyValue {}
