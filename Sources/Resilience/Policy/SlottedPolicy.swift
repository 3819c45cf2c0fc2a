/// What has policies, at most one of a kind.
package protocol PolicyHolder {
  /// The policy of a kind; nil when it has none.
  func anyValue(of kind: any PolicyValue.Type) -> (any PolicyValue)?
}

extension PolicyHolder {
  /// The policy of a kind; nil when it has none.
  package func value<Value: PolicyValue>(of kind: Value.Type = Value.self) -> Value? { anyValue(of: kind) as? Value }
}

/// A value that is made of policies, each in a slot. From the table of its slots come its JSON, its validation, the way in
/// which what is written in Swift gets into it, and what is explained of it.
package protocol SlottedPolicy: PolicyValue, PolicyHolder {
  /// The defaults.
  init()

  /// The table, in the order of the JSON.
  static var slots: [PolicySlot<Self>] { get }

  /// The error of the policy in a slot as this one throws it. Default: as it is.
  static func located(_ error: PolicyError, in slot: PolicySlot<Self>) -> PolicyError
}

extension SlottedPolicy {
  package static func located(_ error: PolicyError, in slot: PolicySlot<Self>) -> PolicyError { error }

  /// The slots in which there is something.
  package var takenSlots: [PolicySlot<Self>] { Self.slots.filter { $0.isTaken(self) } }

  package func anyValue(of kind: any PolicyValue.Type) -> (any PolicyValue)? {
    Self.slots.first { $0.kind == kind }?.value(self)
  }

  /// Puts a policy in its slot.
  ///
  /// - Throws: when there is no slot for it.
  package mutating func set(_ value: some PolicyValue) throws(PolicyError) {
    guard let slot = Self.slots.first(where: { $0.kind == type(of: value) }) else {
      let names = Self.slots.filter { $0.kind != nil }.map(\.name).joined(separator: ", ")
      throw PolicyError(
        policy: Self.policyName, field: type(of: value).policyName, value: "given", allowed: "one of \(names)")
    }
    slot.set(&self, value)
  }

  /// Fills the slots that are empty with what another has in them.
  package mutating func fill(from other: Self) {
    for slot in other.takenSlots where !slot.isTaken(self) {
      if let value = slot.value(other) { slot.set(&self, value) }
    }
  }

  package func validateSlots() throws(PolicyError) {
    for slot in Self.slots {
      do throws(PolicyError) { try slot.validate(self) } catch { throw Self.located(error, in: slot) }
    }
  }

  /// Throws when a value is out of its range; the error names it.
  public func validate() throws(PolicyError) { try validateSlots() }

  /// Reads the policies; what the document does not mention has its default, and an unknown field is an error.
  public init(from decoder: any Decoder) throws {
    self.init()
    let fields = try decoder.policyContainer(Self.slots.map(\.key))
    for slot in Self.slots { try slot.read(&self, fields) }
  }

  /// Writes the policies that there are; `null` for one that there is by default, and not here.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: AnyKey.self)
    for slot in Self.slots { try slot.write(self, &fields) }
  }
}
