import ThriftIDL

// What a field holds that was neither given nor read: zero, nothing, or a struct of such values.
extension Module {
  /// The zero value of a type, as an expression whose type is known from where it stands.
  func zeroValue(_ type: TypeUse, in scope: Scope) -> String {
    switch program.underlying(type).shape {
    case .void, .typedef: "()"
    case .base(let base): base.zeroValue
    case .list, .set: "[]"
    case .map: "[:]"
    case .enumeration: ".init(rawValue: 0)"
    case .structure(let id): hasNamedZeroValue(id) ? ".thriftZero" : zeroValue(of: id, in: scope)
    }
  }

  /// The zero value of a struct, exception or union.
  func zeroValue(of structure: DefinitionID, in scope: Scope) -> String {
    if program[structure].structure?.kind == .union { return ".unknown(.empty)" }
    let arguments = propertiesToBeGiven(of: structure).map { property in
      let value = property.isOptional ? "nil" : zeroValue(property.type, in: scope)
      return "\(property.name.callLabel): \(value)"
    }
    return ".init(\(arguments.joined(separator: ", ")))"
  }

  /// Whether a struct's zero value has so many parts that the struct declares it as `thriftZero`. Otherwise it is
  /// repeated where it is needed, which could be twice in a struct that is itself needed twice, and so on.
  func hasNamedZeroValue(_ structure: DefinitionID) -> Bool {
    zeroValueSize(of: structure) > 8
  }

  /// Whether a property that was never set is one of an enum without the number 0, which its zero value then is: peers
  /// that go by the IDL could not read that, so it is not written. What newer IDL may call 0 is lost with it.
  func isUnsetWhenZero(_ property: Property) -> Bool {
    guard !property.isOptional, property.defaultValue == nil,
      case .enumeration(let id) = program.underlying(property.type).shape
    else { return false }
    return program[id].enumeration?.values.contains { $0.rawValue == 0 } == false
  }

  /// The properties for which the initializer has no default argument.
  func propertiesToBeGiven(of structure: DefinitionID) -> [Property] {
    properties(of: structure).filter { $0.isRequired && $0.defaultValue == nil }
  }

  private func zeroValueSize(of structure: DefinitionID) -> Int {
    if let size = zeroValueSizes[structure] { return size }
    if program[structure].structure?.kind == .union { return 1 }
    var size = 1
    for property in propertiesToBeGiven(of: structure) {
      if case .structure(let id) = program.underlying(property.type).shape, !property.isOptional {
        size += hasNamedZeroValue(id) ? 1 : zeroValueSize(of: id)
      } else {
        size += 1
      }
    }
    zeroValueSizes[structure] = size
    return size
  }
}

extension BaseType {
  fileprivate var zeroValue: String {
    switch self {
    case .bool: "false"
    case .i8, .i16, .i32, .i64, .double: "0"
    case .string: "\"\""
    case .binary: "[]"
    case .uuid: "SeaThrift::ThriftUUID()"
    }
  }
}
