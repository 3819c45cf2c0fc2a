/// Range checks that name the policy and the field.
package struct PolicyCheck {
  let policy: String

  package init(_ policy: String) { self.policy = policy }

  /// The longest duration that a policy accepts. Every sum of an instant and two of these stays in range.
  package static let longest: Duration = .seconds(366 * 86_400)

  package func check(_ field: String, _ value: Int, in range: ClosedRange<Int>) throws(PolicyError) {
    guard !range.contains(value) else { return }
    throw PolicyError(
      policy: policy, field: field, value: "\(value)", allowed: "\(range.lowerBound)...\(range.upperBound)")
  }

  package func check(_ field: String, _ value: Double, in range: ClosedRange<Double>) throws(PolicyError) {
    guard !range.contains(value) else { return }
    throw PolicyError(
      policy: policy, field: field, value: "\(value)", allowed: "\(range.lowerBound)...\(range.upperBound)")
  }

  /// `least` is included; the upper bound is `longest` unless given.
  package func check(
    _ field: String, _ value: Duration, atLeast least: Duration = .nanoseconds(1), atMost most: Duration = longest
  ) throws(PolicyError) {
    guard value < least || value > most else { return }
    throw PolicyError(
      policy: policy, field: field, value: DurationText.format(value),
      allowed: "\(DurationText.format(least))...\(DurationText.format(most))")
  }

  /// Nothing to check in a field that is switched off.
  package func check(_ field: String, _ value: Duration?, atLeast least: Duration = .nanoseconds(1))
    throws(PolicyError)
  {
    if let value { try check(field, value, atLeast: least) }
  }

  /// Checks a policy inside this one; its errors name the whole path.
  package func nested(_ field: String, _ validate: () throws(PolicyError) -> Void) throws(PolicyError) {
    do {
      try validate()
    } catch {
      throw error.inside(policy, field)
    }
  }

  /// The nearest value in the range; its lower end for what is no number.
  package static func clamp(_ value: Double, to range: ClosedRange<Double>) -> Double {
    value.isNaN ? range.lowerBound : min(max(value, range.lowerBound), range.upperBound)
  }

  /// The nearest duration that a policy accepts.
  package static func clamp(_ value: Duration, atLeast least: Duration = .nanoseconds(1)) -> Duration {
    min(max(value, least), longest)
  }

  package func fail(_ field: String, _ value: String, allowed: String) -> PolicyError {
    PolicyError(policy: policy, field: field, value: value, allowed: allowed)
  }
}
