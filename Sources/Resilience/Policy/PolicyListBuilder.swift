/// One line of a list of policies.
public struct PolicyLine<Place>: Sendable {
  /// What the error calls it when there are two.
  let name: String
  /// Whether it is what the others change, wherever it is written.
  let isPreset: Bool
  let install: @Sendable (inout Place) throws(PolicyError) -> Void

  package init(
    _ name: String, isPreset: Bool = false,
    install: @escaping @Sendable (inout Place) throws(PolicyError) -> Void
  ) {
    self.name = name
    self.isPreset = isPreset
    self.install = install
  }

  /// A policy that goes into its slot of a part of the place.
  package init<Value: PolicyValue, Whole: SlottedPolicy>(
    _ value: Value, in whole: any WritableKeyPath<Place, Whole> & Sendable
  ) {
    self.init(Value.policyName) { place throws(PolicyError) in try place[keyPath: whole].set(value) }
  }
}

extension PolicyLine where Place: SlottedPolicy {
  /// A policy that goes into its slot.
  package init(_ value: some PolicyValue) { self.init(value, in: \.self) }
}

extension Array {
  /// Takes over what is written: the preset first, the rest in its order.
  ///
  /// - Parameter name: what the place is called.
  /// - Throws: when something is given twice, naming it, or cannot be there.
  package func install<Place>(in place: inout Place, of name: String) throws(PolicyError)
  where Element == PolicyLine<Place> {
    var taken: Set<String> = []
    for line in filter(\.isPreset) + filter({ !$0.isPreset }) {
      guard taken.insert(line.name).inserted else {
        throw PolicyError(policy: name, field: line.name, value: "given twice", allowed: "one")
      }
      try line.install(&place)
    }
  }
}

/// Collects the policies that are written in one place. The order in which they are written means nothing, and each may
/// be given once.
///
/// Which ones may be written is said by the policies: see ``PolicyValue``.
@resultBuilder
public enum PolicyListBuilder<Place> {
  /// Always an error: the policy has no slot in this place.
  @available(
    *, unavailable, message: "this policy has no place here: the guide \"Policies\" says where each of them is written"
  )
  public static func buildExpression(_ policy: some PolicyValue) -> [PolicyLine<Place>] { [] }

  /// The lines one after another.
  public static func buildBlock(_ lines: [PolicyLine<Place>]...) -> [PolicyLine<Place>] { lines.flatMap(\.self) }
  /// The lines of an `if` without `else`, none when its condition is false.
  public static func buildOptional(_ lines: [PolicyLine<Place>]?) -> [PolicyLine<Place>] { lines ?? [] }
  /// The lines of an `if`.
  public static func buildEither(first lines: [PolicyLine<Place>]) -> [PolicyLine<Place>] { lines }
  /// The lines of an `else`.
  public static func buildEither(second lines: [PolicyLine<Place>]) -> [PolicyLine<Place>] { lines }
  /// The lines of every turn of a `for`.
  public static func buildArray(_ lines: [[PolicyLine<Place>]]) -> [PolicyLine<Place>] { lines.flatMap(\.self) }
}
