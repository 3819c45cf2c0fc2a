/// A policy holds a value that it cannot work with.
///
/// Thrown by every policy's `validate()`, never by its initializer: a policy is a plain value, checked where it is used.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The policy's type, for example `CircuitBreaker`.
  public let policy: String
  /// The field, for example `probes`; a dot leads into a nested policy: `reopen.cap`.
  public let field: String
  /// The value that the field holds, as text.
  public let value: String
  /// What the field may hold, as text.
  public let allowed: String

  /// Creates an error.
  public init(policy: String, field: String, value: String, allowed: String) {
    self.policy = policy
    self.field = field
    self.value = value
    self.allowed = allowed
  }

  /// One sentence: `CircuitBreaker.probes is 0, allowed is 1...1000`.
  public var description: String { "\(policy).\(field) is \(value), allowed is \(allowed)" }

  /// The same error seen from the policy that contains the faulty one under `field`.
  package func inside(_ policy: String, _ field: String) -> Self {
    Self(policy: policy, field: "\(field).\(self.field)", value: value, allowed: allowed)
  }
}
