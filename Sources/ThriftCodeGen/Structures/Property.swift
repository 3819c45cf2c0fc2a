import ThriftIDL

/// A field as a member of a Swift type: a stored property, a case of a union, or a parameter.
struct Property {
  /// Its Swift name.
  let name: SwiftName

  /// Its name in the IDL.
  let thriftName: String

  /// Its number on the wire.
  let id: Int16

  let type: TypeUse

  /// Whether it is a Swift optional.
  let isOptional: Bool

  /// Whether a message without it is an error.
  let isRequired: Bool

  /// Whether its value is kept on the heap, by a property wrapper or an indirect case.
  let isBoxed: Bool

  let defaultValue: ConstantValue?
  let documentation: String?

  private init(_ field: Field, name: SwiftName, isOptional: Bool) {
    self.name = name
    self.isOptional = isOptional
    thriftName = field.name
    id = field.id
    type = field.type
    isRequired = field.requiredness == .required
    isBoxed = field.needsIndirection
    defaultValue = field.defaultValue
    documentation = field.documentation
  }

  /// What a function returns, as a member of its answer.
  init(success type: TypeUse) {
    name = SwiftName("success")
    thriftName = "success"
    id = 0
    self.type = type
    isOptional = true
    isRequired = false
    isBoxed = false
    defaultValue = nil
    documentation = nil
  }

  /// The members for a list of fields, in its order.
  ///
  /// - Parameters:
  ///   - reserved: names that the members cannot have.
  ///   - optionalDefaults: whether those of default requiredness are optional: exceptions are, of which an answer holds
  ///     one at most.
  static func properties(_ fields: [Field], reserved: Set<String>, optionalDefaults: Bool = false) -> [Property] {
    // A property wrapper stores its value in a property with an underscore before the name.
    let storage = fields.filter(\.needsIndirection).map { "_" + $0.name + (reserved.contains($0.name) ? "_" : "") }
    var allocation = NameAllocation(reserved: reserved.union(storage))
    return zip(fields, allocation.allocate(fields.map(\.name))).map { field, name in
      let isOptional =
        switch field.requiredness {
        case .optional: true
        case .default: optionalDefaults || field.isReference
        case .required: field.needsIndirection
        }
      return Property(field, name: name, isOptional: isOptional)
    }
  }
}
