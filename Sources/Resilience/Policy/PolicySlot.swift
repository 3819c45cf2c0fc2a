/// A row of the table of a ``SlottedPolicy``: a place for one policy, its key in JSON, and all that is done with it.
package struct PolicySlot<Whole: SlottedPolicy>: Sendable {
  /// The field of the JSON object.
  package let key: String
  /// What errors and explanations call the policy.
  package let name: String
  /// The policy's type; nil for what is no policy by itself.
  package let kind: (any PolicyValue.Type)?
  let value: @Sendable (Whole) -> (any PolicyValue)?
  let set: @Sendable (inout Whole, any PolicyValue) -> Void
  /// Whether a policy is in it.
  let isTaken: @Sendable (Whole) -> Bool
  let validate: @Sendable (Whole) throws(PolicyError) -> Void
  let read: @Sendable (inout Whole, KeyedDecodingContainer<AnyKey>) throws -> Void
  let write: @Sendable (Whole, inout KeyedEncodingContainer<AnyKey>) throws -> Void

  /// A slot that may be empty. It is not written in JSON when it is empty by default; otherwise as `null`.
  package init<Value: PolicyValue>(_ key: String, _ path: any WritableKeyPath<Whole, Value?> & Sendable) {
    let field = AnyKey(stringValue: key)
    self.key = key
    name = Value.policyName
    kind = Value.self
    value = { $0[keyPath: path] }
    set = { whole, value in if let value = value as? Value { whole[keyPath: path] = value } }
    isTaken = { $0[keyPath: path] != nil }
    validate = { whole throws(PolicyError) in try whole[keyPath: path]?.validate() }
    read = { whole, fields in
      whole[keyPath: path] = try fields.optional(field, default: whole[keyPath: path])
    }
    write = { whole, fields in
      let value = whole[keyPath: path]
      if value != nil || Whole()[keyPath: path] != nil { try fields.encode(value, forKey: field) }
    }
  }

  /// A slot that always has a policy.
  package init<Value: PolicyValue>(_ key: String, _ path: any WritableKeyPath<Whole, Value> & Sendable) {
    let field = AnyKey(stringValue: key)
    self.key = key
    name = Value.policyName
    kind = Value.self
    value = { $0[keyPath: path] }
    set = { whole, value in if let value = value as? Value { whole[keyPath: path] = value } }
    isTaken = { _ in true }
    validate = { whole throws(PolicyError) in try whole[keyPath: path].validate() }
    read = { whole, fields in whole[keyPath: path] = try fields.value(field, default: whole[keyPath: path]) }
    write = { whole, fields in try fields.encode(whole[keyPath: path], forKey: field) }
  }

  /// A slot for policies by name, as of methods. It is not written in JSON when it has none.
  ///
  /// - Parameter located: the error of a policy, with its name in it.
  package init<Value: PolicyValue>(
    named key: String, _ path: any WritableKeyPath<Whole, [String: Value]> & Sendable,
    located: @escaping @Sendable (PolicyError, String) -> PolicyError
  ) {
    let field = AnyKey(stringValue: key)
    self.key = key
    name = key
    kind = nil
    value = { _ in nil }
    set = { _, _ in }
    isTaken = { !$0[keyPath: path].isEmpty }
    validate = { whole throws(PolicyError) in
      for (name, value) in whole[keyPath: path].sorted(by: { $0.key < $1.key }) {
        do throws(PolicyError) { try value.validate() } catch { throw located(error, name) }
      }
    }
    read = { whole, fields in whole[keyPath: path] = try fields.value(field, default: whole[keyPath: path]) }
    write = { whole, fields in
      if !whole[keyPath: path].isEmpty { try fields.encode(whole[keyPath: path], forKey: field) }
    }
  }

  /// A slot for what is there or not, and has no values. It is not written in JSON when it is not there.
  package init(_ key: String, _ path: any WritableKeyPath<Whole, Bool> & Sendable, name: String) {
    let field = AnyKey(stringValue: key)
    self.key = key
    self.name = name
    kind = nil
    value = { _ in nil }
    set = { _, _ in }
    isTaken = { $0[keyPath: path] }
    validate = { _ throws(PolicyError) in }
    read = { whole, fields in whole[keyPath: path] = try fields.value(field, default: whole[keyPath: path]) }
    write = { whole, fields in if whole[keyPath: path] { try fields.encode(true, forKey: field) } }
  }
}
