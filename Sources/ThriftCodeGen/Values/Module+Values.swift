import ThriftIDL

extension Module {
  /// A value of the IDL, as an expression whose type is known from where it stands.
  ///
  /// Names of types do not occur in it: a nearer name could hide them. Names of consts do, as far as they are not hidden.
  ///
  /// - Parameter isOptional: whether an optional is expected there.
  func expression(_ value: ConstantValue, of type: TypeUse, isOptional: Bool = false, in scope: Scope) -> String {
    // What begins with a dot would be looked for in `Optional` first, where there is a `none`.
    func some(_ expression: String) -> String { isOptional ? ".some(\(expression))" : expression }
    switch value.kind {
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .double(let value): return SwiftLiteral.double(value)
    case .string(let value): return SwiftLiteral.string(value)
    case .binary(let value): return SwiftLiteral.bytes(value)
    case .uuid(let bytes): return uuid(bytes)
    case .enumerationValue(let enumeration, let index):
      return some("." + valueNames(of: enumeration)[index].member)
    case .list, .set, .map: return container(value, of: type, in: scope)
    case .structure(let id, let fields): return some(structure(id, fields, in: scope))
    case .reference(let id, let target):
      if let constant = program[id].constant, program.isSameType(constant.type, type),
        let name = constantReference(id, in: scope)
      {
        return name
      }
      return expression(target, of: type, isOptional: isOptional, in: scope)
    }
  }

  private func uuid(_ bytes: [UInt8]) -> String {
    let halves = [bytes.prefix(8), bytes.dropFirst(8)].map { half in
      SwiftLiteral.hexadecimal(half.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    return "SeaThrift::ThriftUUID(high: \(halves[0]), low: \(halves[1]))"
  }

  private func structure(
    _ id: DefinitionID, _ fields: [(field: Int, value: ConstantValue)], in scope: Scope
  ) -> String {
    let properties = properties(of: id)
    if program[id].structure?.kind == .union {
      guard let (index, value) = fields.first else { return ".unknown(.empty)" }
      let property = properties[index]
      return ".\(property.name.member)(\(expression(value, of: property.type, in: scope)))"
    }
    let values = Dictionary(fields.map { ($0.field, $0.value) }) { $1 }
    let arguments = properties.enumerated().compactMap { index, property -> String? in
      let value: String
      if let given = values[index] {
        value = expression(given, of: property.type, isOptional: property.isOptional, in: scope)
      } else if property.isRequired, property.defaultValue == nil {
        value = property.isOptional ? "nil" : zeroValue(property.type, in: scope)
      } else {
        return nil
      }
      return "\(property.name.callLabel): \(value)"
    }
    return ".init(\(arguments.joined(separator: ", ")))"
  }
}
